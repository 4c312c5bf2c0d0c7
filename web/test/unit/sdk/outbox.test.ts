import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { outbox } from "../../../packages/sdk/src/outbox";
import { localPlace, memoryStore, storeAt } from "../../../packages/sdk/src/store";
import { eventsIn, FakeStorage } from "./fakes";

const DAY = 24 * 3_600_000;
const NONE: ReadonlySet<string> = new Set();
const ALL = Number.POSITIVE_INFINITY;
const texts = (box: ReturnType<typeof outbox>, most = ALL, chars = ALL) =>
  box.oldest(most, chars, NONE).map(({ text }) => text);

beforeEach(() => vi.useFakeTimers({ now: Date.parse("2026-03-14T09:00:00Z") }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("an outbox", () => {
  it("gives events in the order in which they were made, whoever asks", () => {
    const store = memoryStore();
    const box = outbox(store);
    for (let i = 0; i < 1200; i += 1) {
      if (i % 7 === 0) vi.advanceTimersByTime(1);
      if (i < 900) box.add(`"${i}"`);
    }
    expect(texts(outbox(store))).toEqual(Array.from({ length: 900 }, (_, i) => `"${i}"`));
  });

  it("gives as many as are asked for and fit, and one at least", () => {
    const box = outbox(memoryStore());
    for (const text of ["aaaa", "bbbb", "cccc"]) box.add(text);
    expect(texts(box, 2)).toEqual(["aaaa", "bbbb"]);
    expect(texts(box, 3, 9)).toEqual(["aaaa", "bbbb"]);
    expect(texts(box, 3, 1)).toEqual(["aaaa"]);
    const [first] = box.oldest(1, ALL, NONE);
    expect(box.oldest(1, ALL, new Set([first?.name ?? ""]))[0]?.text).toBe("bbbb");
  });

  it("knows which events this page has added", () => {
    const store = memoryStore();
    const [one, other] = [outbox(store), outbox(store)];
    one.add("1");
    other.add("2");
    expect(one.ofThisPage(NONE).map(({ text }) => text)).toEqual(["1"]);
    expect(other.ofThisPage(NONE).map(({ text }) => text)).toEqual(["2"]);
    expect(one.ofThisPage(new Set(one.ofThisPage(NONE).map(({ name }) => name)))).toEqual([]);
  });

  it("lets the oldest go where there are more than 1,000", () => {
    const store = memoryStore();
    const box = outbox(store);
    for (let i = 0; i < 2500; i += 1) {
      box.add(String(i));
      expect(eventsIn(store)).toBeLessThanOrEqual(1000);
    }
    const left = texts(box).map(Number);
    expect(left.at(-1)).toBe(2499);
    expect(left.length).toBeGreaterThanOrEqual(900);
    expect(left).toEqual(left.map((_, i) => 2499 - left.length + 1 + i));
  });

  it("lets the oldest go where they are more than a million characters", () => {
    const store = memoryStore();
    const box = outbox(store);
    for (let i = 0; i < 200; i += 1) box.add(`${i}${"x".repeat(10_000)}`);
    const chars = texts(box).reduce((sum, text) => sum + text.length, 0);
    expect(chars).toBeLessThanOrEqual(1_000_000);
    expect(chars).toBeGreaterThan(850_000);
    expect(texts(box).at(-1)).toMatch(/^199x/);
  });

  it("counts what an earlier page and other tabs have left", () => {
    const store = memoryStore();
    for (const box of [outbox(store), outbox(store), outbox(store)]) {
      for (let i = 0; i < 600; i += 1) box.add("1");
    }
    vi.advanceTimersByTime(1);
    const box = outbox(store);
    box.add("2");
    expect(eventsIn(store)).toBeLessThanOrEqual(1000);
    expect(texts(box).at(-1)).toBe("2");
  });

  it("forgets what is older than a week", () => {
    const box = outbox(memoryStore());
    box.add("old");
    vi.advanceTimersByTime(6 * DAY);
    box.add("new");
    vi.advanceTimersByTime(2 * DAY);
    expect(texts(box)).toEqual(["new"]);
  });

  it("makes room where the page has left little", () => {
    const storage = new FakeStorage();
    storage.mostChars = 20_000;
    vi.stubGlobal("localStorage", storage.asGlobal());
    const box = outbox(storeAt(localPlace, "t."));
    for (let i = 0; i < 300; i += 1) box.add(`${i}${"x".repeat(100)}`);
    const left = texts(box);
    expect(left.length).toBeGreaterThan(20);
    expect(left.at(-1)).toMatch(/^299x/);
  });
});
