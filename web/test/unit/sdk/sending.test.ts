import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { outbox } from "../../../packages/sdk/src/outbox";
import type { Reply } from "../../../packages/sdk/src/post";
import { sender } from "../../../packages/sdk/src/sender";
import { memoryStore, type Store } from "../../../packages/sdk/src/store";
import type { InTurn } from "../../../packages/sdk/src/turn";
import { eventsIn, pass } from "./fakes";

const atOnce: InTurn = async (work) => {
  await work();
  return true;
};

/** A sender whose server the test plays. */
class Run {
  readonly store: Store = memoryStore();
  readonly box = outbox(this.store);
  readonly handedOver = new Set<string>();
  readonly problems: unknown[] = [];
  /** What was sent, and when. */
  readonly posts: { readonly events: readonly string[]; readonly at: number }[] = [];
  answer: (events: readonly string[]) => Reply | Promise<Reply> = () => status(202);
  readonly #sender;
  readonly #began = Date.now();

  constructor(inTurn: InTurn = atOnce) {
    this.#sender = sender({
      outbox: this.box,
      handedOver: this.handedOver,
      onError: (problem) => this.problems.push(problem),
      inTurn,
      post: async (events) => {
        this.posts.push({ events, at: Date.now() - this.#began });
        return this.answer(events);
      },
    });
  }

  add(count: number): void {
    for (let i = 0; i < count; i += 1) {
      this.box.add(`${i}`);
      this.#sender.added();
    }
  }

  flush(): void {
    this.#sender.flush();
  }

  get sizes(): number[] {
    return this.posts.map(({ events }) => events.length);
  }

  /** Milliseconds between one request and the next. */
  get pauses(): number[] {
    return this.posts.slice(1).map(({ at }, index) => at - (this.posts[index]?.at ?? 0));
  }

  get left(): number {
    return eventsIn(this.store);
  }
}

function status(code: number, retryAfterMillis = 0, text = ""): Reply {
  return { status: code, retryAfterMillis, text };
}

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-03-14T09:00:00Z") });
  vi.spyOn(Math, "random").mockReturnValue(1);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("a sender", () => {
  it("waits 100 ms for more", async () => {
    const run = new Run();
    run.add(1);
    await pass(60);
    run.add(2);
    await pass(39);
    expect(run.posts).toEqual([]);
    await pass(1);
    expect(run.posts).toEqual([{ events: ["0", "0", "1"], at: 100 }]);
    expect(run.left).toBe(0);
  });

  it("sends 50 at once", async () => {
    const run = new Run();
    run.add(49);
    await pass(50);
    expect(run.posts).toEqual([]);
    run.add(1);
    await pass(0);
    expect(run.sizes).toEqual([50]);
  });

  it("sends more than 50 in requests of 50, one after the other", async () => {
    const run = new Run();
    let answer: (reply: Reply) => void = () => {};
    run.answer = () => new Promise((resolve) => (answer = resolve));
    run.add(120);
    await pass(1000);
    expect(run.sizes).toEqual([50]);
    answer(status(202));
    await pass(0);
    expect(run.sizes).toEqual([50, 50]);
    answer(status(202));
    await pass(0);
    expect(run.sizes).toEqual([50, 50, 20]);
  });

  it("sends what comes while a request is under way with the next", async () => {
    const run = new Run();
    let answer: (reply: Reply) => void = () => {};
    run.answer = () => new Promise((resolve) => (answer = resolve));
    run.add(1);
    await pass(100);
    run.add(3);
    await pass(500);
    answer(status(202));
    await pass(0);
    answer(status(202));
    await pass(200);
    expect(run.sizes).toEqual([1, 3]);
    expect(run.left).toBe(0);
  });

  it.each([0, 408, 429, 500, 502, 503, 504])(
    "tries again after %i, with pauses that double",
    async (code) => {
      const run = new Run();
      run.answer = () => status(code);
      run.add(2);
      await pass(100 + 1000 + 2000 + 4000 + 8000 + 16_000 + 32_000 + 60_000 + 60_000);
      expect(run.pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
      expect(run.left).toBe(2);
      run.answer = () => status(202);
      await pass(60_000);
      expect(run.left).toBe(0);
      expect(run.problems).toEqual([]);
      run.posts.length = 0;
      run.answer = () => status(code);
      run.add(1);
      await pass(1100);
      expect(run.pauses).toEqual([1000]);
    },
  );

  it("cuts a pause of its own short where it is told to", async () => {
    const run = new Run();
    run.answer = () => status(0);
    run.add(1);
    await pass(100 + 1000 + 2000 + 4000);
    expect(run.posts).toHaveLength(4);
    run.answer = () => status(202);
    run.flush();
    await pass(0);
    expect(run.left).toBe(0);
  });

  it("pauses for a random half at least", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    const run = new Run();
    run.answer = () => status(503);
    run.add(1);
    await pass(100 + 500 + 1000 + 2000);
    expect(run.pauses).toEqual([500, 1000, 2000]);
  });

  it("never tries before the server asks for it, whatever is added meanwhile", async () => {
    const run = new Run();
    run.answer = () => status(429, 90_000);
    run.add(1);
    await pass(100);
    run.answer = () => status(202);
    for (let second = 0; second < 89; second += 1) {
      run.add(60);
      run.flush();
      await pass(1000);
    }
    expect(run.posts).toHaveLength(1);
    await pass(1000);
    expect(run.posts.length).toBeGreaterThan(1);
    expect(run.pauses[0]).toBe(90_000);
  });

  it.each([400, 401, 403, 404, 415])("gives up what is refused with %i, and says so", async (code) => {
    const run = new Run();
    run.answer = () => status(code, 0, "because");
    run.add(3);
    await pass(600_000);
    expect(run.posts).toHaveLength(1);
    expect(run.left).toBe(0);
    expect(String(run.problems[0])).toContain(`${code}: because`);
    run.answer = () => status(202);
    run.add(1);
    await pass(100);
    expect(run.left).toBe(0);
  });

  it("says which events the server did not take of those that it did", async () => {
    const run = new Run();
    run.answer = () => status(202, 0, '{"status":"accepted","accepted":2,"rejected":0}');
    run.add(2);
    await pass(100);
    expect(run.problems).toEqual([]);
    run.answer = () => status(202, 0, '{"status":"partial","accepted":1,"rejected":1}');
    run.add(2);
    await pass(100);
    expect(run.left).toBe(0);
    expect(String(run.problems[0])).toContain('"rejected":1');
  });

  it("halves what is too large, until what remains is a single event that is given up", async () => {
    const run = new Run();
    run.answer = (events) => status(events.includes("9") ? 413 : 202);
    run.add(20);
    await pass(100);
    expect(run.sizes).toEqual([20, 10, 5, 6, 3, 4, 2, 1, 2, 1, 2, 3, 4, 1]);
    expect(run.left).toBe(0);
    expect(run.problems).toHaveLength(1);
  });

  it("leaves alone what a page on its way out has handed over", async () => {
    const run = new Run();
    run.add(3);
    const [first] = run.box.oldest(1, 100, new Set());
    run.handedOver.add(first?.name ?? "");
    await pass(100);
    expect(run.posts[0]?.events).toEqual(["1", "2"]);
    run.handedOver.clear();
    run.flush();
    await pass(0);
    expect(run.posts[1]?.events).toEqual(["0"]);
  });

  it("comes back where another tab has its turn", async () => {
    let others = 2;
    const run = new Run(async (work) => {
      if (others-- > 0) return false;
      await work();
      return true;
    });
    run.add(1);
    await pass(100 + 2000);
    expect(run.posts).toEqual([]);
    await pass(2000);
    expect(run.sizes).toEqual([1]);
  });

  it("goes on where the browser's lock fails", async () => {
    let fails = true;
    const run = new Run(async (work) => {
      if (fails) throw new DOMException("AbortError");
      await work();
      return true;
    });
    run.add(1);
    await pass(100);
    expect(run.problems).toHaveLength(1);
    fails = false;
    await pass(1000);
    expect(run.left).toBe(0);
  });
});
