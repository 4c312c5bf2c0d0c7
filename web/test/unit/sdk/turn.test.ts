import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { memoryStore } from "../../../packages/sdk/src/store";
import { leaseTurn, lockTurn } from "../../../packages/sdk/src/turn";
import { pass } from "./fakes";

beforeEach(() => vi.useFakeTimers({ now: Date.parse("2026-03-14T09:00:00Z") }));
afterEach(() => vi.useRealTimers());

/** Work that tells how many do it at the same time. */
class Site {
  busy = 0;
  most = 0;
  done = 0;

  readonly work = async () => {
    this.busy += 1;
    this.most = Math.max(this.most, this.busy);
    await new Promise((later) => setTimeout(later, 500));
    this.busy -= 1;
    this.done += 1;
  };
}

describe("a lease that tabs share", () => {
  it("is held by one of many that want it in the same instant", async () => {
    for (let round = 0; round < 20; round += 1) {
      const store = memoryStore();
      const site = new Site();
      const tabs = Array.from({ length: 5 }, () => leaseTurn(store)(site.work));
      await pass(2000);
      const had = await Promise.all(tabs);
      expect(site.most).toBe(1);
      expect(had.filter(Boolean)).toHaveLength(1);
      expect(store.names()).toEqual([]);
    }
  });

  it("is given back, also when the work fails", async () => {
    const store = memoryStore();
    const failed = leaseTurn(store)(async () => {
      throw new Error("no");
    });
    const seen = expect(failed).rejects.toThrow("no");
    await pass(100);
    await seen;
    const next = leaseTurn(store)(new Site().work);
    await pass(1000);
    expect(await next).toBe(true);
  });

  it("runs out when its tab has died", async () => {
    const store = memoryStore();
    store.set("lease", `dead ${Date.now() + 20_000}`);
    expect(await leaseTurn(store)(new Site().work)).toBe(false);
    await pass(20_001);
    const turn = leaseTurn(store)(new Site().work);
    await pass(1000);
    expect(await turn).toBe(true);
  });
});

it("a lock of the browser is waited for", async () => {
  let queue = Promise.resolve();
  const request = vi.fn((_: string, work: () => Promise<void>) => {
    queue = queue.then(work);
    return queue;
  });
  const site = new Site();
  const locks = { request } as unknown as LockManager;
  const turns = [1, 2, 3].map(() => lockTurn(locks, "t.")(site.work));
  await pass(2000);
  expect(await Promise.all(turns)).toEqual([true, true, true]);
  expect(site.most).toBe(1);
  expect(site.done).toBe(3);
});

it("a page that may have no locks does its work without", async () => {
  const request = () => Promise.reject(new DOMException("SecurityError"));
  const site = new Site();
  const turn = lockTurn({ request } as unknown as LockManager, "t.")(site.work);
  await pass(1000);
  expect(await turn).toBe(true);
  expect(site.done).toBe(1);
});

it("work that fails under a lock is not done again", async () => {
  const request = (_: string, work: () => Promise<void>) => work();
  let done = 0;
  const turn = lockTurn(
    { request } as unknown as LockManager,
    "t.",
  )(async () => {
    done += 1;
    throw new Error("no");
  });
  await expect(turn).rejects.toThrow("no");
  expect(done).toBe(1);
});
