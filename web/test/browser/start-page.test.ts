import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { SECRET_KEY, WRITE_KEY } from "../mock/server";
import { answerTo } from "../mock/start-page";
import { drawn } from "./chromium";
import { mockForThisFile, overflowOf, Pages } from "./pages";

const pages = Pages.forThisFile();
const mock = mockForThisFile();

const open = (path: string, width = 1280): Promise<Page> => pages.open(mock.url + path, { width });

describe("signing in", () => {
  it("takes the key out of the address and remembers it for this tab", async () => {
    const page = await open(`/#key=${SECRET_KEY}`);
    await drawn(page);
    expect(page.url()).toBe(`${mock.url}/`);
    await page.reload();
    await drawn(page);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.locator("sign-in form").waitFor();
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  });

  it("refuses a key that the server does not know, and takes a good one", async () => {
    const page = await open("/");
    await page.getByLabel("Secret key").fill("sk_wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect.poll(() => page.locator("#problem").innerText()).toBe("This server does not know that key.");
    await page.getByLabel("Secret key").fill(SECRET_KEY);
    await page.getByRole("button", { name: "Sign in" }).click();
    await drawn(page);
  });
});

describe("the reports view", () => {
  it("shows the report that is chosen for the period that is chosen", async () => {
    const page = await open(`/#key=${SECRET_KEY}`);
    await drawn(page);
    await page.locator("nav.list a", { hasText: "without any mercy" }).click();
    await expect.poll(() => mock.asked("long").length).toBeGreaterThan(0);
    await page.getByRole("button", { name: "7 days" }).click();
    await expect
      .poll(() => mock.asked("long").at(-1)?.search)
      .toMatch(/^\?start_time=\d{4}-\d\d-\d\d&end_time=\d{4}-\d\d-\d\d&interval=auto$/);
    await page.getByRole("button", { name: "Custom" }).click();
    await page.getByLabel("First day").fill("2015-05-17");
    await page.getByLabel("First day").blur();
    await expect.poll(() => mock.asked("long").at(-1)?.search).toContain("start_time=2015-05-17");
  });

  it("gives the code to embed a report, with a preview of its real size", async () => {
    const page = await open(`/#key=${SECRET_KEY}`);
    await drawn(page);
    await page.getByRole("button", { name: "Embed" }).click();
    expect(await page.locator("embed-panel pre").first().innerText()).toContain("<iframe");
    await page.frameLocator("embed-panel iframe").locator("canvas").first().waitFor();
    await expect
      .poll(() => page.locator("embed-panel iframe").evaluate((frame) => frame.clientHeight))
      .toBeGreaterThan(900);
  });

  it("explains itself when there is no report yet", async () => {
    mock.reports.clear();
    mock.plenty = false;
    const page = await open(`/#key=${SECRET_KEY}`);
    expect(await page.locator(".lone").innerText()).toContain("No reports yet");
  });
});

describe("the events view", () => {
  it("turns green when the event of its command arrives", async () => {
    const page = await open(`/#key=${SECRET_KEY}`);
    await page.getByRole("link", { name: "Events" }).click();
    await page.locator("[data-arrived=nothing]").waitFor();
    const terminal = page.locator("copyable-code", { hasText: "Terminal" }).locator("pre");
    expect(await terminal.innerText()).not.toContain(SECRET_KEY);
    expect(await terminal.innerText()).toContain(`${mock.url}/api/v1/events`);
    await expect
      .poll(() => page.locator("first-event").innerText())
      .toContain("No event has been stored yet");
    mock.events.push({
      event_id: "1",
      event_type: "hello_tidemark",
      timestamp: new Date().toISOString(),
    });
    await page.locator("[data-arrived=hello]").waitFor();
    expect(await page.locator("first-event li").innerText()).toContain("hello_tidemark");
  });
});

describe("the script tag of the events view", () => {
  it("gets a write key, which everybody may see", async () => {
    const page = await open(`/#key=${SECRET_KEY}`);
    await page.getByRole("link", { name: "Events" }).click();
    const tag = page.locator("copyable-code", { hasText: "HTML" }).locator("pre");
    expect(await tag.innerText()).toMatch(/src="http:.*\/tidemark\.js"\s+data-write-key="YOUR_WRITE_KEY"/);
    await page.getByRole("button", { name: "Put a new write key in" }).click();
    await expect.poll(() => tag.innerText()).toContain(`data-write-key="${WRITE_KEY}"`);
    expect(await page.getByRole("button", { name: "Put a new write key in" }).count()).toBe(0);
  });
});

describe("the explorer", () => {
  it("asks what the form says and draws the answer", async () => {
    const asked: unknown[] = [];
    mock.query = (body) => {
      asked.push(body);
      return answerTo(body);
    };
    const page = await open(`/#key=${SECRET_KEY}`);
    await page.getByRole("link", { name: "Explore" }).click();
    await page.locator("question-explorer canvas").waitFor();
    await page.getByLabel("Measure").selectOption("users");
    await page.getByLabel("Event type").fill("purchase");
    await page.getByLabel("Event type").blur();
    await page.getByLabel("Broken down by").fill("country");
    await page.getByLabel("Broken down by").blur();
    await page.getByRole("button", { name: "Ask" }).click();
    await expect
      .poll(() => asked.at(-1))
      .toMatchObject({
        type: "trend",
        measures: [{ measure: "users", event: "purchase" }],
        breakdown: { property: "country" },
      });
    await page.getByRole("group", { name: "Display" }).getByText("Table").click();
    await page.locator("question-explorer tbody tr").first().waitFor();
  });

  it("draws every kind of question", async () => {
    const page = await open(`/#key=${SECRET_KEY}`);
    await page.getByRole("link", { name: "Explore" }).click();
    const kind = (name: string) =>
      page.getByRole("group", { name: "Kind of question" }).getByText(name).click();
    const explorer = page.locator("question-explorer");
    await kind("Number");
    await explorer.locator("tidemark-number svg").waitFor();
    await kind("Table");
    expect(await explorer.locator("[data-state=lacking]").innerText()).toContain("break down by");
    await kind("Funnel");
    await page.getByLabel("Step 1").fill("product_viewed");
    await page.getByLabel("Step 1").blur();
    expect(await explorer.locator("tidemark-funnel").count()).toBe(0);
    await page.getByLabel("Step 2").fill("purchase");
    await page.getByLabel("Step 2").blur();
    await explorer.locator("tidemark-funnel li").nth(3).waitFor();
    await kind("Retention");
    await explorer.locator("tidemark-grid tbody tr").first().waitFor();
    await kind("Cohorts");
    await explorer.locator("tidemark-grid tbody tr").first().waitFor();
    await page.locator("cohort-choice").getByLabel("Power users").check();
    await page.getByLabel("Among").selectOption({ label: "Power users" });
    await page.getByText("The question as JSON").click();
    const question = () => page.locator("details pre").first().innerText();
    await expect.poll(question).toMatch(/"cohorts": \[\s*"c-1"[\s\S]*"filter": \{\s*"cohort": "c-1"/);
    await kind("Stickiness");
    await explorer.locator("tidemark-chart canvas").waitFor();
    await kind("Paths");
    await page.getByLabel("This event").fill("page_view");
    await page.getByLabel("This event").blur();
    await explorer.locator("tidemark-flow .stream").first().waitFor();
  });

  it("suggests what the tenant has, and takes any text where the server lists nothing", async () => {
    const page = await open(`/#key=${SECRET_KEY}`);
    await page.getByRole("link", { name: "Explore" }).click();
    await page.getByLabel("Event type").fill("pur");
    await expect
      .poll(() =>
        page
          .locator("event-field datalist option")
          .evaluateAll((all) => all.map((one) => one.getAttribute("value"))),
      )
      .toEqual(["purchase"]);
    await page.getByRole("button", { name: "+ Condition" }).click();
    await page.getByLabel("Property").fill("country");
    await page.getByLabel("Property").blur();
    await page.getByLabel("Value", { exact: true }).focus();
    await expect.poll(() => page.locator(".condition datalist option[value=DE]").count()).toBe(1);
    mock.plenty = false;
    await page.reload();
    const asked: unknown[] = [];
    mock.query = (body) => {
      asked.push(body);
      return null;
    };
    await page.getByLabel("Event type").fill("anything");
    await page.getByLabel("Event type").blur();
    await expect.poll(() => asked.at(-1)).toMatchObject({ measures: [{ event: "anything" }] });
  });

  it("explains an answer and exports it, where the server does", async () => {
    const page = await open(`/#key=${SECRET_KEY}`);
    await page.getByRole("link", { name: "Explore" }).click();
    await page.getByText("Explain", { exact: true }).click();
    await expect.poll(() => page.locator("explain-panel .costs").innerText()).toContain("182,340");
    expect(await page.locator("explain-panel pre").innerText()).toContain("FROM rollup_hour");
    for (const format of ["CSV", "JSON", "Parquet"]) {
      const saved = page.waitForEvent("download");
      await page.locator("export-links").getByRole("button", { name: format }).click();
      expect((await saved).suggestedFilename()).toBe(`tidemark-trend.${format.toLowerCase()}`);
    }
    mock.plenty = false;
    await page.reload();
    await page.locator("question-explorer canvas").waitFor();
    await expect.poll(() => mock.seen.filter((seen) => seen.path === "/openapi").length).toBeGreaterThan(1);
    expect(await page.locator("explain-panel, export-links").count()).toBe(0);
  });
});

describe("templates", () => {
  it("make a report and show it", async () => {
    const page = await open(`/#key=${SECRET_KEY}`);
    await page.getByRole("button", { name: "New report from template" }).click();
    const commerce = page.locator(".templates > li").first();
    await expect.poll(() => commerce.innerText()).toMatch(/purchase arriving[\s\S]*refund not seen yet/);
    await commerce.getByLabel("Yours for refund").fill("money_back");
    await commerce.getByLabel("Yours for properties.total").fill("properties.amount");
    await commerce.getByRole("button").click();
    await expect.poll(() => page.url()).toContain("#/reports/of-commerce");
    expect(mock.templateNames).toEqual({
      events: { refund: "money_back" },
      properties: { "properties.total": "properties.amount" },
    });
    await expect.poll(() => mock.asked("of-commerce").length).toBeGreaterThan(0);
    expect(await page.locator("templates-panel").count()).toBe(0);
  });

  it("are the beginning of a tenant without reports", async () => {
    mock.reports.clear();
    const page = await open(`/#key=${SECRET_KEY}`);
    await page.locator(".templates button").nth(1).click();
    await expect.poll(() => page.url()).toContain("#/reports/of-empty");
  });
});

it("names the part of the pipeline that is not ready", async () => {
  mock.ready = false;
  const page = await open("/");
  await expect.poll(() => page.locator("status-strip").innerText()).toContain("engine: starting");
});

it("fits a screen of 360 pixels in every view", async () => {
  const page = await open(`/#key=${SECRET_KEY}`, 360);
  await drawn(page);
  const overflow = () => overflowOf(page);
  expect(await overflow()).toBe(0);
  for (const view of ["Explore", "Events"]) {
    await page.getByRole("link", { name: view }).click();
    await page.locator("question-explorer canvas, first-event pre").first().waitFor();
    expect(await overflow(), view).toBe(0);
  }
});
