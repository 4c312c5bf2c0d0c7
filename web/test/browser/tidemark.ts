import type { Browser, Locator, Page } from "playwright-core";
import { actAs } from "./acting";
import { asker } from "./asker";
import { openPage, type PageSetting, type WatchedPage } from "./chromium";

/** A started server with its demo, and the key of its tenant, as `./tidemark test` provides them. */
export const server = process.env.TIDEMARK_URL ?? "";
export const key = process.env.TIDEMARK_SECRET_KEY ?? "";

/** Asks the server itself, beside the page. */
export const api = asker(server, key);

/** The dashboard at one of its addresses, signed in. */
export async function openDashboard(
  browser: Browser,
  address: string,
  setting: PageSetting & { readonly as?: "owner" | "viewer" } = {},
): Promise<WatchedPage> {
  const watched = await openPage(browser, { height: 1000, ...setting });
  watched.page.setDefaultTimeout(15_000);
  if (setting.as) {
    await actAs(watched.page, key, setting.as);
  } else {
    await watched.page.addInitScript((secret) => {
      // Not in the frames of other documents, which have no storage of their own.
      if (globalThis.parent === globalThis.self) sessionStorage.setItem("tidemark.key", secret);
    }, key);
  }
  await watched.page.goto(`${server}/${address}`);
  await watched.page.locator("main .page-head").waitFor();
  return watched;
}

/** Chooses an entry of a field that suggests. */
export async function pick(scope: Page | Locator, label: string, value: string, at = 0): Promise<void> {
  const box = scope.getByRole("combobox", { name: label, exact: true }).nth(at);
  await box.fill(value);
  await scope.locator("[role=option]", { hasText: value }).first().waitFor();
  await box.press("Enter");
  await box.press("Tab");
}

/** Waits until an answer is drawn without a problem. */
export async function answered(scope: Page | Locator): Promise<void> {
  const widget = scope.locator("answer-preview tidemark-widget").first();
  await widget
    .locator(
      "tidemark-chart, tidemark-number, tidemark-table, tidemark-funnel, tidemark-grid, tidemark-flow, [data-state=empty]",
    )
    .first()
    .waitFor();
}
