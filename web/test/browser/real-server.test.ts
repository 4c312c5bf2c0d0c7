import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium, openPage, type WatchedPage } from "./chromium";

/** A started server with its demo, as `./tidemark test` provides it. */
const server = process.env.TIDEMARK_URL;

describe.skipIf(!server)("a real server", () => {
  let browser: Awaited<ReturnType<typeof launchChromium>>;
  let host: WatchedPage;

  beforeAll(async () => {
    browser = await launchChromium();
    host = await openPage(browser, { width: 1280, height: 1600 });
  });
  afterAll(async () => {
    await browser.close();
  });

  it("shows a report of real charts inside another product's page", async () => {
    await host.page.goto(`${server}/demo/host`);
    const frame = host.page.frameLocator("iframe");
    await frame.getByText("Product overview").waitFor();
    await expect.poll(() => frame.locator("tidemark-chart canvas").count(), { timeout: 20_000 }).toBeGreaterThan(3);
    await expect
      .poll(async () => (await frame.locator("tidemark-number").first().innerText()).replace(/\D/g, "").length, {
        timeout: 20_000,
      })
      .toBeGreaterThan(0);
    expect(host.complaints).toEqual([]);
  });

  it("removes the token from the address of the embedded page", async () => {
    const embedded = host.page.frames().find((frame) => frame.url().includes("/embed/reports/"));
    await expect.poll(() => embedded?.url()).not.toContain("token=");
  });
});
