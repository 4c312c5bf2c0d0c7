import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { analysesReport } from "../mock/analyses";
import { CONTROLS, TOKEN } from "../mock/server";
import { findings } from "./axe";
import { drawn, type PageSetting } from "./chromium";
import { mockForThisFile, overflowOf, Pages, widgetOf } from "./pages";

const pages = Pages.forThisFile();
const mock = mockForThisFile();

async function open(setting: PageSetting = {}, more = ""): Promise<Page> {
  const page = await pages.open(`${mock.url}/embed/reports/choice?token=${TOKEN}${more}`, setting);
  await drawn(page);
  return page;
}

const lastSearch = () => new URLSearchParams(mock.asked("choice").at(-1)?.search ?? "");

describe("what a viewer may choose", () => {
  it("is offered as the author allows and goes to the server, while the picture stays", async () => {
    const page = await open();
    const period = page.getByLabel("Period");
    expect(await period.locator("option").allInnerTexts()).toEqual([
      "As made",
      "Last 24 hours",
      "Today",
      "Last 7 days",
      "Last 30 days",
      "Last 90 days",
      "From … to …",
    ]);
    await period.selectOption("7d");
    await expect.poll(() => lastSearch().get("last")).toBe("7d");
    expect(await page.locator("canvas").count()).toBeGreaterThan(0);
    await page.getByLabel("Split by").selectOption("properties.plan");
    await expect.poll(() => lastSearch().get("breakdown")).toBe("properties.plan");
    expect(lastSearch().get("last")).toBe("7d");
    await page.getByRole("button", { name: "Reset" }).click();
    await expect.poll(() => mock.asked("choice").at(-1)?.search).toBe("");
  });

  it("takes dates within bounds only", async () => {
    const page = await open();
    await page.getByLabel("Period").selectOption("custom");
    const show = page.getByRole("button", { name: "Show" });
    expect(await show.isDisabled()).toBe(true);
    await page.getByLabel("From", { exact: true }).fill("2026-01-01");
    await page.getByLabel("To", { exact: true }).fill("2026-12-01");
    await page.getByText("At most 120 days.").waitFor();
    expect(await show.isDisabled()).toBe(true);
    await page.getByLabel("To", { exact: true }).fill("2026-02-01");
    await show.click();
    await expect.poll(() => lastSearch().get("start_time")).toBe("2026-01-01");
    expect(lastSearch().get("end_time")).toBe("2026-02-01");
  });

  it("lists the values that the server has for this viewer, by the keyboard too", async () => {
    const page = await open();
    const changes: unknown[] = [];
    await page.exposeFunction("noteChange", (detail: unknown) => changes.push(detail));
    await page.evaluate(() => {
      document.addEventListener("tidemark-change", (event) => {
        (window as unknown as { noteChange(detail: unknown): void }).noteChange(
          (event as CustomEvent).detail,
        );
      });
    });
    const picker = page.locator("tidemark-value-picker").first();
    await picker.locator("summary").focus();
    await page.keyboard.press("Enter");
    await picker.getByRole("checkbox", { name: "DE" }).waitFor();
    expect(await picker.locator(".values .text").allInnerTexts()).toEqual(["DE", "FR", "NL"]);
    await page.keyboard.press("Tab");
    await page.keyboard.type("fr");
    await expect.poll(() => picker.locator(".values .text").allInnerTexts()).toEqual(["FR"]);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await expect.poll(() => lastSearch().get("filters")).toBe('{"country":["FR"]}');
    expect(changes.at(-1)).toMatchObject({ filters: '{"country":["FR"]}' });
    await page.keyboard.press("Escape");
    expect(await picker.locator("details").getAttribute("open")).toBeNull();
    expect(await picker.locator("summary").innerText()).toContain("Country: FR");
    expect(new URLSearchParams(mock.asked("choice/values")[0]?.search).get("property")).toBe("country");
  });

  it("is not offered where there is nothing to choose, or the page says so", async () => {
    const page = await pages.open(`${mock.url}/embed/reports/full?token=${TOKEN}`);
    await drawn(page);
    expect(await page.locator("tidemark-controls").count()).toBe(0);
    const off = await open({}, "&controls=off");
    expect(await off.locator("tidemark-controls").count()).toBe(0);
  });

  it("can be chosen otherwise after the server has refused it", async () => {
    const page = await open();
    mock.failure = {
      title: "Forbidden",
      status: 403,
      detail: "cannot be broken down so",
      field: "breakdown",
    };
    await page.getByLabel("Split by").selectOption("country");
    await page.locator("[data-state=forbidden]").waitFor();
    mock.failure = null;
    await page.getByRole("button", { name: "Reset" }).click();
    await drawn(page);
    await page.locator("canvas").first().waitFor();
  });

  it("fits into 360 pixels, in the dark", async () => {
    const page = await open({ width: 360, dark: true });
    await page.locator("tidemark-value-picker summary").first().click();
    await page.getByRole("checkbox", { name: "DE" }).waitFor();
    expect(await overflowOf(page)).toBe(0);
  });
});

describe("choices and what is behind numbers, to assistive technology", () => {
  it.each([false, true])("have no serious finding (dark: %s)", async (dark) => {
    const page = await open({ dark });
    await page.getByLabel("Period").selectOption("custom");
    await page.locator("tidemark-value-picker summary").first().click();
    await page.getByRole("checkbox", { name: "DE" }).check();
    expect(await findings(page)).toEqual([]);
    await widgetOf(page, "w1").locator(".value button").click();
    await page.getByRole("dialog").getByText("anna@acme.example").waitFor();
    expect(await findings(page)).toEqual([]);
  });
});

describe("what is behind a number", () => {
  it("opens from a bar, a row and a number, and gives the focus back", async () => {
    const page = await open();
    const chart = widgetOf(page, "w5").locator(".canvas");
    await chart.focus();
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.getByText("anna@acme.example").waitFor();
    const asked = new URLSearchParams(mock.asked("choice/behind").at(-1)?.search);
    expect(asked.get("show")).toBe("people");
    expect(JSON.parse(asked.get("at") ?? "")).toMatchObject({ measure: "page_views" });
    await dialog.getByRole("button", { name: "Events" }).click();
    await dialog.getByText("plan: pro, amount: 49, country: DE").waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await widgetOf(page, "w9").locator("tbody tr").nth(1).click();
    await dialog.waitFor();
    expect(
      JSON.parse(new URLSearchParams(mock.asked("choice/behind").at(-1)?.search).get("at") ?? ""),
    ).toHaveProperty("row");
    await dialog.getByRole("button", { name: "Close" }).click();
    await dialog.waitFor({ state: "detached" });
    await widgetOf(page, "w1").locator(".value button").press("Enter");
    await dialog.waitFor();
  });

  it("has its times in the zone of the numbers, not of the browser", async () => {
    const page = await open();
    await widgetOf(page, "w5").locator(".canvas").focus();
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    const person = page.getByRole("dialog").getByRole("row", { name: "anna@acme.example" });
    expect(await person.locator(".when").innerText()).toContain("10:12");
  });

  it("goes with what was chosen", async () => {
    const page = await open();
    await page.getByLabel("Period").selectOption("30d");
    await expect.poll(() => lastSearch().get("last")).toBe("30d");
    await widgetOf(page, "w1").locator(".value button").click();
    await page.getByRole("dialog").waitFor();
    await expect
      .poll(() => new URLSearchParams(mock.asked("choice/behind").at(-1)?.search).get("last"))
      .toBe("30d");
  });

  it("opens from a cell of a cohort report and from events and streams of paths, by the keyboard", async () => {
    mock.reports.set("choice", { ...analysesReport(), report_id: "choice", controls: CONTROLS });
    const page = await open();
    const dialog = page.getByRole("dialog");
    const at = () =>
      JSON.parse(new URLSearchParams(mock.asked("choice/behind").at(-1)?.search).get("at") ?? "");
    const cohort = page.locator("tidemark-widget", { has: page.locator("tidemark-grid") }).last();
    await cohort.locator(".box").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await dialog.getByText("anna@acme.example").waitFor();
    expect(at()).toEqual({ row: 1, period: 0 });
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    const flow = page.locator("tidemark-flow").first();
    await flow.locator(".box").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await dialog.getByText("anna@acme.example").waitFor();
    expect(at()).toMatchObject({ step: 1, to: expect.any(String) });
    await dialog.getByRole("button", { name: "Close" }).click();
    await dialog.waitFor({ state: "detached" });
    await flow.locator(".stream").first().click({ force: true });
    await dialog.waitFor();
    expect(at()).toMatchObject({ step: 1, from: expect.any(String) });
  });

  it("does not open where the author does not allow it", async () => {
    const report = mock.reports.get("choice");
    if (report) mock.reports.set("choice", { ...report, controls: { ...CONTROLS, drill_down: "none" } });
    const page = await open();
    expect(await widgetOf(page, "w1").locator(".value button").count()).toBe(0);
    await widgetOf(page, "w9").locator("tbody tr").nth(1).click();
    expect(await page.getByRole("dialog").count()).toBe(0);
    expect(mock.asked("choice/behind")).toEqual([]);
  });

  it("shows events alone where people are not to be seen", async () => {
    const report = mock.reports.get("choice");
    if (report) mock.reports.set("choice", { ...report, controls: { ...CONTROLS, drill_down: "events" } });
    const page = await open();
    await widgetOf(page, "w1").locator(".value button").click();
    await page.getByRole("dialog").getByText("purchase").waitFor();
    expect(await page.getByRole("button", { name: "People" }).count()).toBe(0);
    expect(new URLSearchParams(mock.asked("choice/behind").at(-1)?.search).get("show")).toBe("events");
  });
});
