import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { launchChromium, type WatchedPage } from "./chromium";
import { answered, api, openDashboard, pick, server } from "./tidemark";

interface Stored {
  readonly report_id: string;
  readonly report_name: string;
  readonly version: number;
  readonly widgets: readonly {
    readonly widget_id: string;
    readonly type: string;
    readonly title: string;
    readonly display: string;
    readonly layout: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
    readonly question: Record<string, unknown>;
  }[];
}

const METRIC = {
  type: "metric",
  title: "People",
  layout: { x: 0, y: 0, w: 4, h: 2 },
  question: { type: "metric", measures: [{ name: "People", measure: "users" }], range: { last: "7d" } },
};
const TREND = {
  type: "trend",
  title: "Views",
  layout: { x: 0, y: 2, w: 12, h: 4 },
  question: {
    type: "trend",
    measures: [{ name: "Views", measure: "events", event: "page_view" }],
    interval: "day",
    range: { last: "7d" },
  },
};

describe.skipIf(!server)("the report builder", () => {
  let browser: Browser;
  let opened: WatchedPage[] = [];
  const made: string[] = [];

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    for (const report of made) await api("DELETE", `/api/v1/reports/${report}`).catch(() => null);
  });
  afterEach(async () => {
    const complaints = opened.flatMap((watched) => watched.complaints);
    for (const { context } of opened) await context.close();
    opened = [];
    expect(complaints, "console errors and policy violations").toEqual([]);
  });

  async function open(address: string, width = 1280): Promise<Page> {
    const watched = await openDashboard(browser, address, { width });
    opened.push(watched);
    return watched.page;
  }

  async function report(widgets: readonly unknown[] = [], name = "Built by a test"): Promise<string> {
    const { report_id } = await api<Stored>("POST", "/api/v1/reports", { report_name: name, widgets });
    made.push(report_id);
    return report_id;
  }

  const stored = (id: string) => api<Stored>("GET", `/api/v1/reports/${id}/definition`);

  async function add(page: Page, kind: string): Promise<void> {
    await page.getByRole("button", { name: "Widget", exact: true }).click();
    await page
      .getByRole("dialog")
      .getByRole("button", { name: new RegExp(`^${kind}`) })
      .click();
    await page.locator("widget-editor").waitFor();
  }

  async function done(page: Page): Promise<void> {
    await answered(page);
    await page.getByRole("button", { name: "Done" }).click();
    await page.locator("report-grid").waitFor();
  }

  async function save(page: Page): Promise<void> {
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.locator(".saved-state", { hasText: /^Saved$/ }).waitFor();
  }

  it("builds a report with a widget of each kind by form alone, saves it and shows it again", async () => {
    const page = await open("#/reports/new");
    await page.getByRole("button", { name: "Start empty" }).click();
    await page.locator("report-builder").waitFor();
    await page.getByLabel("Name of the report").fill("Everything");

    await add(page, "Trend");
    await pick(page, "Of", "page_view");
    await pick(page, "Broken down by", "country");
    await page.getByRole("combobox", { name: "Interval", exact: true }).selectOption("day");
    await done(page);

    await add(page, "Number");
    await page.getByRole("combobox", { name: "Measure", exact: true }).selectOption("sum");
    await pick(page, "Property", "properties.amount");
    await done(page);

    await add(page, "Table");
    await page.getByRole("button", { name: "Property", exact: true }).click();
    await pick(page, "Property 2", "country");
    await done(page);

    await add(page, "Funnel");
    const steps = page.locator("funnel-editor li.part");
    await pick(steps.nth(0), "Event", "signup");
    await pick(steps.nth(1), "Event", "page_view");
    await done(page);

    await add(page, "Retention");
    await page.getByRole("combobox", { name: "Period", exact: true }).first().selectOption("day");
    await done(page);

    await add(page, "Cohorts");
    await done(page);
    await add(page, "Stickiness");
    await done(page);
    await add(page, "Paths");
    await pick(page.locator("paths-editor"), "Event", "page_view");
    await done(page);
    await add(page, "Live");
    await done(page);

    await save(page);
    const id = /reports\/([^/]+)\//.exec(page.url())?.[1] ?? "";
    made.push(id);
    const saved = await stored(id);
    expect(saved.report_name).toBe("Everything");
    expect(saved.widgets.map((widget) => widget.type)).toEqual([
      "trend",
      "metric",
      "table",
      "funnel",
      "retention",
      "cohort",
      "stickiness",
      "paths",
      "metric",
    ]);
    expect(saved.widgets[0]?.question).toMatchObject({
      interval: "day",
      measures: [{ name: "page_view", measure: "events", event: "page_view" }],
      breakdown: { property: "country" },
    });
    expect(saved.widgets[1]?.question).toMatchObject({
      measures: [{ measure: "sum", property: "properties.amount" }],
    });
    expect(saved.widgets[2]?.question).toMatchObject({ breakdowns: ["event_type", "country"] });
    expect(saved.widgets[3]?.question).toMatchObject({
      steps: [{ event: "signup" }, { event: "page_view" }],
    });
    expect(saved.widgets[4]?.question).toMatchObject({ period: "day" });
    expect(saved.widgets[7]?.question).toMatchObject({ anchor: { event: "page_view" } });
    expect(saved.widgets[8]?.question).toMatchObject({ measures: [{ measure: "active_users_now" }] });

    await page.reload();
    await page.locator("report-grid .place").nth(8).waitFor();
    expect(await page.getByLabel("Name of the report").inputValue()).toBe("Everything");
    await page.getByRole("button", { name: "Close", exact: true }).click();
    await page.locator("tidemark-report tidemark-widget").nth(8).waitFor();
  }, 90_000);

  it("writes measures, filters in groups, formulas and comparisons without JSON", async () => {
    const id = await report();
    const page = await open(`#/reports/${id}/edit`);
    await add(page, "Trend");
    const measure = page.locator("measures-editor li").first();
    await measure.getByRole("combobox", { name: "Measure", exact: true }).selectOption("users");
    await pick(measure, "Who or which did", "page_view");
    await measure.getByRole("button", { name: "Filter", exact: true }).click();
    await pick(measure, "Property", "country");
    await pick(measure, "Value", "DE");
    await measure.getByRole("button", { name: "Group", exact: true }).click();
    await measure.getByRole("combobox", { name: "Matches", exact: true }).nth(1).selectOption("none");
    await pick(measure, "Property", "browser", 1);
    await measure.getByRole("combobox", { name: "Comparison", exact: true }).nth(1).selectOption("is_set");
    await pick(measure, "Property", "os", 2);
    await measure.getByRole("combobox", { name: "Comparison", exact: true }).nth(2).selectOption("is_set");
    await measure.getByLabel("Name", { exact: true }).fill("a");
    await page.getByRole("button", { name: "Measure", exact: true }).click();
    await page.locator("measures-editor li").nth(1).getByLabel("Name", { exact: true }).fill("b");
    await page.getByRole("button", { name: "Formula", exact: true }).click();
    await page.getByRole("textbox", { name: "Formula" }).fill("a / b");
    await page.getByRole("combobox", { name: "Compared with", exact: true }).selectOption("week");
    await pick(page, "Time zone", "Asia/Kathmandu");
    await answered(page);
    await page.getByRole("button", { name: "Done" }).click();
    await save(page);
    expect((await stored(id)).widgets[0]?.question).toEqual({
      type: "trend",
      interval: "auto",
      compare: "week",
      zone: "Asia/Kathmandu",
      range: { last: "30d" },
      measures: [
        {
          name: "a",
          measure: "users",
          event: "page_view",
          filter: {
            and: [
              { property: "country", operator: "eq", value: "DE" },
              {
                not: {
                  or: [
                    { property: "browser", operator: "is_set" },
                    { property: "os", operator: "is_set" },
                  ],
                },
              },
            ],
          },
        },
        { name: "b", measure: "events" },
        { name: "Formula", formula: "a / b" },
      ],
    });
  }, 60_000);

  it("says at its field what the server finds wrong, and keeps form and JSON in step", async () => {
    const id = await report([TREND]);
    const page = await open(`#/reports/${id}/edit`);
    await page.getByRole("button", { name: "Edit Views" }).click();
    await answered(page);
    await page.getByRole("button", { name: "Formula", exact: true }).click();
    await page.getByRole("textbox", { name: "Formula" }).fill("Views / nobody");
    const wrong = page.locator("measures-editor .wrong");
    await expect.poll(() => wrong.innerText()).toContain("nobody");
    await page.getByRole("button", { name: "Edit as JSON" }).click();
    const json = page.getByLabel("The question as JSON");
    expect(await json.inputValue()).toContain("Views / nobody");
    await json.fill((await json.inputValue()).replace("Views / nobody", "Views * 2"));
    await page.getByRole("button", { name: "Back to the form" }).click();
    expect(await page.getByRole("textbox", { name: "Formula" }).inputValue()).toBe("Views * 2");
    await expect.poll(() => wrong.count()).toBe(0);
  });

  it("moves and resizes by keyboard, and keeps the places", async () => {
    const id = await report([METRIC, TREND]);
    const page = await open(`#/reports/${id}/edit`);
    const place = (title: string) =>
      page.locator(`.place[aria-label="${title}"]`).getAttribute("data-layout");
    await page.getByRole("button", { name: "Move People", exact: true }).focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    expect(await place("People")).toBe("2,0,4,2");
    await page.keyboard.press("ArrowDown");
    expect(await place("People")).toBe("2,4,4,2");
    expect(await place("Views")).toBe("0,0,12,4");
    await page.getByRole("button", { name: "Resize People", exact: true }).focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    expect(await place("People")).toBe("2,4,5,3");
    expect(await page.locator("report-grid > [role=status]").innerText()).toBe(
      "Column 3, row 5, 5 wide, 3 high",
    );
    await save(page);
    expect((await stored(id)).widgets.map((widget) => widget.layout)).toEqual([
      { x: 2, y: 4, w: 5, h: 3 },
      { x: 0, y: 0, w: 12, h: 4 },
    ]);
  });

  it("moves by pointer", async () => {
    const id = await report([METRIC, TREND]);
    const page = await open(`#/reports/${id}/edit`);
    await page.locator('.place[aria-label="People"]').hover();
    const handle = await page.getByRole("button", { name: "Move People", exact: true }).boundingBox();
    if (!handle) throw new Error("there is no handle");
    await page.mouse.move(handle.x + 5, handle.y + 5);
    await page.mouse.down();
    await page.mouse.move(handle.x + 360, handle.y + 20, { steps: 5 });
    await page.mouse.move(handle.x + 520, handle.y + 20, { steps: 5 });
    await page.mouse.up();
    const [x = ""] = (
      (await page.locator('.place[aria-label="People"]').getAttribute("data-layout")) ?? ""
    ).split(",");
    expect(Number(x)).toBeGreaterThan(3);
  });

  it("takes back and repeats each edit", async () => {
    const id = await report([METRIC, TREND]);
    const page = await open(`#/reports/${id}/edit`);
    const widgets = page.locator("report-grid .place");
    await widgets.nth(1).waitFor();
    await page.getByRole("button", { name: "Remove People" }).focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => widgets.count()).toBe(1);
    await page.getByRole("button", { name: "Duplicate Views" }).focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => widgets.count()).toBe(2);
    await page.locator("main").focus();
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+z");
    await expect.poll(() => page.locator('.place[aria-label="People"]').count()).toBe(1);
    expect(await page.locator(".saved-state").innerText()).toBe("Saved");
    await page.getByRole("button", { name: "Redo" }).click();
    await expect.poll(() => page.locator('.place[aria-label="People"]').count()).toBe(0);
    await save(page);
    await page.getByRole("button", { name: "Undo", exact: true }).first().click();
    await save(page);
    expect((await stored(id)).widgets.map((widget) => widget.title)).toEqual(["People", "Views"]);
  });

  it("gives all widgets one period, comparison and filter", async () => {
    const id = await report([
      METRIC,
      {
        ...TREND,
        question: {
          ...TREND.question,
          filter: { property: "os", operator: "is_set" },
          range: { last: "90d" },
        },
      },
    ]);
    const page = await open(`#/reports/${id}/edit`);
    const bar = page.getByRole("group", { name: "For the whole report" });
    expect(await bar.getByRole("combobox", { name: "Period of all", exact: true }).inputValue()).toBe("none");
    await bar.getByRole("combobox", { name: "Period of all", exact: true }).selectOption("24h");
    await bar.getByRole("combobox", { name: "Compared with", exact: true }).selectOption("previous_period");
    await bar.getByRole("button", { name: "Filter the whole report" }).click();
    await pick(bar, "Property", "country");
    await pick(bar, "Value", "DE");
    await save(page);
    const [metric, trend] = (await stored(id)).widgets.map((widget) => widget.question);
    const shared = { property: "country", operator: "eq", value: "DE" };
    expect(metric).toMatchObject({ range: { last: "24h" }, compare: "previous_period", filter: shared });
    expect(trend).toMatchObject({
      range: { last: "24h" },
      compare: "previous_period",
      filter: { and: [shared, { property: "os", operator: "is_set" }] },
    });
  });

  it("asks what to do when somebody else was faster", async () => {
    const id = await report([METRIC]);
    const page = await open(`#/reports/${id}/edit`);
    await page.getByLabel("Name of the report").fill("Mine");
    await api("PUT", `/api/v1/reports/${id}`, { report_name: "Theirs", widgets: [] });
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Overwrite" }).click();
    await page.locator(".saved-state", { hasText: /^Saved$/ }).waitFor();
    const saved = await stored(id);
    expect(saved.report_name).toBe("Mine");
    expect(saved.widgets).toHaveLength(1);
    await page.getByLabel("Name of the report").fill("Mine again");
    await api("PUT", `/api/v1/reports/${id}`, { report_name: "Theirs again", widgets: [] });
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Take theirs" }).click();
    await expect.poll(() => page.getByLabel("Name of the report").inputValue()).toBe("Theirs again");
  });

  it("does not let unsaved changes be lost on the way to another page", async () => {
    const id = await report([METRIC]);
    const page = await open(`#/reports/${id}/edit`);
    await page.getByLabel("Name of the report").fill("Changed");
    await page.getByRole("link", { name: "Explore" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    expect(await page.getByLabel("Name of the report").inputValue()).toBe("Changed");
    expect(page.url()).toContain(`/reports/${id}/edit`);
    await page.getByRole("link", { name: "Explore" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Leave" }).click();
    await page.locator("explore-page").waitFor();
  });

  it("saves under another name, duplicates, and deletes with a way back", async () => {
    const name = `To be copied ${Date.now()}`;
    const id = await report([METRIC], name);
    const page = await open(`#/reports/${id}/edit`);
    await page.getByRole("button", { name: "Save as…" }).click();
    await page.getByRole("dialog").getByLabel("Name").fill(`${name} B`);
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await expect.poll(() => page.getByLabel("Name of the report").inputValue()).toBe(`${name} B`);
    await page.getByRole("link", { name: "Reports", exact: true }).click();
    await page.getByRole("button", { name: `Duplicate ${name} B` }).click();
    await page.getByText(`${name} B (copy)`).waitFor();
    await page.getByRole("button", { name: `Delete ${name} B (copy)` }).click();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText(`${name} B (copy)`).waitFor();
    await page.getByRole("button", { name: `Delete ${name} B (copy)` }).click();
    await page.reload();
    await page.getByText(`${name} B`, { exact: true }).waitFor();
    const left = (await api<{ reports: Stored[] }>("GET", "/api/v1/reports")).reports.filter((entry) =>
      entry.report_name.startsWith(name),
    );
    made.push(...left.map((entry) => entry.report_id));
    expect(left.map((entry) => entry.report_name).sort()).toEqual([name, `${name} B`]);
  });
});
