import type { Locator, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { analysesReport, funnel } from "../mock/analyses";
import { LONG_NAME } from "../mock/fixtures";
import { TOKEN } from "../mock/server";
import { drawn, type PageSetting } from "./chromium";
import { mockForThisFile, overflowOf, Pages, widgetOf } from "./pages";

const pages = Pages.forThisFile();
const mock = mockForThisFile();

const open = (report: string, setting: PageSetting = {}, parameters = ""): Promise<Page> =>
  pages.open(`${mock.url}/embed/reports/${report}?token=${TOKEN}${parameters}`, setting);

const height = async (element: Locator) => (await element.boundingBox())?.height ?? 0;

describe("a funnel", () => {
  it("has a column a step whose bar is as high as its share", async () => {
    const page = await open("analyses");
    await drawn(page);
    const steps = widgetOf(page, "f1").locator("tidemark-funnel li");
    expect(await steps.count()).toBe(4);
    expect(await steps.first().innerText()).toMatch(/Product viewed[\s\S]*18\.4k 100%/);
    const [, second] = funnel().steps;
    const bars = widgetOf(page, "f1").locator(".bar");
    const shares = await bars.evaluateAll((all) =>
      all.map((bar) => Number.parseFloat(getComputedStyle(bar, "::after").height) / bar.clientHeight),
    );
    expect(shares[0]).toBeCloseTo(1, 2);
    expect(shares[1]).toBeCloseTo(second?.from_first ?? 0, 2);
    expect(await steps.nth(1).innerText()).toContain("median");
    expect(await widgetOf(page, "f1").locator(".headline").innerText()).toContain(
      "of 18,402 took all 4 steps",
    );
  });

  it("tells of each step under the arrow keys and the mouse", async () => {
    const page = await open("analyses");
    await drawn(page);
    const tip = widgetOf(page, "f1").locator(".tip");
    await widgetOf(page, "f1").locator(".box").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => tip.innerText()).toMatch(/2\. Added to cart[\s\S]*Time, 90%\s*5 mins/);
    await page.keyboard.press("Escape");
    expect(await tip.isVisible()).toBe(false);
    await widgetOf(page, "f1").locator("li").nth(3).hover();
    expect(await tip.innerText()).toContain("4. Purchase");
  });

  it("draws its groups beside each other and switches them, keeping one", async () => {
    const page = await open("analyses");
    await drawn(page);
    const funnels = widgetOf(page, "f2");
    expect(await funnels.locator("li").first().locator(".bar").count()).toBe(5);
    for (const button of await funnels.locator(".legend button").all()) await button.click();
    expect(await funnels.locator("li").first().locator(".bar").count()).toBe(1);
  });

  it("has its steps below each other at 360 pixels", async () => {
    const page = await open("analyses", { width: 360 });
    await drawn(page);
    const [first, second] = await widgetOf(page, "f1").locator("tidemark-funnel li").all();
    const a = await first?.boundingBox();
    const b = await second?.boundingBox();
    expect(b?.x).toBe(a?.x);
    expect(b?.y).toBeGreaterThan(a?.y ?? 0);
    expect(await overflowOf(page)).toBe(0);
  });

  it("is a line over time and a table with shares and times", async () => {
    const page = await open("analyses");
    await drawn(page);
    await widgetOf(page, "f3").locator(".canvas").focus();
    await page.keyboard.press("End");
    expect(await widgetOf(page, "f3").locator(".tip").innerText()).toMatch(
      /so far[\s\S]*all steps[\s\S]*%[\s\S]*Entered/,
    );
    const row = widgetOf(page, "f4").locator("tbody tr").nth(1);
    expect(await row.innerText()).toMatch(/Mobile\s*2\. Added to cart[\s\S]*%[\s\S]*40 secs/);
  });
});

describe("a grid", () => {
  it("shades cells by their rate and marks the periods that are not over", async () => {
    const page = await open("analyses");
    await drawn(page);
    const grid = widgetOf(page, "r1");
    expect(await grid.locator("tbody tr").count()).toBe(9);
    expect(await grid.locator("thead tr.average").innerText()).toMatch(/Average\s*7,487\s*100%/);
    const last = grid.locator("tbody tr").first().locator("td.cell").last();
    expect(await last.getAttribute("class")).toContain("partial");
    expect(await last.textContent()).toContain(", so far");
    const shade = (cell: Locator) =>
      cell.evaluate((element) => Number(getComputedStyle(element).getPropertyValue("--shade")));
    const row = grid.locator("tbody tr").first().locator("td.cell");
    expect(await shade(row.nth(0))).toBe(1);
    expect(await shade(row.nth(1))).toBeGreaterThan(await shade(row.nth(7)));
  });

  it("switches between percent and count, and between groups", async () => {
    const page = await open("analyses");
    await drawn(page);
    const grid = widgetOf(page, "r3");
    const first = grid.locator("tbody tr").first().locator("td.cell").first();
    expect(await first.innerText()).toContain("100%");
    await grid.getByRole("button", { name: "Count" }).click();
    await expect.poll(() => first.innerText()).toBe("875");
    await grid.getByLabel("Group").selectOption({ label: "Desktop" });
    await expect.poll(() => first.innerText()).not.toBe("875");
  });

  it("goes from cell to cell with the arrow keys", async () => {
    const page = await open("analyses");
    await drawn(page);
    const tip = widgetOf(page, "r1").locator(".tip");
    await widgetOf(page, "r1").locator(".box").focus();
    for (const key of ["ArrowRight", "ArrowDown", "ArrowRight"]) await page.keyboard.press(key);
    await expect.poll(() => tip.innerText()).toMatch(/12 Jan 2026, week 1[\s\S]*Returned[\s\S]*Of\s*875/);
    await page.keyboard.press("End");
    await expect.poll(() => tip.innerText()).toMatch(/week 8\s*so far/);
  });

  it("holds a year of days without drawing all of them, and scrolls within itself", async () => {
    const page = await open("analyses-huge");
    await drawn(page);
    const grid = widgetOf(page, "r1");
    await expect.poll(() => grid.locator("td.cell").count()).toBeLessThan(1500);
    expect(await grid.locator("table").getAttribute("aria-colcount")).toBe("368");
    expect(await overflowOf(page)).toBe(0);
    await grid.locator(".scroll").evaluate((element) => element.scrollTo(element.scrollWidth, 0));
    await expect.poll(() => grid.locator("thead").innerText()).toContain("Day 365");
    await grid.locator(".box").focus();
    for (const key of ["ArrowRight", "ArrowDown", "End"]) await page.keyboard.press(key);
    await expect.poll(() => grid.locator(".tip").innerText()).toMatch(/2025, day 365\s*so far/);
    const current = await grid.locator("td[data-current]").boundingBox();
    const box = await grid.boundingBox();
    expect((current?.x ?? 0) + (current?.width ?? 0)).toBeLessThanOrEqual((box?.x ?? 0) + (box?.width ?? 0));
  });

  it("shows cohorts by their measure, stored ones by their names", async () => {
    const page = await open("analyses");
    await drawn(page);
    expect(await widgetOf(page, "c1").locator("tbody tr").count()).toBe(8);
    expect(await widgetOf(page, "c3").locator("tbody").innerText()).toMatch(
      /Power users[\s\S]*Trial[\s\S]*Left/,
    );
    expect(await widgetOf(page, "c3").locator("thead").innerText()).toContain("9 Mar");
  });
});

describe("paths", () => {
  it("flow from the anchor to the right, and to it from the left", async () => {
    const page = await open("analyses");
    await drawn(page);
    const x = (id: string, text: string) =>
      widgetOf(page, id)
        .locator(".label", { hasText: text })
        .first()
        .evaluate((element) => element.getBoundingClientRect().left);
    expect(await x("p1", "/landing")).toBeLessThan(await x("p1", "/pricing"));
    expect(await x("p3", "/landing")).toBeGreaterThan(await x("p3", "/pricing"));
    expect(await widgetOf(page, "p1").locator(".label.end").first().innerText()).toMatch(
      /Nothing more\s*3,456/,
    );
    expect(await widgetOf(page, "p3").locator(".label.end").first().innerText()).toContain("Nothing before");
    expect(await height(widgetOf(page, "p1").locator("svg"))).toBeGreaterThan(200);
  });

  it("tell of streams under the mouse, of events under the arrow keys, and of all to a screen reader", async () => {
    const page = await open("analyses");
    await drawn(page);
    const flow = widgetOf(page, "p1");
    await flow.locator(".box").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await expect
      .poll(() => flow.locator(".tip").innerText())
      .toMatch(/\/pricing\s*Step 1[\s\S]*3,696[\s\S]*28\.8%/);
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => flow.locator(".tip").innerText()).toContain("/docs/getting-started");
    await flow
      .locator(".stream")
      .first()
      .hover({ force: true, position: { x: 30, y: 10 } });
    expect(await flow.locator(".tip").innerText()).toContain("/landing → /pricing");
    expect(await flow.locator(".unseen table").textContent()).toContain("/docs/getting-started");
  });

  it("are a table of the commonest sequences", async () => {
    const page = await open("analyses");
    await drawn(page);
    expect(await widgetOf(page, "p2").locator("tbody tr").first().innerText()).toMatch(
      /\/landing → \/pricing → \/pricing\s*2,600\s*20\.2%/,
    );
  });
});

describe("stickiness", () => {
  it("is bars by active days, with share and more in the tooltip", async () => {
    const page = await open("analyses");
    await drawn(page);
    await widgetOf(page, "s1").locator(".canvas").focus();
    await page.keyboard.press("Home");
    expect(await widgetOf(page, "s1").locator(".tip").innerText()).toMatch(
      /Active on 1 day[\s\S]*People\s*1,783[\s\S]*Share\s*34\.3%[\s\S]*Or more\s*5,200/,
    );
    expect(await widgetOf(page, "s2").locator("tbody tr").count()).toBe(30);
  });
});

describe("a number", () => {
  it("has its curve below it, dashed where the bucket is under way", async () => {
    const page = await open("analyses");
    await drawn(page);
    expect(await widgetOf(page, "m1").locator(".value").innerText()).toBe("31.2k");
    expect(await widgetOf(page, "m1").locator(".change").innerText()).toContain("+11.7%");
    expect(await widgetOf(page, "m1").locator("path.partial").count()).toBe(1);
  });
});

describe("every analysis", () => {
  it("says what to do when there is nothing", async () => {
    const page = await open("analyses-empty");
    const messages = page.locator("[data-state=empty]");
    await messages.first().waitFor();
    expect(await messages.count()).toBe(analysesReport().widgets.length - 1);
    expect(await widgetOf(page, "f1").locator(".message").innerText()).toContain(
      "There is no “Product viewed” in this period",
    );
    expect(await widgetOf(page, "r1").locator(".message").innerText()).toContain("another start event");
    expect(await widgetOf(page, "p1").locator(".message").innerText()).toContain("session_id");
    expect(await page.locator("canvas").count()).toBe(0);
  });

  it("keeps names of 200 characters within its page at every width", async () => {
    for (const width of [360, 768, 1600]) {
      const page = await open("analyses-huge", { width });
      await drawn(page);
      expect(await overflowOf(page)).toBe(0);
      const step = widgetOf(page, "f1").locator("li").first();
      expect((await step.boundingBox())?.width).toBeLessThan(width);
      expect(await widgetOf(page, "f1").locator("h3").getAttribute("title")).toBe(LONG_NAME);
    }
  });

  it("never reads a name as markup", async () => {
    const name = '<img src=x onerror="alert(1)">';
    const report = analysesReport();
    const widgets = report.widgets.map((entry) =>
      JSON.parse(
        JSON.stringify(entry).replaceAll(/Added to cart|\/pricing|Power users|Mobile/g, "<img src=x>"),
      ),
    );
    mock.reports.set("markup", { ...report, report_name: name, widgets });
    const page = await open("markup");
    await drawn(page);
    expect(await widgetOf(page, "f1").locator("li").nth(1).innerText()).toContain("<img src=x>");
    await widgetOf(page, "f1").locator("li").nth(1).hover();
    expect(await widgetOf(page, "f1").locator(".tip").innerText()).toContain("<img src=x>");
    expect(await page.locator("img").count()).toBe(0);
  });

  it("writes numbers as the reader's locale does", async () => {
    const page = await open("analyses", {}, "&locale=de");
    await drawn(page);
    expect(await widgetOf(page, "f1").locator(".headline").innerText()).toMatch(/12,5\s%/);
    expect(await widgetOf(page, "r1").locator("thead tr.average").innerText()).toMatch(
      /7\.487\s*100\s%\s*30,9\s%/,
    );
  });

  it("takes its colours from the theme", async () => {
    const colour = async (page: Page) =>
      widgetOf(page, "f1")
        .locator(".bar")
        .first()
        .evaluate((bar) => getComputedStyle(bar, "::after").backgroundColor);
    const light = await open("analyses");
    await drawn(light);
    expect(await colour(light)).toBe("rgb(43, 80, 224)");
    const dark = await open("analyses", { dark: true });
    await drawn(dark);
    expect(await colour(dark)).toBe("rgb(114, 137, 242)");
  });
});
