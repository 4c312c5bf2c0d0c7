import { mkdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Browser } from "playwright-core";
import { drawn, launchChromium, openPage, type PageSetting } from "../test/browser/chromium";
import { fullReport } from "../test/mock/fixtures";
import { MockServer, SECRET_KEY, TOKEN } from "../test/mock/server";

/**
 * Takes the pictures of the documentation.
 *
 *   npm run screenshots                                      made-up numbers
 *   npm run screenshots -- --base URL --embed-url URL --key sk_...   a running server
 *   npm run screenshots -- --every-state --out DIR           each state at each width, light and dark, to look at
 */
const { values } = parseArgs({
  options: {
    base: { type: "string" },
    "embed-url": { type: "string" },
    key: { type: "string" },
    out: { type: "string" },
    "every-state": { type: "boolean", default: false },
    only: { type: "string", default: "" },
  },
});
const root = resolve(import.meta.dirname, "..");
const out = resolve(values.out ?? join(root, "../docs/screenshots"));
const mock = values.base ? null : await MockServer.start(join(root, "dist"));
const base = values.base ?? mock?.url ?? "";

interface Picture extends PageSetting {
  readonly name: string;
  readonly address: string;
  readonly full?: boolean;
  readonly before?: () => void;
  /** What happens once the page is drawn, and what is then to be seen. */
  readonly afterwards?: { readonly happens: () => void; readonly seen: string };
  /** What to click once the page is drawn, in order. */
  readonly click?: readonly string[];
  /** A point of the first chart to rest the mouse on, as parts of its width and height. */
  readonly hover?: readonly [number, number];
  readonly settle?: "drawn" | "message" | "loading";
}

const embedUrl = values["embed-url"] ?? `${base}/embed/reports/full?token=${TOKEN}`;
const key = values.key ?? SECRET_KEY;

function ofDocumentation(): Picture[] {
  const before = () => {
    if (mock) mock.streaming = true;
  };
  return [
    { name: "report-light", address: embedUrl, width: 1280, height: 830, before },
    { name: "report-dark", address: embedUrl, width: 1280, height: 830, dark: true, before },
    { name: "host-page", address: `${base}/demo/host`, width: 1440, height: 900, before },
    { name: "start-page", address: `${base}/#key=${key}`, width: 1440, height: 900, before },
  ];
}

function ofEveryState(): Picture[] {
  const embed = (id: string, token = TOKEN) => `${base}/embed/reports/${id}?token=${token}`;
  const states: Picture[] = [
    { name: "full", address: embed("full") },
    { name: "empty", address: embed("empty"), settle: "message" },
    { name: "errors", address: embed("errors") },
    { name: "stale", address: embed("stale") },
    { name: "long", address: embed("long") },
    { name: "bare", address: embed("bare"), settle: "message" },
    { name: "expired", address: embed("full", "old"), settle: "message" },
    {
      name: "forbidden",
      address: embed("full"),
      settle: "message",
      before: () => {
        if (mock)
          mock.failure = { title: "Forbidden", status: 403, detail: "This report is not shared with you." };
      },
    },
    {
      name: "loading",
      address: embed("full"),
      settle: "loading",
      before: () => {
        if (mock) mock.silent = true;
      },
    },
    ...ofFreshness(embed("paced")),
    { name: "analyses", address: embed("analyses") },
    { name: "analyses-empty", address: embed("analyses-empty"), settle: "message" },
    { name: "analyses-huge", address: embed("analyses-huge") },
    { name: "host", address: `${base}/demo/host` },
    { name: "start", address: `${base}/#key=${key}` },
    { name: "embed", address: `${base}/#key=${key}`, click: ["text=Embed"] },
    { name: "explore", address: `${base}/#key=${key}`, click: ["text=Explore"] },
    ...["Number", "Funnel", "Retention", "Cohorts", "Stickiness"].map((kind) => ({
      name: `explore-${kind.toLowerCase()}`,
      address: `${base}/#key=${key}`,
      click: ["text=Explore", `text=${kind}`],
    })),
    { name: "templates", address: `${base}/#key=${key}`, click: ["text=New report from template"] },
    { name: "events", address: `${base}/#key=${key}`, click: ["text=Events"] },
    { name: "hover", address: embed("full"), hover: [0.8, 0.5] },
    { name: "sign-in", address: `${base}/`, settle: "message" },
  ];
  return states
    .filter((state) => values.only === "" || values.only.split(",").includes(state.name))
    .flatMap((state) =>
      [360, 768, 1280, 1600].flatMap((width) =>
        [false, true].map((dark) => ({
          ...state,
          name: `${state.name}-${width}-${dark ? "dark" : "light"}`,
          width,
          dark,
          full: true,
        })),
      ),
    );
}

/** A report that moves by itself and one of whose widgets does not, in all that can be said of that. */
function ofFreshness(address: string): Picture[] {
  const before = () => {
    if (!mock) return;
    mock.streaming = true;
    const report = fullReport();
    const live = {
      mode: "refresh",
      every_seconds: 30,
      reason: "not_incremental",
    } as const;
    const widgets = report.widgets.map((widget, at) => (at % 3 === 1 ? { ...widget, live } : widget));
    mock.reports.set("paced", { ...report, report_id: "paced", widgets });
  };
  const change = () => {
    const newest_at = new Date(Date.now() - 200).toISOString();
    const patch = [{ op: "replace", path: "/generated_at", value: new Date().toISOString() }];
    mock?.tell("delta", { patch, position: 2, newest_at });
  };
  const stop = () => {
    if (mock) mock.failure = { title: "Stopping", status: 503 };
    mock?.tell("end", { reason: "shutting_down" });
  };
  const states: readonly [string, () => void, string][] = [
    ["live", change, "[data-badge=live]"],
    ["late", () => mock?.tell("stale", { lag_seconds: 12 }), "[data-badge=late]"],
    ["reconnecting", stop, "[data-badge=reconnecting]"],
    ["token-over", () => mock?.tell("end", { reason: "token_expired" }), "[data-badge=expired]"],
    ["revoked", () => mock?.tell("end", { reason: "revoked" }), "[data-state=forbidden]"],
  ];
  return states.map(([name, happens, seen]) => ({ name, address, before, afterwards: { happens, seen } }));
}

async function take(browser: Browser, picture: Picture): Promise<void> {
  mock?.reset();
  mock?.events.push(
    ...["page_view", "purchase", "sign_up", "page_view"].map((event_type, at) => ({
      event_id: String(at),
      event_type,
      timestamp: new Date(Date.now() - at * 21_000).toISOString(),
    })),
  );
  picture.before?.();
  const { context, page, complaints } = await openPage(browser, picture);
  await page.goto(picture.address);
  if (picture.settle === "message") await page.locator("[data-state], form").first().waitFor();
  else if (picture.settle === "loading") await page.locator("[data-state=loading]").waitFor();
  else if (picture.address.includes("/demo/host")) {
    const frame = page.frameLocator("iframe");
    await frame.locator("canvas").first().waitFor();
    await page.waitForFunction(() => (document.querySelector("iframe")?.offsetHeight ?? 480) !== 480);
  } else await drawn(page);
  if (picture.afterwards) {
    picture.afterwards.happens();
    await page.locator(picture.afterwards.seen).first().waitFor();
  }
  for (const selector of picture.click ?? []) {
    await page.locator("header.bar, .chosen, .kinds").locator(selector).first().click();
    await page
      .locator("first-event li, question-explorer tidemark-widget, .lacking, .templates, embed-panel iframe")
      .first()
      .waitFor();
    const preview = page.locator("embed-panel iframe");
    if ((await preview.count()) > 0) await preview.contentFrame().locator("canvas").first().waitFor();
  }
  if (picture.hover) {
    const box = await page.locator("tidemark-chart canvas").first().boundingBox();
    if (box)
      await page.mouse.move(box.x + box.width * picture.hover[0], box.y + box.height * picture.hover[1]);
  }
  // Two frames: one to lay out, one to paint.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const path = join(out, `${picture.name}.png`);
  await page.screenshot({ path, fullPage: picture.full ?? false });
  const { size } = await stat(path);
  console.log(
    `${picture.name}.png ${Math.round(size / 1024)} kB${complaints.length ? ` COMPLAINTS ${complaints}` : ""}`,
  );
  await context.close();
}

await mkdir(out, { recursive: true });
const browser = await launchChromium();
try {
  for (const picture of values["every-state"] ? ofEveryState() : ofDocumentation())
    await take(browser, picture);
} finally {
  await browser.close();
  await mock?.close();
}
