import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OwnServer } from "./own-server";
import { Pages } from "./pages";
import { call, Requests, TrackingSite, tracked } from "./tracking-site";

/** Keeps requests readable. */
const PLAIN = "window.CompressionStream = undefined;";

describe.skipIf(!process.env.TIDEMARK_URL)(
  "the tracker on a page of another origin with a strict policy",
  () => {
    const pages = Pages.forThisFile();
    let server: OwnServer;
    let site: TrackingSite;

    beforeAll(async () => {
      server = await OwnServer.start();
      site = await TrackingSite.start(server);
    }, 240_000);
    afterAll(async () => {
      await site?.close();
      await server?.close();
    }, 60_000);

    async function open(address: string): Promise<Page> {
      const page = await pages.open(address);
      await tracked(page);
      return page;
    }

    /** Lets no event through to the server, as a network does that is away. */
    const block = (page: Page) => page.context().route(/\/api\/v1\/events/, (route) => route.abort());
    const unblock = (page: Page) => page.context().unroute(/\/api\/v1\/events/);
    const stored = (page: Page) =>
      page.evaluate(() => Object.keys(localStorage).filter((name) => name.includes("event.")).length);

    it("sends what was called before it had loaded, and page views by itself", {
      timeout: 120_000,
    }, async () => {
      const own = `tidemark.push(["identify", "ada", { plan: "pro" }]);
                 tidemark.push(["track", "early", { amount: 29 }]);`;
      const page = await open(`${site.page("/first", "", own)}?utm_source=news`);
      await call(page, "track", ["later"]);
      await page.evaluate(() => history.pushState(null, "", "/first/step"));
      await site.counts("early", 1);
      await site.counts("later", 1);
      await site.counts("page_view", 2);
      const { events } = await server.ask<{ events: readonly Readonly<Record<string, unknown>>[] }>(
        "/api/v1/events?event_type=early",
      );
      expect(events[0]).toMatchObject({ event_type: "early", user_id: "ada", properties: { amount: 29 } });
      expect(events[0]?.context).toMatchObject({
        utm_source: "news",
        page_path: "/first",
        sdk: "tidemark.js/0.1.0",
      });
      expect(await page.evaluate(() => document.cookie)).toBe("");
    });

    it("delivers once what was called without a network, across a closed tab", {
      timeout: 120_000,
    }, async () => {
      const address = site.page("/offline", "data-page-views=off");
      const page = await open(address);
      await page.context().setOffline(true);
      await call(page, "track", ["offline"], 3);
      await expect.poll(() => stored(page)).toBe(3);
      const next = await page.context().newPage();
      await page.close();
      await next.context().setOffline(false);
      const requests = new Requests(next.context());
      await block(next);
      await next.goto(address);
      await tracked(next);
      await next.reload();
      await tracked(next);
      expect(await stored(next)).toBe(3);
      await unblock(next);
      await next.evaluate(() => dispatchEvent(new Event("online")));
      await expect.poll(() => stored(next), { timeout: 30_000 }).toBe(0);
      await site.counts("offline", 3);
      await expect.poll(() => requests.compressed).toBeGreaterThan(0);
    });

    it("goes on by itself when the network is back", { timeout: 120_000 }, async () => {
      const page = await open(site.page("/back", "data-page-views=off"));
      await page.context().setOffline(true);
      await call(page, "track", ["back"], 2);
      await expect.poll(() => stored(page)).toBe(2);
      await page.context().setOffline(false);
      await site.counts("back", 2);
    });

    it("delivers what was called right before the page is left, without asking the server first", {
      timeout: 120_000,
    }, async () => {
      // What beacons carry is told to nobody else once their page is gone.
      const own = `const send = navigator.sendBeacon.bind(navigator);
      navigator.sendBeacon = (address, body) => {
        sessionStorage.setItem("beacon", body);
        return send(address, body);
      };`;
      const address = site.page("/leaving", "data-page-views=off", own);
      const elsewhere = site.host.put("/elsewhere", "<!doctype html><title>Elsewhere</title>");
      const page = await open(address);
      const requests = new Requests(page.context());
      const network = await page.context().newCDPSession(page);
      const preflights: string[] = [];
      network.on("Network.requestWillBeSent", ({ type, request }) => {
        if (type === "Preflight") preflights.push(request.url);
      });
      await network.send("Network.enable");
      await page.evaluate((next) => {
        window.tidemark?.push(["track", "left"]);
        location.href = next;
      }, elsewhere);
      await page.waitForURL(elsewhere);
      await site.counts("left", 1);
      const beacon = JSON.parse((await page.evaluate(() => sessionStorage.getItem("beacon"))) ?? "{}");
      expect(beacon.batch).toMatchObject([{ event_type: "left" }]);
      // Back on the site it makes sure, with the same id.
      await page.goto(address);
      await expect.poll(() => stored(page), { timeout: 30_000 }).toBe(0);
      await site.counts("left", 1);
      expect(new Set(requests.ids).size).toBe(1);
      expect(preflights).toEqual([]);
    });

    it.each([
      ["a lock", PLAIN, 319],
      ["a lease", `${PLAIN} Object.defineProperty(navigator, "locks", { value: undefined });`, 320],
    ])("counts what tabs share once, with %s", { timeout: 120_000 }, async (kind, own, most) => {
      const type = kind.replace(" ", "_");
      const address = site.page(`/${type}`, "data-page-views=off", own);
      const first = await open(address);
      const second = await first.context().newPage();
      await second.goto(address);
      await tracked(second);
      const requests = new Requests(first.context());
      await block(first);
      await Promise.all(
        [first, second].map((page) => call(page, "track", [type, { text: "x".repeat(100) }], 80)),
      );
      await expect.poll(() => stored(second)).toBe(160);
      await unblock(first);
      await Promise.all(
        [first, second].map((page) => page.evaluate(() => dispatchEvent(new Event("online")))),
      );
      await expect.poll(() => stored(first), { timeout: 30_000 }).toBe(0);
      await site.counts(type, 160);
      await expect.poll(() => new Set(requests.ids).size).toBe(160);
      // A tab may not have seen yet what the other one has removed, or that it has taken the lease; the server knows the ids.
      process.stdout.write(`160 events of two tabs with ${kind}: ${requests.ids.length} were sent\n`);
      expect(requests.ids.length).toBeLessThanOrEqual(most);
    });

    it("stores and sends nothing before the visitor agrees", { timeout: 120_000 }, async () => {
      const page = await open(site.page("/consent", 'data-consent="required"'));
      const requests = new Requests(page.context());
      await call(page, "track", ["agreed"]);
      await call(page, "flush");
      await page.evaluate(() => new Promise((later) => requestIdleCallback(later)));
      expect(requests.kinds).toEqual([]);
      expect(await page.evaluate(() => [localStorage.length, document.cookie])).toEqual([0, ""]);
      await call(page, "optIn");
      await site.counts("agreed", 1);
      await call(page, "optOut");
      expect(await page.evaluate(() => localStorage.length)).toBe(1);
    });

    it("sends what elements are marked with, and links to other hosts", { timeout: 120_000 }, async () => {
      const marked = `
      <button data-tidemark="signup_clicked" data-tidemark-plan="pro" data-tidemark-seat-count="3"><b>Sign up</b></button>
      <form data-tidemark="form_sent" data-tidemark-form="news" action="/nowhere">
        <input name="secret" value="never read"><button id="send">Send</button></form>
      <a id="out" href="https://docs.example/page">The docs</a> <a id="in" href="/first">Inside</a>`;
      // The page's own script keeps the browser where it is.
      const own = `for (const kind of ["submit", "click"]) addEventListener(kind, (event) => {
      if (kind === "submit" || event.target.closest("a")) event.preventDefault(); });`;
      const page = await open(site.page("/marked", "data-outbound-links data-page-views=off", own, marked));
      await page.locator("b").click();
      await page.locator("#send").click();
      await page.locator("#out").click();
      await page.locator("#in").click();
      await site.counts("signup_clicked", 1);
      await site.counts("form_sent", 1);
      await site.counts("outbound_link_clicked", 1);
      const { events } = await server.ask<{ events: readonly { event_type: string; properties: object }[] }>(
        "/api/v1/events?limit=50",
      );
      const properties = (type: string) => events.find(({ event_type }) => event_type === type)?.properties;
      expect(properties("signup_clicked")).toEqual({ plan: "pro", seat_count: "3" });
      expect(properties("form_sent")).toEqual({ form: "news" });
      expect(properties("outbound_link_clicked")).toEqual({
        url: "https://docs.example/page",
        host: "docs.example",
        text: "The docs",
      });
    });

    it("remembers a visitor by a cookie where that is asked for", { timeout: 120_000 }, async () => {
      const address = site.page("/cookie", 'data-persistence="cookie" data-page-views=off');
      const page = await open(address);
      await call(page, "track", ["with_cookie"]);
      await site.counts("with_cookie", 1);
      const anonymous = () =>
        page.evaluate(() => (window.tidemark as unknown as { anonymousId(): string }).anonymousId());
      const before = await anonymous();
      expect(await page.evaluate(() => document.cookie)).toContain(before);
      await page.evaluate(() => localStorage.clear());
      await page.reload();
      await tracked(page);
      expect(await anonymous()).toBe(before);
    });

    it("works in a frame that may neither store anything nor set a cookie", {
      timeout: 120_000,
    }, async () => {
      const inner = site.page("/sandboxed", "data-page-views=off", 'tidemark.push(["track", "sandboxed"]);');
      const outer = site.host.put(
        "/outer",
        `<!doctype html><title>Outer</title><iframe sandbox="allow-scripts" src="${inner}"></iframe>`,
      );
      await pages.open(outer);
      await site.counts("sandboxed", 1);
    });
  },
);
