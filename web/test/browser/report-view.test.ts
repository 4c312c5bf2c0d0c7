import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { findings } from "./axe";
import { launchChromium, type PageSetting, type WatchedPage } from "./chromium";
import { overflowOf } from "./pages";
import { api, openDashboard, server } from "./tidemark";

const VIEWS = [{ name: "Views", measure: "events", event: "page_view" }];
const range = { last: "30d" };

describe.skipIf(!server)("a report in the dashboard", () => {
  let browser: Browser;
  let report = "";
  let opened: WatchedPage[] = [];

  beforeAll(async () => {
    browser = await launchChromium();
    // Its author lets those who see it elsewhere choose nothing.
    const made = await api<{ report_id: string }>("POST", "/api/v1/reports", {
      report_name: "To look behind",
      widgets: [
        {
          type: "metric",
          title: "Views",
          layout: { x: 0, y: 0, w: 3, h: 2 },
          question: { measures: VIEWS, range },
        },
        {
          type: "trend",
          title: "By day",
          display: "bar",
          layout: { x: 3, y: 0, w: 9, h: 4 },
          question: { measures: VIEWS, interval: "day", range },
        },
        {
          type: "paths",
          title: "Ways",
          layout: { x: 0, y: 4, w: 12, h: 5 },
          question: { anchor: { event: "page_view" }, steps: 3, range },
        },
      ],
    });
    report = made.report_id;
  });
  afterAll(async () => {
    await browser?.close();
    await api("DELETE", `/api/v1/reports/${report}`);
  });
  afterEach(async () => {
    const complaints = opened.flatMap((watched) => watched.complaints);
    for (const { context } of opened) await context.close();
    opened = [];
    expect(complaints, "console errors, missing files and policy violations").toEqual([]);
  });

  async function open(
    more = "",
    setting: PageSetting & { readonly as?: "owner" | "viewer" } = {},
  ): Promise<Page> {
    const watched = await openDashboard(browser, `#/reports/${report}${more}`, setting);
    opened.push(watched);
    await watched.page.locator("tidemark-widget .value").first().waitFor();
    return watched.page;
  }

  it("keeps what was chosen in its address, which can be sent and gone back from", async () => {
    const page = await open();
    await page.getByLabel("Period").selectOption("7d");
    await expect.poll(() => page.url()).toContain("last=7d");
    await page.getByLabel("Split by").selectOption("country");
    await expect.poll(() => page.url()).toContain("breakdown=country");
    const sent = new URL(page.url()).hash;
    await page.goBack();
    await expect.poll(() => page.url()).not.toContain("breakdown");
    await expect.poll(() => page.getByLabel("Split by").inputValue()).toBe("");
    expect(await page.getByLabel("Period").inputValue()).toBe("7d");
    await page.goBack();
    await expect.poll(() => page.getByLabel("Period").inputValue()).toBe("");
    const other = await open(sent.slice(sent.indexOf("?")));
    await expect.poll(() => other.getByLabel("Period").inputValue()).toBe("7d");
    await expect.poll(() => other.getByLabel("Split by").inputValue()).toBe("country");
  }, 60_000);

  it("is filtered by any property, and shows who is behind a number and a stream, whatever its author allows", async () => {
    const page = await open();
    await page.getByLabel("Filter by a property").selectOption("country");
    await page.locator("tidemark-value-picker summary").click();
    await page.locator("tidemark-value-picker").getByRole("checkbox").first().check();
    await expect.poll(() => page.url()).toContain("filters=");
    await page.keyboard.press("Escape");
    const dialog = page.getByRole("dialog");
    await page.locator("tidemark-widget .value button").first().press("Enter");
    await dialog.locator("tbody tr").first().waitFor();
    expect(await dialog.getByRole("button", { name: "People" }).getAttribute("aria-pressed")).toBe("true");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await page.locator("tidemark-flow .box").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await dialog.locator("tbody tr").first().waitFor();
    await dialog.getByRole("button", { name: "Events" }).click();
    await dialog.locator("tbody tr").first().waitFor();
    expect(await findings(page)).toEqual([]);
  }, 60_000);

  it("offers those who may only look its author's choices, of any period, and no editor by its address either", async () => {
    const page = await open("", { as: "viewer" });
    await page.getByLabel("Period").waitFor();
    expect(await page.getByLabel("Split by").count()).toBe(0);
    expect(await page.getByLabel("Filter by a property").count()).toBe(0);
    expect(await page.locator("tidemark-widget .value button").count()).toBe(0);
    expect(await page.getByRole("link", { name: "Edit" }).count()).toBe(0);
    await page.goto(`${server}/#/reports/${report}/edit`);
    await page.getByText("This page is not for your role").waitFor();
    expect(await page.locator("report-builder").count()).toBe(0);
  }, 60_000);

  it("fits into 360 pixels, in the dark", async () => {
    const page = await open("?last=7d", { width: 360, dark: true });
    expect(await overflowOf(page)).toBe(0);
    expect(await findings(page)).toEqual([]);
  }, 60_000);
});
