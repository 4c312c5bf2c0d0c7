import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { fullReport } from "../mock/fixtures";
import { TOKEN } from "../mock/server";
import { drawn } from "./chromium";
import { mockForThisFile, overflowOf, Pages, widgetOf } from "./pages";

const pages = Pages.forThisFile();
const mock = mockForThisFile();

async function openLive(report = "full"): Promise<Page> {
  mock.streaming = true;
  const page = await pages.open(`${mock.url}/embed/reports/${report}?token=${TOKEN}`);
  await drawn(page);
  return page;
}

/** A change whose newest event came some milliseconds before the server sent it. */
function change(age: number): unknown {
  const now = Date.now();
  const generated_at = new Date(now).toISOString();
  return {
    patch: [{ op: "replace", path: "/generated_at", value: generated_at }],
    position: 2,
    received_at: new Date(now - age - 60_000).toISOString(),
    newest_at: new Date(now - age).toISOString(),
  };
}

const badge = (page: Page, kind: string) => page.locator(`tidemark-report [data-badge=${kind}]`);
const announced = (page: Page) => page.locator("tidemark-freshness [role=status]");

describe("beside a report that moves by itself", () => {
  it("stands how old its newest event is, which goes on while nothing comes", async () => {
    const page = await openLive();
    expect(await badge(page, "live").innerText()).toBe("Live");
    mock.tell("delta", change(200));
    await expect.poll(() => badge(page, "live").innerText()).toMatch(/^Live, \d(\.\d)? sec/);
    await expect.poll(() => badge(page, "live").innerText(), { timeout: 15_000 }).toMatch(/^Live, [3-9] sec/);
    mock.tell("delta", change(4000));
    await expect.poll(() => badge(page, "live").innerText()).toMatch(/^Live, [45] sec/);
  });

  it("a change of its state is announced once, the passing of time never", async () => {
    const page = await openLive();
    await announced(page).evaluate((region) => {
      const heard: string[] = [];
      Object.assign(window, { heard });
      new MutationObserver(() => {
        const text = region.textContent ?? "";
        if (text !== "") heard.push(text);
      }).observe(region, { childList: true, characterData: true, subtree: true });
    });
    const heard = () => page.evaluate(() => Reflect.get(window, "heard") as string[]);
    mock.tell("delta", change(100));
    await expect.poll(() => badge(page, "live").innerText(), { timeout: 10_000 }).toMatch(/Live, [2-9] sec/);
    expect(await heard()).toEqual([]);
    mock.tell("stale", { lag_seconds: 12 });
    await expect.poll(() => badge(page, "late").innerText()).toMatch(/^Numbers are 12 secs? behind$/);
    mock.tell("stale", { lag_seconds: 13 });
    await expect.poll(() => badge(page, "late").innerText()).toContain("13");
    mock.tell("stale", { lag_seconds: 0 });
    await badge(page, "live").waitFor();
    expect(await heard()).toEqual(["Numbers are behind", "Live"]);
  });

  it("stands that access was withdrawn, in place of the numbers", async () => {
    const page = await openLive();
    mock.validTokens.clear();
    mock.tell("end", { reason: "revoked" });
    await page.locator("[data-state=forbidden]").waitFor();
    expect(await page.locator("[data-state=forbidden]").innerText()).toContain("Access was withdrawn");
    expect(await page.locator("tidemark-widget").count()).toBe(0);
  });

  it("stands that access has expired, and the numbers stay", async () => {
    const page = await openLive();
    mock.tell("end", { reason: "token_expired" });
    await badge(page, "expired").waitFor();
    expect(await page.locator("canvas").count()).toBe(4);
  });

  it("stands that the report was removed", async () => {
    const page = await openLive();
    mock.tell("end", { reason: "report_removed" });
    expect(await page.locator("[data-state=error]").innerText()).toContain("It may have been removed");
  });

  it("stands that it reconnects after the server has stopped, and the numbers stay", async () => {
    const page = await openLive();
    mock.failure = { title: "Stopping", status: 503 };
    mock.tell("end", { reason: "shutting_down" });
    await badge(page, "reconnecting").waitFor();
    expect(await page.locator("canvas").count()).toBe(4);
    mock.failure = null;
    await badge(page, "live").waitFor({ timeout: 20_000 });
  });
});

it("says how often a report is asked for where the network carries no streams", async () => {
  const page = await pages.open(`${mock.url}/embed/reports/full?token=${TOKEN}`);
  await drawn(page);
  expect(await badge(page, "polling").innerText()).toMatch(/^Updates every 10 sec/);
});

it("says of a widget that is computed anew now and then how often, and why", async () => {
  const report = fullReport();
  const kinds = [
    { mode: "refresh", every_seconds: 30, reason: "not_incremental" },
    { mode: "refresh", every_seconds: 5, reason: "starting" },
    { mode: "standing" },
  ] as const;
  const widgets = report.widgets.map((widget, at) => ({ ...widget, live: kinds[at] ?? kinds[2] }));
  const [first] = widgets;
  if (!first) throw new Error("a report without widgets");
  mock.reports.set("paced", { ...report, report_id: "paced", widgets });
  const page = await openLive("paced");
  const pace = widgetOf(page, first.widget_id).locator(".pace");
  expect(await pace.innerText()).toMatch(/^updates every 30 sec/);
  expect(await pace.getAttribute("title")).toContain("computed anew");
  expect(await page.locator(".pace").count()).toBe(1);
  await page.setViewportSize({ width: 360, height: 800 });
  expect(await overflowOf(page)).toBe(0);
});
