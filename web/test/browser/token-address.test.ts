import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HostSite } from "./host-site";
import { OwnServer } from "./own-server";
import { Pages } from "./pages";
import { until } from "./until";

interface Heard {
  readonly path: string;
  readonly referer: string | undefined;
  readonly whole: string;
}

/** A server of somebody else that writes down every word of every request. */
class Listener {
  readonly heard: Heard[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.heard.push({
        path: request.url ?? "",
        referer: request.headers.referer,
        whole: `${request.method} ${request.url} ${request.rawHeaders.join(" ")}`,
      });
      const image = request.url?.startsWith("/image");
      response
        .writeHead(200, {
          "Content-Type": image ? "image/svg+xml" : "text/html",
          "Cross-Origin-Resource-Policy": "cross-origin",
          "Access-Control-Allow-Origin": "*",
        })
        .end(
          image
            ? '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
            : "<!doctype html><title>Elsewhere</title>elsewhere",
        );
    });
  }

  static async start(): Promise<Listener> {
    const listener = new Listener();
    await new Promise<void>((resolve) => listener.#server.listen(0, "127.0.0.1", resolve));
    return listener;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async awaitPath(path: string): Promise<Heard> {
    await until(`somebody asks for ${path}`, 30_000, () => this.heard.some((each) => each.path === path));
    return this.heard.find((each) => each.path === path) as Heard;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.closeAllConnections();
      this.#server.close(() => resolve());
    });
  }
}

describe.skipIf(!process.env.TIDEMARK_URL)("the token in the address of an embedded report", () => {
  const pages = Pages.forThisFile();
  let server: OwnServer;
  let site: HostSite;
  let elsewhere: Listener;
  let report = "";

  beforeAll(async () => {
    [server, site, elsewhere] = await Promise.all([OwnServer.start(), HostSite.start(), Listener.start()]);
    const question = { type: "metric", range: { last: "7d" }, measures: [{ name: "n", measure: "events" }] };
    report = (
      await server.ask<{ report_id: string }>("/api/v1/reports", {
        report_name: "Orders",
        widgets: [{ type: "metric", title: "All", question }],
      })
    ).report_id;
    await server.send({ event_type: "order" });
  }, 240_000);
  afterAll(async () => {
    await elsewhere?.close();
    await site?.close();
    await server?.close();
  }, 60_000);

  const minted = async () =>
    (await server.ask<{ token: string }>(`/api/v1/reports/${report}/embed-tokens`, {})).token;
  const addressOf = (token: string) => `${server.url}/embed/reports/${report}?token=${token}&theme=dark`;
  const shown = (page: Page) => page.locator("tidemark-report .value").first().waitFor({ timeout: 60_000 });

  /** What of a token is secret: its signature stands for all of it, the claims alone open nothing. */
  const secretsOf = (token: string) => [token, token.slice(token.lastIndexOf(".") + 1)];

  function notIn(text: string, token: string, where: string): void {
    for (const secret of secretsOf(token)) expect(text.includes(secret), where).toBe(false);
  }

  /** The addresses and texts that a script in the page, of whatever origin, can get hold of. */
  const words = (page: Page) =>
    page.evaluate(() =>
      [
        location.href,
        document.URL,
        document.documentURI,
        document.baseURI,
        document.referrer,
        JSON.stringify(history.state),
        document.documentElement.outerHTML,
        ...performance.getEntriesByType("resource").map(({ name }) => name),
        ...Object.values({ ...localStorage }),
        ...Object.values({ ...sessionStorage }),
        document.cookie,
        window.name,
      ].join("\n"),
    );

  it("is gone from it, from the history and from the page's own words once the page has loaded", {
    timeout: 120_000,
  }, async () => {
    const token = await minted();
    const page = await pages.open("about:blank");
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(addressOf(token));
    await shown(page);

    expect(page.url()).toBe(`${server.url}/embed/reports/${report}?theme=dark`);
    notIn(await words(page), token, "the page");
    expect(asked.filter((address) => address.includes("token=")).length, "the page itself").toBe(1);
    for (const address of asked.slice(1)) notIn(address, token, address);
    await page.goto(`${elsewhere.origin}/away`);
    await page.goBack();
    expect(page.url(), "one step back").toBe(`${server.url}/embed/reports/${report}?theme=dark`);
    notIn(await words(page), token, "the page that somebody came back to");
  });

  it("is in no Referer that another server sees, for a link, an image, a form or a request", {
    timeout: 120_000,
  }, async () => {
    const token = await minted();
    // The page's policy would not let it ask anybody: what is left without it is what the referrer rules do.
    const page = await pages.open("about:blank", { withoutPolicy: true });
    await page.goto(addressOf(token));
    await page.evaluate((origin) => {
      // As early as a script of the page can: the rest of it may still be loading.
      const image = document.createElement("img");
      image.src = `${origin}/image`;
      document.body.append(image);
      void fetch(`${origin}/fetch`, { mode: "no-cors" });
      navigator.sendBeacon(`${origin}/beacon`, "x");
    }, elsewhere.origin);
    await shown(page);
    const heard = await Promise.all(["/image", "/fetch", "/beacon"].map((path) => elsewhere.awaitPath(path)));
    await page.evaluate((origin) => {
      const link = document.createElement("a");
      link.href = `${origin}/link`;
      link.referrerPolicy = "";
      link.id = "away";
      link.textContent = "away";
      document.body.prepend(link);
    }, elsewhere.origin);
    await page.locator("#away").click();
    heard.push(await elsewhere.awaitPath("/link"));
    await page.waitForURL(`${elsewhere.origin}/link`);
    expect(await page.evaluate(() => document.referrer)).toBe("");

    for (const { path, referer, whole } of heard) {
      expect(referer, path).toBeUndefined();
      notIn(whole, token, path);
    }
  });

  it("is in no Referer although the embedding page asks for one, and in no frame's name", {
    timeout: 120_000,
  }, async () => {
    const token = await minted();
    const page = await pages.open(
      site.put(
        "/host",
        `<!doctype html><html lang="en"><meta name="referrer" content="unsafe-url"><title>Account</title>
         <iframe title="Report" referrerpolicy="unsafe-url" width="600" height="400" src="${addressOf(token).replaceAll("&", "&amp;")}"></iframe></html>`,
        `default-src 'none'; frame-src ${server.url}`,
      ),
    );
    const frame = page.frames().find((each) => each !== page.mainFrame());
    await page.frameLocator("iframe").locator("tidemark-report .value").first().waitFor({ timeout: 60_000 });
    expect(frame?.url()).toBe(`${server.url}/embed/reports/${report}?theme=dark`);
    const inside = await frame?.evaluate(() =>
      [
        location.href,
        document.referrer,
        JSON.stringify(history.state),
        document.documentElement.outerHTML,
      ].join("\n"),
    );
    notIn(inside ?? token, token, "the frame");
  });

  it("is in no log of the server, where it was refused neither", { timeout: 120_000 }, async () => {
    const token = await minted();
    const refused = `${token.slice(0, token.lastIndexOf("."))}.AAAA`;
    const page = await pages.open(addressOf(token));
    await shown(page);
    for (const path of [
      addressOf(refused),
      `${server.url}/embed/reports/none?token=${token}`,
      `${server.url}/embed/reports/${report}/?token=${token}`,
      `${server.url}/embed/reports/${report}?token=${token}&token=${token}&theme=%zz`,
      `${server.url}/api/v1/reports/${report}?token=${token}`,
      `${server.url}/api/v1/nothing?token=${token}`,
      `${server.url}/nothing/${token}`,
    ]) {
      await fetch(path);
    }
    const log = await server.logged();
    expect(log, "the log is looked at in the right place").toMatch(/ready|listening|tidemark/i);
    notIn(log, token, "the log");
    expect(log).not.toContain(refused);
    expect(log, "nor the claims").not.toContain(token.split(".")[1]);
  });
});
