import { resolve } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { MockServer, PASSWORD } from "../mock/server";
import { drawn, launchChromium, openPage, type WatchedPage } from "./chromium";

let browser: Browser;
let mock: MockServer;
let opened: WatchedPage[] = [];

beforeAll(async () => {
  mock = await MockServer.start(resolve(import.meta.dirname, "../../dist"));
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await mock?.close();
});
beforeEach(() => {
  mock.reset();
  mock.ways = { password: true, setup: false, provider: { name: "Acme", url: "/sign-in/oidc" } };
});
afterEach(async () => {
  for (const { context } of opened) await context.close();
  opened = [];
});

async function open(path: string): Promise<Page> {
  const watched = await openPage(browser, { width: 1280 });
  opened.push(watched);
  await watched.page.goto(mock.url + path);
  return watched.page;
}

describe("people", () => {
  it("sign in with address and password, and are told when that is not right", async () => {
    const page = await open("/");
    await page.getByLabel("E-mail address").fill("ada@example.com");
    await page.getByLabel("Password").fill("wrong wrong wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect
      .poll(() => page.locator("#problem").innerText())
      .toBe("the e-mail address or the password is not right");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await drawn(page);
    expect(await page.evaluate(() => sessionStorage.length), "no secret is left for scripts").toBe(0);
    const asked = mock.seen.filter(({ path }) => path === "/api/v1/reports");
    expect(
      asked.every(({ authorization }) => authorization.endsWith("sk_test0000000000000000000000000000")),
    ).toBe(true);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("E-mail address").waitFor();
  });

  it("may still use a secret key, or the provider", async () => {
    const page = await open("/");
    await page.getByText("Use a secret key instead").click();
    await page.getByLabel("Secret key").waitFor();
    expect(await page.getByRole("link", { name: "Sign in with Acme" }).getAttribute("href")).toBe(
      "/sign-in/oidc",
    );
  });

  it("follow a link once, which leaves the address at once", async () => {
    const page = await open("/#link=good-link");
    await page.getByText("Join acme").waitFor();
    expect(page.url()).toBe(`${mock.url}/`);
    expect(await page.getByLabel("E-mail address").inputValue()).toBe("ada@example.com");
    await page.getByLabel("Name").fill("Ada");
    await page.getByLabel("New password").fill(PASSWORD);
    await page.getByRole("button", { name: "Go on" }).click();
    await drawn(page);
  });

  it("who have a share link and its password see the report", async () => {
    const page = await open("/share#shared");
    await page.getByLabel("Password").fill("wrong wrong wrong");
    await page.getByRole("button", { name: "Show the report" }).click();
    await expect.poll(() => page.getByRole("alert").innerText()).toBe("that is not the password");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Show the report" }).click();
    await drawn(page);
    const gone = await open("/share#over");
    await gone.getByText("This link is not valid any more.").waitFor();
  });

  it("are told when a link is over", async () => {
    const page = await open("/#link=old-link");
    await expect
      .poll(() => page.locator("#problem").innerText())
      .toBe("This link is not valid any more. Ask for another.");
  });
});
