import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { handOver } from "../../../packages/sdk/src/farewell";
import { addressOf, bodyOf, poster } from "../../../packages/sdk/src/post";
import { pass } from "./fakes";

const ADDRESS = "https://t.example/api/v1/events?key=wk_1";
const NOW = Date.parse("2026-03-14T09:00:00Z");

/** What `fetch` was asked. */
let asked: { readonly url: string; readonly init: RequestInit }[];
let answer: () => Promise<Response>;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ["setTimeout", "clearTimeout", "Date"] });
  asked = [];
  answer = async () => new Response("{}", { status: 202 });
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
    asked.push({ url, init });
    return Promise.race([
      answer(),
      new Promise((_, reject) => init.signal?.addEventListener("abort", () => reject(new Error("aborted")))),
    ]);
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const large = JSON.stringify({ event_type: "a", text: "ü".repeat(2000) });

describe("a request with events", () => {
  it("is one that a browser sends without asking first", async () => {
    const reply = await poster(ADDRESS)(['{"event_type":"a"}', '{"event_type":"b"}']);
    expect(reply).toEqual({ status: 202, retryAfterMillis: 0, text: "{}" });
    const [{ url, init } = { url: "", init: {} }] = asked;
    expect(url).toBe(ADDRESS);
    expect(init).toMatchObject({ method: "POST", keepalive: true, credentials: "omit" });
    expect(init.headers).toEqual({ "Content-Type": "text/plain" });
    expect(JSON.parse(String(init.body))).toEqual({
      batch: [{ event_type: "a" }, { event_type: "b" }],
      sent_at: "2026-03-14T09:00:00.000Z",
      context: { library: { name: "tidemark.js", version: "0.1.0" } },
    });
  });

  it("is compressed where it is large", async () => {
    await poster(ADDRESS)([large]);
    expect(asked[0]?.url).toBe(`${ADDRESS}&encoding=gzip`);
    const sent = new Response(asked[0]?.init.body ?? "");
    const body = Buffer.from(await sent.arrayBuffer());
    expect(body.length).toBeLessThan(500);
    expect(JSON.parse(gunzipSync(body).toString())).toMatchObject({ batch: [JSON.parse(large)] });
  });

  it("is sent as it is where the browser cannot compress", async () => {
    vi.stubGlobal("CompressionStream", undefined);
    await poster(ADDRESS)([large]);
    expect(asked[0]?.url).toBe(ADDRESS);
    expect(asked[0]?.init.body).toBe(bodyOf([large]));
  });

  it("does not ask to outlive its page where it is too large for that", async () => {
    vi.stubGlobal("CompressionStream", undefined);
    await poster(ADDRESS)([JSON.stringify("x".repeat(20_000))]);
    expect(asked[0]?.init.keepalive).toBe(false);
  });

  it.each([
    ["3", 3000],
    ["0", 0],
    [new Date(NOW + 120_000).toUTCString(), 120_000],
    [new Date(NOW - 120_000).toUTCString(), 0],
    ["99999999999", 86_400_000],
    ["Infinity", 86_400_000],
    [new Date(NOW + 900 * 86_400_000).toUTCString(), 86_400_000],
    ["-5", 0],
    ["soon", 0],
    ["", 0],
  ])("tells how long the server asks to wait: %s", async (header, millis) => {
    answer = async () => new Response("", { status: 429, headers: { "Retry-After": header } });
    expect(await poster(ADDRESS)(["{}"])).toEqual({ status: 429, retryAfterMillis: millis, text: "" });
  });

  it("is no answer where there is none, none in time, or no way to ask", async () => {
    answer = () => Promise.reject(new TypeError("refused"));
    expect(await poster(ADDRESS)(["{}"])).toMatchObject({ status: 0 });
    answer = () => new Promise(() => {});
    const late = poster(ADDRESS)(["{}"]);
    await pass(15_000);
    expect(await late).toMatchObject({ status: 0 });
    vi.stubGlobal("fetch", undefined);
    expect(await poster(ADDRESS)(["{}"])).toMatchObject({ status: 0 });
  });

  it("goes to the server's own address, with the key", () => {
    expect(addressOf("https://t.example/", "wk_1")).toBe(ADDRESS);
    expect(addressOf("https://t.example/sub//", "a&b")).toBe("https://t.example/sub/api/v1/events?key=a%26b");
  });
});

describe("handing over to the browser", () => {
  let beacons: string[];
  let takes: (bytes: number) => boolean;
  const events = (...texts: string[]) => texts.map((text, at) => ({ name: `e${at}`, text }));

  beforeEach(() => {
    beacons = [];
    takes = () => true;
    vi.stubGlobal("navigator", {
      sendBeacon: (url: string, body: string) => {
        expect(url).toBe(ADDRESS);
        const taken = takes(Buffer.byteLength(body));
        if (taken) beacons.push(body);
        return taken;
      },
    });
  });

  it("is plain text, which needs no permission", () => {
    const all = events('{"a":1}', '{"b":2}');
    expect(handOver(ADDRESS, all)).toEqual(all);
    expect(beacons.map((body) => JSON.parse(body).batch)).toEqual([[{ a: 1 }, { b: 2 }]]);
    expect(handOver(ADDRESS, [])).toEqual([]);
    expect(beacons).toHaveLength(1);
  });

  it("keeps each request below 64 KiB, of bytes and not of characters", () => {
    const all = events(...Array.from({ length: 30 }, () => JSON.stringify("ü".repeat(5_000))));
    expect(handOver(ADDRESS, all)).toEqual(all);
    expect(beacons.length).toBeGreaterThan(4);
    for (const body of beacons) expect(Buffer.byteLength(body)).toBeLessThan(65_536);
  });

  it("gives only what was taken where the browser has no more room", () => {
    let room = 65_536;
    takes = (bytes) => {
      if (bytes > room) return false;
      room -= bytes;
      return true;
    };
    const all = events(...Array.from({ length: 30 }, () => JSON.stringify("x".repeat(5_000))));
    const taken = handOver(ADDRESS, all);
    expect(taken.length).toBe(11);
    expect(taken).toEqual(all.slice(0, 11));
  });

  it("is a request that may outlive the page where there are no beacons", () => {
    vi.stubGlobal("navigator", {});
    const all = events("{}");
    expect(handOver(ADDRESS, all)).toEqual(all);
    expect(asked[0]?.init).toMatchObject({ keepalive: true, body: bodyOf(["{}"]) });
  });

  it("takes nothing where the browser fails", () => {
    takes = () => {
      throw new TypeError("no");
    };
    expect(handOver(ADDRESS, events("{}"))).toEqual([]);
  });
});
