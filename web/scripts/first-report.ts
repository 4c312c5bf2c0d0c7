import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromium, type Page } from "playwright-core";
import { asker } from "../test/browser/asker";

/**
 * Measures how long a first report takes to be painted: each run has a browser and a profile of its own, so nothing is kept from
 * the one before; the server is warm.
 *
 *   npm run first-report -- --base URL --key sk_... --runs 20
 *   npm run first-report -- --base URL --key sk_... --requests     and every request of the last run
 *
 * The time counts from the navigation in an empty tab to the first frame in which every chart of the report that is in sight has
 * its canvas. Of the two places the embed page is given an address with a token, the dashboard a session.
 */
const { values } = parseArgs({
  options: {
    base: { type: "string", default: "http://127.0.0.1:8080" },
    key: { type: "string", default: "" },
    runs: { type: "string", default: "20" },
    requests: { type: "boolean", default: false },
  },
});
const { base, key } = values;
const runs = Number(values.runs);

/** What of a page's first second is told, in the order in which it happens; milliseconds from the navigation. */
const STEPS = [
  ["html", "the page has arrived"],
  ["scripts", "the last script that the page begins with has arrived"],
  ["asked", "the report is asked for"],
  ["answered", "the first byte of the report is there"],
  ["charts", "the chart library has arrived"],
  ["numbers", "the first number is painted"],
  ["painted", "the charts are painted"],
] as const;
type Step = (typeof STEPS)[number][0];
type Run = Readonly<Record<Step, number | null>>;

const ask = asker(base, key);

/** Looks at every frame from the start, in the page, and keeps when something was first there. */
function watch(): void {
  if (globalThis.parent !== globalThis.self) return;
  const seen: Record<string, number> = {};
  Object.assign(globalThis, { firstReport: seen });
  const { fetch } = globalThis;
  globalThis.fetch = async (input, init) => {
    const address = input instanceof Request ? input.url : String(input);
    if (!/\/api\/v1\/reports\/[^/]+(\/stream)?(\?|$)/.test(address)) return fetch(input, init);
    seen.asked ??= performance.now();
    const answer = await fetch(input, init);
    seen.answered ??= performance.now();
    return answer;
  };
  const within = (root: Document | ShadowRoot): Element[] =>
    [...root.querySelectorAll("*")].flatMap((element) => [
      element,
      ...(element.shadowRoot ? within(element.shadowRoot) : []),
    ]);
  const look = () => {
    // What is looked at here has been painted by the frame before.
    const all = within(document);
    const now = performance.now();
    if (
      all.some(
        (element) => element.localName === "tidemark-number" && element.shadowRoot?.querySelector(".value"),
      )
    )
      seen.numbers ??= now;
    const charts = all.filter(
      (element) =>
        element.localName === "tidemark-chart" && element.getBoundingClientRect().top < innerHeight,
    );
    if (
      charts.length > 0 &&
      charts.every((chart) => (chart.shadowRoot?.querySelector("canvas")?.width ?? 0) > 0)
    )
      seen.painted ??= now;
    if (seen.painted === undefined) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

async function read(page: Page): Promise<Run> {
  return page.evaluate(() => {
    const seen = (globalThis as unknown as { firstReport: Record<string, number> }).firstReport;
    const [page] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
    const files = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
    const scripts = files.filter(({ name }) =>
      /\/(elements|request|embed-page|index|report-view)-[^/]+\.js$/.test(name),
    );
    const charts = files.find(({ name }) => name.includes("chart-canvas"));
    return {
      html: page?.responseEnd ?? null,
      scripts: scripts.length > 0 ? Math.max(...scripts.map(({ responseEnd }) => responseEnd)) : null,
      asked: seen.asked ?? null,
      answered: seen.answered ?? null,
      charts: charts?.responseEnd ?? null,
      numbers: seen.numbers ?? null,
      painted: seen.painted ?? null,
    };
  });
}

async function requests(page: Page): Promise<readonly string[]> {
  return page.evaluate(() =>
    (performance.getEntriesByType("resource") as PerformanceResourceTiming[]).map(
      ({ name, startTime, responseStart, responseEnd, transferSize }) =>
        `${Math.round(startTime)} ${Math.round(responseStart)} ${Math.round(responseEnd)} ${transferSize} ${new URL(name).pathname}`,
    ),
  );
}

async function once(address: string, session: boolean): Promise<readonly [Run, readonly string[]]> {
  const profile = await mkdtemp(join(tmpdir(), "tidemark-first-report-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.TIDEMARK_CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
    ],
    viewport: { width: 1280, height: 900 },
  });
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    await page.addInitScript(watch);
    if (session) await page.addInitScript((secret) => sessionStorage.setItem("tidemark.key", secret), key);
    await page.goto(address, { waitUntil: "commit" });
    await page.waitForFunction(
      () =>
        (globalThis as unknown as { firstReport?: Record<string, number> }).firstReport?.painted !==
        undefined,
      undefined,
      { timeout: 30_000 },
    );
    return [await read(page), await requests(page)];
  } finally {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  }
}

function percentile(sorted: readonly number[], part: number): string {
  const value = sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)];
  return value === undefined ? "–" : String(Math.round(value));
}

const { reports } = await ask<{ reports: readonly { report_id: string; widget_count: number }[] }>(
  "GET",
  "/api/v1/reports",
);
const report = [...reports].sort((one, other) => other.widget_count - one.widget_count)[0]?.report_id ?? "";
const { token } = await ask<{ token: string }>("POST", `/api/v1/reports/${report}/embed-tokens`, {});
const places = [
  ["embedded", `${base}/embed/reports/${report}?token=${token}`, false],
  ["dashboard", `${base}/#/reports/${report}`, true],
] as const;

// The server's own code is compiled and its answers are warm after a few.
for (const [, address, session] of places) for (let run = 0; run < 3; run += 1) await once(address, session);
const measured = new Map<string, Run[]>(places.map(([name]) => [name, []]));
let last: readonly string[] = [];
for (let run = 0; run < runs; run += 1) {
  for (const [name, address, session] of places) {
    const [steps, files] = await once(address, session);
    measured.get(name)?.push(steps);
    last = files;
    if (values.requests && run === runs - 1)
      console.log(`\n${name}: start, first byte, end (ms), bytes\n${last.join("\n")}`);
  }
}
for (const [name, all] of measured) {
  console.log(`\n${name}, ${all.length} runs, milliseconds   p50   p95   least   most`);
  for (const [step, words] of STEPS) {
    const sorted = all.flatMap((run) => run[step] ?? []).sort((one, other) => one - other);
    const columns = [0.5, 0.95].map((part) => percentile(sorted, part));
    console.log(
      `  ${words.padEnd(56)}${[...columns, percentile(sorted, 0), percentile(sorted, 1)].map((each) => each.padStart(6)).join("")}`,
    );
  }
}
