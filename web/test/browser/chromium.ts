import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

/** Starts the installed Chromium, or says how to name one. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = process.env.TIDEMARK_CHROMIUM ?? "/usr/bin/chromium";
  if (!existsSync(executablePath)) {
    throw new Error(`There is no Chromium at ${executablePath}; set TIDEMARK_CHROMIUM to one.`);
  }
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}

/** What pages ask, as opposed to the files that they are made of. */
const ASKED = /^\/(api|v1|health|host|demo\/embed-url|openapi)(\/|$)|^\/embed\/reports\//;

/** A page whose console errors, uncaught errors and policy violations are collected. */
export interface WatchedPage {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly complaints: string[];
}

export interface PageSetting {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
  /** Without the policies that pages are served with, to see what holds without them. */
  readonly withoutPolicy?: boolean;
}

export async function openPage(browser: Browser, setting: PageSetting = {}): Promise<WatchedPage> {
  const context = await browser.newContext({
    viewport: { width: setting.width ?? 1280, height: setting.height ?? 900 },
    bypassCSP: setting.withoutPolicy ?? false,
    colorScheme: setting.dark ? "dark" : "light",
    reducedMotion: "reduce",
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    // A refused question is logged by the browser itself; the tests of those states ask for it. A missing file is a defect.
    const refused =
      /^(Failed to load resource|WebSocket connection to '[^']*' failed)/.test(message.text()) &&
      (message.text().startsWith("WebSocket") || ASKED.test(new URL(message.location().url).pathname));
    // The tests read pixels from the charts, which the browser has an opinion on.
    const readback = message.text().includes("willReadFrequently");
    if (readback) return;
    if ((message.type() === "error" || message.type() === "warning") && !refused)
      complaints.push(`${message.text()} ${message.location().url}`);
  });
  page.on("pageerror", (error) => complaints.push(`uncaught: ${error.message}`));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      // Read by the console listener.
      globalThis.reportError(new Error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
    });
  });
  return { context, page, complaints };
}

/** Waits until every chart of the page has its canvas and fonts and layout have settled. */
export async function drawn(page: Page): Promise<void> {
  await page.locator("tidemark-widget").first().waitFor();
  await page.waitForFunction(() => {
    const all: Element[] = [];
    const walk = (root: Document | ShadowRoot) => {
      for (const element of root.querySelectorAll("*")) {
        all.push(element);
        if (element.shadowRoot) walk(element.shadowRoot);
      }
    };
    walk(document);
    return all
      .filter((element) => element.localName === "tidemark-chart")
      .every((chart) => (chart.shadowRoot?.querySelector("canvas")?.width ?? 0) > 0);
  });
}
