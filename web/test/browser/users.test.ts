import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { findings } from "./axe";
import { launchChromium, openPage, type PageSetting, type WatchedPage } from "./chromium";
import { OwnServer } from "./own-server";
import { overflowOf } from "./pages";

const PASSWORD = "correct horse battery";

interface Link {
  readonly link?: string;
  readonly url?: string;
}

describe("the users of a server", () => {
  let browser: Browser;
  let server: OwnServer;
  let opened: WatchedPage[] = [];

  beforeAll(async () => {
    browser = await launchChromium();
    server = await OwnServer.start();
    await enter(
      await server.ask<Link>("/api/v1/setup-links", {}, server.operatorKey),
      "ada@example.com",
      "Ada",
    );
    for (const [name, role] of [
      ["bert", "editor"],
      ["cleo", "viewer"],
    ] as const) {
      const email = `${name}@example.com`;
      await enter(await server.ask<Link>("/api/v1/invitations", { email, role }), email, name);
    }
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });
  afterEach(async () => {
    for (const { context } of opened) await context.close();
    opened = [];
  });

  /** Takes a one-time link, which makes an account. */
  async function enter(made: Link, email: string, name: string): Promise<void> {
    const link = new URLSearchParams((made.url ?? "").split("#")[1]).get("link") ?? "";
    await server.ask("/api/v1/links/accept", { link, email, name, password: PASSWORD });
  }

  async function signedIn(name: string, address: string, setting: PageSetting = {}): Promise<Page> {
    const watched = await openPage(browser, { height: 900, width: 1280, ...setting });
    opened.push(watched);
    const { page } = watched;
    page.setDefaultTimeout(15_000);
    await page.goto(`${server.url}/`);
    await page.getByLabel("E-mail address").fill(`${name}@example.com`);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.locator("main .page-head").waitFor();
    await page.goto(`${server.url}/${address}`);
    await page.locator("main .page-head, main [data-state]").first().waitFor();
    return page;
  }

  const row = (page: Page, name: string) => page.locator("ul.users > li", { hasText: name });

  it("are listed, signed out and kept out, let in again, and removed, each after a question", async () => {
    const theirs = await signedIn("bert", "#/reports");
    const page = await signedIn("ada", "#/users");
    await row(page, "bert@example.com").waitFor();
    expect(await page.locator("ul.users > li").count()).toBe(3);
    expect(await row(page, "ada@example.com").innerText()).toContain("administrator");
    expect(
      await row(page, "ada@example.com").getByRole("button").count(),
      "nobody locks themselves out",
    ).toBe(0);
    expect(await row(page, "bert@example.com").innerText()).toContain("editor");

    await page.getByRole("button", { name: "Disable bert" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    expect(await row(page, "bert@example.com").innerText()).not.toContain("disabled");
    await page.getByRole("button", { name: "Disable bert" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByRole("button", { name: "Disable" }).click();
    await expect.poll(() => row(page, "bert@example.com").innerText()).toContain("disabled");
    await theirs.reload();
    await theirs.getByLabel("E-mail address").fill("bert@example.com");
    await theirs.getByLabel("Password").fill(PASSWORD);
    await theirs.getByRole("button", { name: "Sign in" }).click();
    await expect.poll(() => theirs.locator("#problem").innerText()).not.toBe("");

    await page.getByRole("button", { name: "Enable bert" }).click();
    await expect.poll(() => row(page, "bert@example.com").innerText()).not.toContain("disabled");
    await theirs.getByRole("button", { name: "Sign in" }).click();
    await theirs.locator("main .page-head").waitFor();

    await page.getByLabel("Search").fill("cleo");
    await expect.poll(() => page.locator("ul.users > li").count()).toBe(1);
    await page.getByRole("button", { name: "Remove cleo" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await page.getByText("Nobody is called so").waitFor();
    await page.getByLabel("Search").fill("");
    await expect.poll(() => page.locator("ul.users > li").count()).toBe(2);
  }, 90_000);

  it("are for administrators alone", async () => {
    const page = await signedIn("bert", "#/users");
    expect(await page.locator("nav").getByText("Users of this server").count()).toBe(0);
    expect(await page.locator("ul.users").count()).toBe(0);
  }, 60_000);

  it.each([
    { width: 360, dark: true },
    { width: 1280, dark: false },
  ])(
    "fit and have no serious finding (%o)",
    async (setting) => {
      const page = await signedIn("ada", "#/users", setting);
      await row(page, "bert@example.com").waitFor();
      expect(await overflowOf(page)).toBe(0);
      expect(await findings(page)).toEqual([]);
    },
    60_000,
  );
});
