import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Settings } from "../../../packages/sdk/src/settings";
import { createTracker } from "../../../packages/sdk/src/tracker";
import { FakePage } from "./fake-page";
import { pass } from "./fakes";

const NOW = Date.parse("2026-03-14T09:00:00Z");
const SETTINGS: Settings = { writeKey: "wk_0123456789", host: "https://t.example", pageViews: false };

let page: FakePage;
let problems: unknown[];

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  page = new FakePage();
  page.enter();
  problems = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const start = (settings: Partial<Settings> = {}) =>
  createTracker({ ...SETTINGS, onError: (problem) => problems.push(problem), ...settings });
const types = () => page.sent.map(({ event_type }) => event_type);

describe("a call", () => {
  it("is an event with everything that is known around it", async () => {
    const tracker = start();
    tracker.track("purchase", { amount: 29 });
    await pass(200);
    expect(page.sent).toEqual([
      {
        event_type: "purchase",
        event_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        timestamp: "2026-03-14T09:00:00.000Z",
        anonymous_id: tracker.anonymousId(),
        session_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        properties: { amount: 29 },
        context: {
          page: {
            url: "https://shop.example/start?utm_source=news&utm_campaign=spring&utm_id=7",
            title: "Shop",
            referrer: "https://search.example/",
          },
          locale: "en-GB",
        },
      },
    ]);
  });

  it("of identify names the user of everything that follows, until reset", async () => {
    const tracker = start();
    tracker.identify("ada", { plan: "pro" });
    tracker.track("a");
    const before = tracker.anonymousId();
    tracker.reset();
    tracker.track("b");
    await pass(200);
    expect(page.sent).toMatchObject([
      { event_type: "identify", user_id: "ada", traits: { plan: "pro" }, anonymous_id: before },
      { event_type: "a", user_id: "ada", anonymous_id: before },
      { event_type: "b" },
    ]);
    expect(page.sent[2]).not.toHaveProperty("user_id");
    expect(page.sent[2]?.anonymous_id).not.toBe(before);
    expect(page.sent[2]?.session_id).not.toBe(page.sent[1]?.session_id);
  });

  it("of identify without an id describes the visitor that is known", async () => {
    const tracker = start();
    tracker.identify("ada");
    tracker.identify({ plan: "team" });
    tracker.identify(null, { seats: 3 });
    await pass(200);
    expect(page.sent.map(({ user_id, traits }) => [user_id, traits])).toEqual([
      ["ada", {}],
      ["ada", { plan: "team" }],
      ["ada", { seats: 3 }],
    ]);
  });

  it("of alias says who is the same, by default the one so far", async () => {
    const tracker = start();
    const visitor = tracker.anonymousId();
    tracker.alias("ada");
    tracker.identify("ada");
    tracker.alias(43);
    tracker.alias("bob", "robert", { messageId: "m-1" });
    tracker.alias(null as never);
    await pass(200);
    expect(
      page.sent
        .filter(({ event_type }) => event_type === "alias")
        .map(({ user_id, properties }) => [user_id, properties]),
    ).toEqual([
      ["ada", { previous_id: visitor }],
      ["43", { previous_id: "ada" }],
      ["bob", { previous_id: "robert" }],
    ]);
    expect(page.sent.at(-1)).toMatchObject({ event_id: "m-1" });
    expect(problems).toHaveLength(1);
  });

  it("of group and page has the form that Segment's calls get at the server", async () => {
    const tracker = start();
    tracker.group(42, { name: "Acme" });
    tracker.page("Docs", "Pricing", { path: "/p" });
    tracker.page("Pricing");
    tracker.page();
    await pass(200);
    expect(page.sent.map(({ event_type, properties }) => [event_type, properties])).toEqual([
      ["group", { group_id: "42", group: { name: "Acme" } }],
      ["page_view", { category: "Docs", name: "Pricing", path: "/p" }],
      ["page_view", { name: "Pricing" }],
      ["page_view", {}],
    ]);
  });

  it("may bring its own time, id, people and context", async () => {
    start().track("a", null as never, {
      timestamp: new Date("2026-01-01T00:00:00Z"),
      messageId: "m-1",
      userId: "bob",
      anonymousId: "x",
      context: { locale: "de", extra: 1 },
    });
    await pass(200);
    expect(page.sent[0]).toMatchObject({
      timestamp: "2026-01-01T00:00:00.000Z",
      event_id: "m-1",
      user_id: "bob",
      anonymous_id: "x",
      context: { locale: "de", extra: 1, page: { title: "Shop" } },
    });
  });

  it("calls back when it has had time to leave", async () => {
    const done = vi.fn();
    start().track("a", done);
    await pass(299);
    expect(types()).toEqual(["a"]);
    expect(done).not.toHaveBeenCalled();
    await pass(1);
    expect(done).toHaveBeenCalledOnce();
  });

  it("by its name is the same call", async () => {
    const tracker = start();
    tracker.push(["track", "a", { x: 1 }]);
    tracker.push(["nothing"]);
    await pass(200);
    expect(page.sent).toMatchObject([{ event_type: "a", properties: { x: 1 } }]);
  });
});

describe("whatever a page does", () => {
  it("it never throws, and says what went wrong", async () => {
    const tracker = start();
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    const attempts = [
      () => tracker.track("" as string),
      () => tracker.track(undefined as never),
      () => tracker.track("a", loop),
      () => tracker.track("a", { large: "x".repeat(40_000) }),
      () => tracker.track("a", { big: 1n }),
      () => tracker.track("a", {}, { timestamp: "soon" }),
      () => tracker.group(null as never),
      () => tracker.push(null as never),
    ];
    for (const attempt of attempts) expect(attempt).not.toThrow();
    tracker.track("callback", () => {
      throw new Error("of the page");
    });
    await pass(1000);
    expect(problems).toHaveLength(attempts.length + 1);
    expect(types()).toEqual(["callback"]);
  });

  it("a handler of errors that fails itself harms nobody", () => {
    const tracker = start({
      onError: () => {
        throw new Error("of the page");
      },
    });
    expect(() => tracker.track("")).not.toThrow();
  });

  it.each([
    ["storage", () => (page.storage.broken = true)],
    ["crypto", () => vi.stubGlobal("crypto", undefined)],
    ["beacons", () => delete page.navigator.sendBeacon],
  ])("it works without %s", async (_, spoil) => {
    spoil();
    const tracker = start();
    tracker.identify("ada");
    tracker.track("a");
    await pass(200);
    expect(page.sent).toMatchObject([{ user_id: "ada" }, { user_id: "ada" }]);
    tracker.track("b");
    expect(() => page.hide()).not.toThrow();
    await pass(200);
    expect([...page.sent, ...page.beacons].filter((sent) => sent.event_type === "b")).toHaveLength(1);
  });
});

describe("what could not be sent", () => {
  it("is sent by the next page, once", async () => {
    page.status = 503;
    start().track("a");
    await pass(500);
    const next = new FakePage(page.storage);
    next.enter();
    createTracker(SETTINGS);
    await pass(500);
    expect(next.sent.map(({ event_type }) => event_type)).toEqual(["a"]);
    await pass(60_000);
    expect(next.sent).toHaveLength(1);
    expect(page.storage.names.filter((name) => name.includes("event."))).toEqual([]);
  });

  it("is sent when the browser is online again, at once", async () => {
    page.status = 503;
    start().track("a");
    await pass(120_000);
    page.status = 202;
    page.happens("online");
    await pass(100);
    expect(types()).toEqual(["a"]);
  });
});

describe("a page that is hidden", () => {
  it("hands over what is not known to have arrived, once", async () => {
    const tracker = start();
    tracker.track("early");
    await pass(200);
    tracker.track("late");
    page.hide();
    page.happens("pagehide");
    expect(page.beacons.map(({ event_type }) => event_type)).toEqual(["late"]);
    await pass(1000);
    expect(types()).toEqual(["early"]);
  });

  it("makes sure of it when it lives on, under the same id", async () => {
    start().track("a");
    await pass();
    page.hide();
    await pass(30_100);
    expect(page.sent.map(({ event_id }) => event_id)).toEqual(page.beacons.map(({ event_id }) => event_id));
    expect(page.sent).toHaveLength(1);
  });

  it("leaves to the next page what no beacon took", async () => {
    page.navigator.sendBeacon = () => false;
    start().track("a");
    await pass();
    page.hide();
    const next = new FakePage(page.storage);
    next.enter();
    createTracker(SETTINGS);
    await pass(200);
    expect(next.sent).toHaveLength(1);
  });
});

describe("page views", () => {
  const views = () => page.sent.map(({ context }) => context.page as { url: string; referrer: string });

  it("are sent for the page and each step of the history, with the page before", async () => {
    start({ pageViews: true });
    await pass(200);
    history.pushState(null, "", "/two");
    await pass(200);
    history.replaceState(null, "", "/two#part");
    history.pushState(null, "", "/two");
    await pass(200);
    page.goTo("/start");
    page.happens("popstate");
    await pass(200);
    expect(types()).toEqual(["page_view", "page_view", "page_view"]);
    expect(views()).toMatchObject([
      { referrer: "https://search.example/" },
      { url: "https://shop.example/two", referrer: expect.stringContaining("/start?utm_source") },
      { url: "https://shop.example/start", referrer: "https://shop.example/two" },
    ]);
  });

  it("have the title that the page gives itself afterwards", async () => {
    start({ pageViews: true });
    await pass(200);
    history.pushState(null, "", "/two");
    page.document.title = "Two";
    await pass(200);
    expect(page.sent[1]?.context).toMatchObject({ page: { title: "Two" } });
  });

  it("follow the part after the hash where that names pages", async () => {
    start({ pageViews: "hash" });
    await pass(200);
    page.goTo("/start#/two");
    page.happens("hashchange");
    page.happens("popstate");
    await pass(200);
    expect(types()).toHaveLength(2);
  });

  it("are sent for a page that comes back from the browser's cache", async () => {
    start({ pageViews: true });
    await pass(200);
    page.happens("pageshow", { persisted: false });
    page.happens("pageshow", { persisted: true });
    await pass(200);
    expect(types()).toHaveLength(2);
  });

  it("wait until a page that is rendered ahead is looked at", async () => {
    Object.assign(page.document, { prerendering: true });
    start({ pageViews: true });
    await pass(200);
    expect(types()).toEqual([]);
    page.document.dispatchEvent(new Event("prerenderingchange"));
    await pass(200);
    expect(types()).toEqual(["page_view"]);
  });

  it("know the user that is named in the same breath", async () => {
    start({ pageViews: true }).identify("ada");
    await pass(200);
    expect(page.sent).toMatchObject([
      { event_type: "identify" },
      { event_type: "page_view", user_id: "ada" },
    ]);
  });
});

describe("consent", () => {
  it("lets nothing be sent or stored before it is given, and loses nothing", async () => {
    const tracker = start({ consent: "required", pageViews: true });
    tracker.identify("ada");
    tracker.track("a");
    await pass(1000);
    page.hide();
    expect([...page.sent, ...page.beacons]).toEqual([]);
    expect(page.storage.names).toEqual([]);
    tracker.optIn();
    tracker.track("b");
    await pass(200);
    expect(types()).toEqual(["identify", "a", "page_view", "b"]);
    expect(new Set(page.sent.map(({ anonymous_id }) => anonymous_id)).size).toBe(1);
  });

  it("holds on later pages", async () => {
    start({ consent: "required" }).optIn();
    const next = new FakePage(page.storage);
    next.enter();
    createTracker({ ...SETTINGS, consent: "required" }).track("a");
    await pass(200);
    expect(next.sent).toHaveLength(1);
  });

  it("withdrawn forgets everything but that, here and on later pages", async () => {
    page.status = 503;
    const tracker = start();
    tracker.track("a");
    await pass(200);
    tracker.optOut();
    page.status = 202;
    tracker.track("b");
    tracker.flush();
    page.hide();
    await pass(120_000);
    expect([...page.sent, ...page.beacons]).toEqual([]);
    expect(page.storage.names).toHaveLength(1);
    const next = new FakePage(page.storage);
    next.enter();
    const later = createTracker({ ...SETTINGS, pageViews: true });
    later.track("c");
    await pass(1000);
    expect(next.sent).toEqual([]);
    later.optIn();
    later.track("d");
    await pass(1000);
    expect(next.sent.map(({ event_type }) => event_type)).toEqual(["d"]);
  });

  it.each([{ doNotTrack: "1" }, { globalPrivacyControl: true }])(
    "is not assumed of a browser that says %j",
    async (signals) => {
      Object.assign(page.navigator, signals);
      const tracker = start({ pageViews: true });
      tracker.track("a");
      await pass(1000);
      page.hide();
      expect([...page.sent, ...page.beacons]).toEqual([]);
      expect(page.storage.names).toEqual([]);
      tracker.optIn();
      tracker.track("b");
      await pass(200);
      expect(types()).toEqual(["b"]);
    },
  );

  it("leaves no cookie, unless cookies are asked for", async () => {
    start().track("a");
    await pass(200);
    expect(page.document.cookie).toBe("");
  });

  it("leaves nothing at all where a visitor is to be known for one page", async () => {
    start({ persistence: "memory" }).track("a");
    await pass(200);
    expect(types()).toEqual(["a"]);
    expect(page.storage.names).toEqual([]);
  });
});
