import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drawn, launchChromium, openPage, type WatchedPage } from "./chromium";
import { HostSite } from "./host-site";

/** A started server with its demo, and the key of its tenant, as `./tidemark test` provides them. */
const server = process.env.TIDEMARK_URL;
const key = process.env.TIDEMARK_SECRET_KEY;

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
    await expect
      .poll(() => frame.locator("tidemark-chart canvas").count(), { timeout: 20_000 })
      .toBeGreaterThan(3);
    await frame
      .getByText(/from \d/)
      .first()
      .waitFor();
    expect(host.complaints).toEqual([]);
  });

  it("tells the server what is done on the other product's page", async () => {
    const sent = host.page.waitForResponse((response) => response.url().includes("/api/v1/events?key="));
    await host.page.getByText("Newsletter").click();
    expect((await sent).status()).toBe(202);
  });

  it("turns green when the script tag of the events view is pasted into a page", async () => {
    const watched = await openPage(browser);
    await watched.page.goto(`${server}/#key=${key}`);
    await watched.page.getByRole("link", { name: "Events" }).click();
    await watched.page.locator("first-event li").first().waitFor();
    await watched.page.getByRole("button", { name: "Put a new write key in" }).click();
    const tag = watched.page.locator("copyable-code", { hasText: "HTML" }).locator("pre");
    await expect.poll(() => tag.innerText()).toContain('data-write-key="wk_');
    const site = await HostSite.start();
    try {
      const html = `<!doctype html><html lang="en"><title>Pasted</title>${await tag.innerText()}</html>`;
      const policy = `default-src 'none'; script-src ${server} 'unsafe-inline'; connect-src ${server}`;
      const page = await watched.context.newPage();
      await page.goto(site.put("/pasted", html, policy));
      await watched.page.locator("[data-arrived=hello]").waitFor({ timeout: 20_000 });
    } finally {
      await site.close();
    }
    expect(watched.complaints).toEqual([]);
    await watched.context.close();
  });

  it("removes the token from the address of the embedded page", async () => {
    const embedded = host.page.frames().find((frame) => frame.url().includes("/embed/reports/"));
    await expect.poll(() => embedded?.url()).not.toContain("token=");
  });

  it("draws the start page and its preview under its own content policy", async () => {
    const watched = await openPage(browser);
    await watched.page.goto(`${server}/#key=${key}`);
    await drawn(watched.page);
    await watched.page.getByRole("button", { name: "Embed" }).click();
    await watched.page
      .frameLocator("iframe.preview")
      .locator("tidemark-chart canvas")
      .first()
      .waitFor({ timeout: 20_000 });
    expect(watched.complaints).toEqual([]);
    await watched.context.close();
  });

  it("says in styled words why an embedded page shows nothing", async () => {
    const watched = await openPage(browser);
    await watched.page.goto(`${server}/embed/reports/any?token=x.y.z`);
    await watched.page.getByText("The token of this report is not valid.").waitFor();
    expect(await watched.page.evaluate(() => getComputedStyle(document.body).display)).toBe("grid");
    expect(watched.complaints).toEqual([]);
    await watched.context.close();
  });

  it.each(["/", "/demo/host", "/embed/reports/any"])(
    "allows no inline code or foreign file on %s",
    async (path) => {
      const policy = (await fetch(server + path)).headers.get("Content-Security-Policy") ?? "";
      expect(policy).toMatch(/^default-src 'self'; object-src 'none'; base-uri 'none'; /);
      expect(policy).not.toMatch(/unsafe|data:|\*/);
    },
  );
});
