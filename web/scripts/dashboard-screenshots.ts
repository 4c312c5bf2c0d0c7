import { mkdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Browser, Page, Route } from "playwright-core";
import { actAs } from "../test/browser/acting";
import { asker } from "../test/browser/asker";
import { drawn, launchChromium, openPage } from "../test/browser/chromium";
import { governancePictures } from "./governance-pictures";

/**
 * Takes the pictures of the dashboard from a running server with its demo: every page, light and dark, narrow and wide.
 *
 *   npm run screenshots:dashboard -- --base URL --key sk_...
 *   npm run screenshots:dashboard -- --base URL --key sk_... --only events,builder --out DIR
 */
const { values } = parseArgs({
  options: {
    base: { type: "string", default: "http://127.0.0.1:8080" },
    key: { type: "string", default: "" },
    out: { type: "string", default: resolve(import.meta.dirname, "../../docs/screenshots/dashboard") },
    only: { type: "string", default: "" },
  },
});
const { base, key, out } = values;
/** Pages that are higher are cut. */
const MOST_PIXELS = 1_800;
const FEW_MOST_PIXELS = 1_200;
const WIDTHS = [360, 1280] as const;
const LONG = "A name of two hundred characters that goes on and on ".repeat(4).slice(0, 200);
const UNBROKEN = "an_event_whose_name_has_two_hundred_characters_and_no_place_to_break_"
  .repeat(4)
  .slice(0, 200);

export interface Picture {
  readonly name: string;
  readonly address: string;
  /** What the server answers instead. */
  readonly answers?: Readonly<Record<string, (route: Route) => Promise<void>>>;
  readonly before?: (page: Page) => Promise<void>;
  /** As whom the server's pages are looked at; with the key alone where absent. */
  readonly as?: "owner" | "viewer";
  /** Taken light and wide, and dark and narrow, no more. */
  readonly few?: boolean;
}

const ask = asker(base, key);

const broken = (route: Route) =>
  route.fulfill({
    status: 503,
    json: {
      title: "Not available",
      status: 503,
      code: "ENGINE_UNAVAILABLE",
      detail: "The engine is starting again; nothing was lost.",
      correlation_id: "01a2c3d4",
    },
  });
const silent = (route: Route) => new Promise<void>((done) => setTimeout(() => done(route.abort()), 60_000));

const QUESTION = {
  type: "trend",
  measures: [
    { name: "Views", measure: "events", event: "page_view" },
    {
      name: "People",
      measure: "users",
      event: "page_view",
      filter: {
        or: [
          { property: "country", operator: "eq", value: "DE" },
          { property: "browser", operator: "in", value: ["Chrome", "Safari"] },
        ],
      },
    },
    { name: "Per person", formula: "Views / People" },
  ],
  interval: "day",
  range: { last: "30d" },
  breakdown: { property: "country", limit: 5 },
};
const FUNNEL = {
  type: "funnel",
  steps: [{ event: "page_view" }, { event: "signup" }, { event: "purchase" }],
  window: "30d",
  range: { last: "30d" },
};
const explore = (question: unknown, display: string) =>
  `#/explore?${new URLSearchParams({ q: JSON.stringify(question), display })}`;

async function pictures(): Promise<readonly Picture[]> {
  const { reports } = await ask<{ reports: readonly { report_id: string; widget_count: number }[] }>(
    "GET",
    "/api/v1/reports",
  );
  const report = reports.find((entry) => entry.widget_count > 3)?.report_id ?? "";
  const cohort = await ask<{ cohort_id: string }>("POST", "/api/v1/cohorts", {
    name: "Read much, signed up not",
    kind: "dynamic",
    definition: {
      and: [
        { did: { event: "page_view", times: { at_least: 3 }, range: { last: "30d" } } },
        { did_not: { event: "signup", range: { last: "90d" } } },
      ],
    },
  });
  undo.push(() => ask("DELETE", `/api/v1/cohorts/${cohort.cohort_id}`));
  const extreme = await ask<{ report_id: string }>("POST", "/api/v1/reports", {
    report_name: LONG,
    widgets: [
      {
        type: "metric",
        title: LONG,
        layout: { x: 0, y: 0, w: 3, h: 2 },
        question: {
          type: "metric",
          measures: [{ name: LONG.slice(0, 100), measure: "events" }],
          range: { last: "7d" },
        },
      },
      {
        type: "trend",
        title: UNBROKEN,
        layout: { x: 3, y: 0, w: 9, h: 4 },
        question: {
          ...QUESTION,
          measures: [{ name: UNBROKEN.slice(0, 100), measure: "events", event: UNBROKEN }],
        },
      },
    ],
  });
  undo.push(() => ask("DELETE", `/api/v1/reports/${extreme.report_id}`));
  const empty = { "**/api/v1/reports": (route: Route) => route.fulfill({ json: { reports: [] } }) };
  const longEvent = {
    event_id: "1",
    event_type: UNBROKEN,
    timestamp: new Date().toISOString(),
    received_at: new Date().toISOString(),
    user_id: UNBROKEN,
    anonymous_id: null,
    session_id: null,
    context: { page_url: `https://example.com/${UNBROKEN}` },
    properties: { [UNBROKEN]: LONG, short: 1 },
    user: { plan: "pro" },
  };
  return [
    {
      name: "sign-in",
      address: "",
      before: (page) =>
        page
          .getByRole("button", { name: "Sign out" })
          .click({ timeout: 3_000 })
          .catch(async () => {
            await page.getByRole("button", { name: "Menu" }).click();
            await page.getByRole("button", { name: "Sign out" }).click();
          }),
    },
    { name: "first-steps", address: "#/home/first", before: widgets },
    {
      name: "home",
      address: "#/home",
      before: async (page) => {
        await page.getByRole("button", { name: "Skip the first steps" }).click();
        await answers(page);
      },
    },
    { name: "reports", address: "#/reports" },
    { name: "reports-empty", address: "#/reports", answers: empty },
    { name: "reports-error", address: "#/reports/new", answers: { "**/api/v1/templates": broken } },
    { name: "reports-loading", address: "#/reports/new", answers: { "**/api/v1/templates": silent } },
    { name: "new-report", address: "#/reports/new" },
    { name: "report", address: `#/reports/${report}`, before: widgets },
    {
      name: "report-chosen",
      few: true,
      address: `#/reports/${report}?last=7d&breakdown=country`,
      before: async (page) => {
        await widgets(page);
        await page.getByLabel("Filter by a property").selectOption("browser");
        await page.locator("tidemark-value-picker summary").first().click();
        await page.locator("tidemark-value-picker .values .text").first().waitFor();
      },
    },
    {
      name: "report-behind",
      few: true,
      address: `#/reports/${report}`,
      before: async (page) => {
        await widgets(page);
        await page.locator("tidemark-widget .value button").first().click();
        await page.getByRole("dialog").locator("tbody tr").first().waitFor();
      },
    },
    { name: "report-viewer", address: `#/reports/${report}`, as: "viewer", before: widgets, few: true },
    {
      name: "report-long",
      address: `#/reports/${extreme.report_id}`,
      before: (page) => page.locator("tidemark-report tidemark-widget").nth(1).waitFor(),
    },
    {
      name: "share",
      address: `#/reports/${report}/share`,
      before: (page) =>
        page.frameLocator("iframe.preview").locator("tidemark-chart canvas").first().waitFor(),
    },
    {
      name: "builder",
      address: `#/reports/${report}/edit`,
      before: async (page) => {
        await answers(page);
        await page.locator("report-grid .place").nth(4).hover();
      },
    },
    {
      name: "builder-controls",
      address: `#/reports/${report}/edit`,
      before: async (page) => {
        await answers(page);
        await page.getByText("What viewers may choose").click();
        await page.getByRole("checkbox", { name: "The period" }).waitFor();
      },
    },
    { name: "builder-long", address: `#/reports/${extreme.report_id}/edit`, before: answers },
    {
      name: "builder-error",
      address: `#/reports/${report}/edit`,
      answers: { "**/api/v1/query": broken },
      before: (page) => page.locator("tidemark-widget [data-state=error]").first().waitFor(),
    },
    {
      name: "add-widget",
      address: `#/reports/${report}/edit`,
      before: (page) => page.getByRole("button", { name: "Widget", exact: true }).click(),
    },
    {
      name: "widget-form",
      address: `#/reports/${report}/edit`,
      before: async (page) => {
        await answers(page);
        await page.locator("report-grid .place").nth(4).hover();
        await page
          .locator("report-grid")
          .getByRole("button", { name: /^Edit / })
          .nth(4)
          .click();
        await answers(page);
      },
    },
    { name: "explore", address: explore(QUESTION, "line"), before: answers },
    {
      name: "explore-funnel",
      address: explore(FUNNEL, "funnel"),
      before: async (page) => {
        await answers(page);
        await page.getByText("People behind the steps").click();
        await page.locator("people-behind tbody tr").first().waitFor();
      },
    },
    {
      name: "explore-suggests",
      address: "#/explore",
      before: async (page) => {
        await answers(page);
        await page.getByRole("combobox", { name: "Broken down by" }).click();
        await page.locator("[role=option] small").first().waitFor();
      },
    },
    {
      name: "explore-wrong",
      address: explore({ ...QUESTION, measures: [{ name: "a", formula: "b / c" }] }, "line"),
      before: (page) => page.locator("tidemark-widget [data-state=error]").waitFor(),
    },
    {
      name: "explore-json",
      address: explore(QUESTION, "table"),
      before: async (page) => {
        await answers(page);
        await page.getByRole("button", { name: "Edit as JSON" }).click();
      },
    },
    {
      name: "events",
      address: "#/events",
      before: async (page) => {
        await page.getByRole("button", { name: "Live" }).click();
        await page.locator(".event-rows summary").nth(1).click();
      },
    },
    {
      name: "events-empty",
      address: "#/events",
      answers: {
        "**/api/v1/events?*": (route) => route.fulfill({ json: { events: [], next_cursor: null } }),
      },
    },
    {
      name: "events-long",
      address: "#/events",
      answers: {
        "**/api/v1/events?*": (route) => route.fulfill({ json: { events: [longEvent], next_cursor: null } }),
      },
      before: async (page) => {
        await page.getByRole("button", { name: "Live" }).click();
        await page.locator(".event-rows summary").first().click();
      },
    },
    {
      name: "person",
      address: "#/events",
      before: async (page) => {
        await page.getByRole("button", { name: "Live" }).click();
        await page.locator(".event-rows summary").first().click();
        await page.locator(".event-detail a").first().click();
        await page.locator("person-page .event-rows").waitFor();
      },
    },
    { name: "cohorts", address: "#/cohorts" },
    {
      name: "cohort",
      address: `#/cohorts/${cohort.cohort_id}`,
      before: (page) => page.locator("cohort-view tbody tr").first().waitFor(),
    },
    {
      name: "cohort-form",
      address: `#/cohorts/${cohort.cohort_id}/edit`,
      before: (page) => page.locator("rule-editor .part").nth(1).waitFor(),
    },
    { name: "keys", address: "#/keys" },
    {
      name: "system",
      address: "#/system",
      as: "owner",
      before: (page) => page.locator(".spark").first().waitFor(),
    },
    ...(await governancePictures(ask, undo)),
  ];
}

async function answers(page: Page): Promise<void> {
  await page.locator("answer-preview tidemark-widget").first().waitFor();
  await page.waitForFunction(() => document.querySelectorAll(".answer-frame[aria-busy=true]").length === 0);
  await drawn(page);
}

async function widgets(page: Page): Promise<void> {
  await page.locator("tidemark-report tidemark-widget").first().waitFor();
  await page.locator("tidemark-chart canvas").first().waitFor();
}

const undo: (() => Promise<unknown>)[] = [];

async function take(browser: Browser, picture: Picture, width: number, dark: boolean): Promise<void> {
  const { context, page, complaints } = await openPage(browser, {
    width,
    height: width < 600 ? 780 : 900,
    dark,
  });
  page.setDefaultTimeout(15_000);
  if (picture.as) {
    await actAs(page, key, picture.as);
  } else {
    await page.addInitScript((secret) => {
      if (globalThis.parent === globalThis.self) sessionStorage.setItem("tidemark.key", secret);
    }, key);
  }
  for (const [path, handler] of Object.entries(picture.answers ?? {})) {
    await page.route(path, handler);
  }
  await page.goto(`${base}/${picture.address}`);
  await page.locator("main .page-head").waitFor();
  await picture.before?.(page);
  if (!picture.name.endsWith("loading"))
    await page.waitForFunction(() => !document.querySelector("main [data-state=loading]"));
  // As high as the whole page, so that what sticks to the window's edge is where it belongs.
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  if (!picture.name.startsWith("add-"))
    await page.setViewportSize({
      width,
      height: Math.min(Math.max(height, 640), picture.few ? FEW_MOST_PIXELS : MOST_PIXELS),
    });
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.waitForFunction(() => document.querySelectorAll(".answer-frame[aria-busy=true]").length === 0);
  const path = join(out, `${picture.name}-${width}-${dark ? "dark" : "light"}.png`);
  await page.screenshot({ path });
  const { size } = await stat(path);
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  console.log(
    `${path.slice(out.length + 1)} ${Math.round(size / 1024)} kB${beyond > 0 ? ` BEYOND ${beyond}` : ""}${complaints.length ? ` COMPLAINTS ${complaints}` : ""}`,
  );
  await context.close();
}

await mkdir(out, { recursive: true });
const browser = await launchChromium();
try {
  const wanted = values.only.split(",").filter((name) => name !== "");
  for (const picture of await pictures()) {
    if (wanted.length > 0 && !wanted.includes(picture.name)) continue;
    for (const width of WIDTHS) {
      for (const dark of [false, true]) {
        if (picture.few && (width === WIDTHS[0]) !== dark) continue;
        await take(browser, picture, width, dark).catch((cause: unknown) => {
          console.error(`${picture.name} ${width}: ${String(cause).slice(0, 300)}`);
          process.exitCode = 1;
        });
      }
    }
  }
} finally {
  await browser.close();
  for (const task of undo) await task().catch(() => null);
}
