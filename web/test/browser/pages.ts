import { resolve } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { MockServer } from "../mock/server";
import { launchChromium, openPage, type PageSetting, type WatchedPage } from "./chromium";

/** The browser of a test file and the pages that its test under way has opened. */
export class Pages {
  #browser: Browser | null = null;
  #opened: WatchedPage[] = [];

  /** A browser for the tests of this file. A test fails when one of its pages complained about anything. */
  static forThisFile(): Pages {
    const pages = new Pages();
    beforeAll(async () => {
      pages.#browser = await launchChromium();
    });
    afterAll(async () => {
      await pages.#browser?.close();
    });
    afterEach(async () => {
      const complaints = pages.#opened.flatMap((watched) => watched.complaints);
      for (const { context } of pages.#opened) await context.close();
      pages.#opened = [];
      expect(complaints, "console errors, missing files and policy violations").toEqual([]);
    });
    return pages;
  }

  /** A new page in a context of its own. */
  async open(address: string, setting: PageSetting = {}): Promise<Page> {
    if (!this.#browser) throw new Error("the browser has not been started");
    const watched = await openPage(this.#browser, setting);
    this.#opened.push(watched);
    await watched.page.goto(address);
    return watched.page;
  }
}

/** A server with made-up numbers for the tests of this file, as it was at first before each of them. */
export function mockForThisFile(): MockServer {
  const mock = new MockServer(resolve(import.meta.dirname, "../../dist"));
  beforeAll(() => mock.listen());
  beforeEach(() => mock.reset());
  afterAll(() => mock.close());
  return mock;
}

export const widgetOf = (page: Page, id: string): Locator =>
  page.locator(`tidemark-widget[data-widget=${id}]`);

/** By how many pixels a page is wider than its window. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
