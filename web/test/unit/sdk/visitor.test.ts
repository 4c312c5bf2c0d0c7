import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { identity } from "../../../packages/sdk/src/identity";
import { newId } from "../../../packages/sdk/src/ids";
import { permission } from "../../../packages/sdk/src/permission";
import { session } from "../../../packages/sdk/src/session";
import { memoryStore } from "../../../packages/sdk/src/store";
import { VERSION } from "../../../packages/sdk/src/version";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const MINUTE = 60_000;

beforeEach(() => vi.useFakeTimers({ now: Date.parse("2026-03-14T09:00:00Z") }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("an id", () => {
  it("is a random UUID, with the browser's chance or without", () => {
    const ids = new Set(Array.from({ length: 1000 }, newId));
    vi.stubGlobal("crypto", undefined);
    for (let i = 0; i < 1000; i += 1) ids.add(newId());
    expect(ids.size).toBe(2000);
    for (const id of ids) expect(id).toMatch(UUID);
  });
});

describe("a visit", () => {
  it("goes on while events follow each other within half an hour", () => {
    const visit = session(memoryStore());
    const first = visit();
    expect(first).toMatch(UUID);
    for (let i = 0; i < 10; i += 1) {
      vi.advanceTimersByTime(29 * MINUTE);
      expect(visit()).toBe(first);
    }
    vi.advanceTimersByTime(30 * MINUTE);
    expect(visit()).not.toBe(first);
  });

  it("ends after a day at the latest", () => {
    const visit = session(memoryStore());
    const seen = new Set<string>();
    for (let minutes = 0; minutes < 24 * 60; minutes += 20) {
      seen.add(visit());
      vi.advanceTimersByTime(20 * MINUTE);
    }
    expect(seen.size).toBe(1);
    seen.add(visit());
    expect(seen.size).toBe(2);
  });

  it("is the same in all tabs, and survives what is stored wrongly", () => {
    const store = memoryStore();
    expect(session(store)()).toBe(session(store)());
    store.set("session", "what is this");
    expect(session(store)()).toMatch(UUID);
  });
});

describe("a visitor", () => {
  it("stays the same until reset", () => {
    const store = memoryStore();
    const first = identity(store).anonymousId();
    expect(identity(store).anonymousId()).toBe(first);
    identity(store).identify("ada");
    expect(identity(store).userId()).toBe("ada");
    expect(identity(store).anonymousId()).toBe(first);
    identity(store).reset();
    expect(identity(store).userId()).toBeNull();
    expect(identity(store).anonymousId()).not.toBe(first);
  });

  it("is another one when somebody else signs in", () => {
    const visitor = identity(memoryStore());
    visitor.identify("ada");
    const first = visitor.anonymousId();
    visitor.identify("ada");
    expect(visitor.anonymousId()).toBe(first);
    visitor.identify("bob");
    expect(visitor.anonymousId()).not.toBe(first);
  });
});

describe("permission", () => {
  const settings = { writeKey: "wk_1", host: "http://t" };
  const none = {};

  it("is assumed, unless the site waits for consent", () => {
    expect(permission(settings, memoryStore(), none).current()).toBe("granted");
    expect(permission({ ...settings, consent: "required" }, memoryStore(), none).current()).toBe("pending");
  });

  it.each([{ doNotTrack: "1" }, { doNotTrack: "yes" }, { globalPrivacyControl: true }])(
    "is denied by a browser that says %j, unless the site may ignore that",
    (signals) => {
      expect(permission(settings, memoryStore(), signals).current()).toBe("denied");
      const ignoring = { ...settings, privacySignals: "ignore" as const };
      expect(permission(ignoring, memoryStore(), signals).current()).toBe("granted");
      expect(permission({ ...ignoring, consent: "required" }, memoryStore(), signals).current()).toBe(
        "pending",
      );
    },
  );

  it.each([
    { doNotTrack: "0" },
    { doNotTrack: null },
    { doNotTrack: "unspecified" },
    { globalPrivacyControl: false },
  ])("is not denied by %j", (signals) => {
    expect(permission(settings, memoryStore(), signals).current()).toBe("granted");
  });

  it("follows the visitor's own choice before anything else, also in another tab", () => {
    const store = memoryStore();
    const here = permission({ ...settings, consent: "required" }, store, { globalPrivacyControl: true });
    here.choose("in");
    expect(here.current()).toBe("granted");
    permission(settings, store, none).choose("out");
    expect(here.current()).toBe("denied");
  });
});

it("says of itself what its package says", async () => {
  const { default: description } = await import("../../../packages/sdk/package.json");
  expect(VERSION).toBe(description.version);
});
