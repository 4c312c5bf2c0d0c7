import { mkdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Browser, Page } from "playwright-core";
import type { Problem } from "../packages/widgets/src/api";
import { drawn, launchChromium, openPage, type PageSetting } from "../test/browser/chromium";
import { fullReport } from "../test/mock/fixtures";
import { MockServer, TOKEN } from "../test/mock/server";

/**
 * Takes the pictures of the documentation.
 *
 *   npm run screenshots                                      made-up numbers
 *   npm run screenshots -- --base URL --embed-url URL   a running server
 *   npm run screenshots -- --states                          each state of an embedded report, into docs/screenshots/embed
 *   npm run screenshots -- --every-state --out DIR           each state at each width, light and dark, to look at
 */
const { values } = parseArgs({
  options: {
    base: { type: "string" },
    "embed-url": { type: "string" },
    out: { type: "string" },
    "every-state": { type: "boolean", default: false },
    states: { type: "boolean", default: false },
    only: { type: "string", default: "" },
  },
});
const root = resolve(import.meta.dirname, "..");
const out = resolve(
  values.out ?? join(root, values.states ? "../docs/screenshots/embed" : "../docs/screenshots"),
);
const mock = values.base ? null : await MockServer.start(join(root, "dist"));
const base = values.base ?? mock?.url ?? "";

interface Picture extends PageSetting {
  readonly name: string;
  readonly address: string;
  readonly full?: boolean;
  readonly before?: () => void;
  /** What happens once the page is drawn, and what is then to be seen. */
  readonly afterwards?: { readonly happens: () => void; readonly seen: string };
  /** A point of the first chart to rest the mouse on, as parts of its width and height. */
  readonly hover?: readonly [number, number];
  /** What somebody does in the page. */
  readonly act?: (page: Page) => Promise<void>;
  readonly settle?: "drawn" | "message" | "loading";
}

const embedUrl = values["embed-url"] ?? `${base}/embed/reports/full?token=${TOKEN}`;

function ofDocumentation(): Picture[] {
  const before = () => {
    if (mock) mock.streaming = true;
  };
  return [
    { name: "report-light", address: embedUrl, width: 1280, height: 830, before },
    { name: "report-dark", address: embedUrl, width: 1280, height: 830, dark: true, before },
    { name: "host-page", address: `${base}/demo/host`, width: 1440, height: 900, before },
  ];
}

function ofEveryState(): Picture[] {
  const embed = (id: string, token = TOKEN) => `${base}/embed/reports/${id}?token=${token}`;
  const states: Picture[] = [
    { name: "full", address: embed("full") },
    { name: "empty", address: embed("empty"), settle: "message" },
    { name: "errors", address: embed("errors") },
    { name: "stale", address: embed("stale"), height: 360 },
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
    ...ofChoices(embed("choice")),
    ...ofCrowds(embed("full")),
    { name: "analyses", address: embed("analyses") },
    { name: "analyses-empty", address: embed("analyses-empty"), settle: "message" },
    { name: "analyses-huge", address: embed("analyses-huge") },
    { name: "host", address: `${base}/demo/host` },
    { name: "hover", address: embed("full"), hover: [0.8, 0.5] },
  ];
  return states
    .filter((state) => values.only === "" || values.only.split(",").includes(state.name))
    .flatMap((state) =>
      (values.states ? [360, 1280] : [360, 768, 1280, 1600]).flatMap((width) =>
        (values.states ? [width === 360] : [false, true]).map((dark) => ({
          ...state,
          name: `${state.name}-${width}-${dark ? "dark" : "light"}`,
          width,
          dark,
          full: !values.states,
        })),
      ),
    );
}

/** A report in which viewers may choose, and look behind its numbers. */
function ofChoices(address: string): Picture[] {
  const behind = (page: Page) => page.locator("tidemark-widget[data-widget=w1] .value button").click();
  return [
    { name: "choices", address, act: (page) => page.locator("tidemark-controls").waitFor() },
    {
      name: "choices-open",
      address,
      act: async (page) => {
        await page.getByLabel("Period").selectOption("custom");
        await page.locator("tidemark-value-picker summary").first().click();
        await page.getByRole("checkbox", { name: "DE" }).check();
      },
    },
    {
      name: "behind-people",
      address,
      act: async (page) => {
        await behind(page);
        await page.getByRole("dialog").getByText("anna@acme.example").waitFor();
      },
    },
    {
      name: "behind-events",
      address,
      act: async (page) => {
        await behind(page);
        await page.getByRole("button", { name: "Events", exact: true }).click();
        await page.getByRole("dialog").getByText("purchase").first().waitFor();
      },
    },
  ];
}

/** A report that more want to see than the server has room for. */
function ofCrowds(address: string): Picture[] {
  const full: Problem = { title: "Too many requests", status: 429, code: "rate_limited", limit: "viewers" };
  return [
    {
      name: "crowded",
      address,
      height: 360,
      before: () => {
        if (mock) mock.streamFailure = full;
      },
      act: (page) => page.locator("[data-badge=crowded]").waitFor(),
    },
    {
      name: "too-many",
      address,
      settle: "message",
      before: () => {
        if (mock) mock.failure = full;
      },
    },
  ];
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
  return states.map(([name, happens, seen]) => ({
    name,
    address,
    height: 360,
    before,
    afterwards: { happens, seen },
  }));
}

async function take(browser: Browser, picture: Picture): Promise<void> {
  mock?.reset();
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
  await picture.act?.(page);
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
  for (const picture of values["every-state"] || values.states ? ofEveryState() : ofDocumentation())
    await take(browser, picture);
} finally {
  await browser.close();
  await mock?.close();
}
