import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { backOff } from "../../packages/widgets/src/back-off";
import { type FeedState, ReportFeed } from "../../packages/widgets/src/report-feed";
import { TokenSource, tokenFrom } from "../../packages/widgets/src/token-source";
import { fullReport } from "../mock/fixtures";

type Reply = () => Response | Promise<Response>;

const report = (level = 4200): Reply => {
  return () => Response.json(fullReport(level), { headers: { ETag: `"${level}"` } });
};
const status = (code: number, headers: Record<string, string> = {}): Reply => {
  return () => Response.json({ title: "No", status: code }, { status: code, headers });
};
const unchanged: Reply = () => new Response(null, { status: 304 });
const unreachable: Reply = () => Promise.reject(new TypeError("Failed to fetch"));

/** A feed over scripted answers; the last one is repeated. */
class Run {
  readonly requests: { readonly token: string; readonly etag: string }[] = [];
  readonly states: FeedState[] = [];
  readonly feed: ReportFeed;

  constructor(replies: readonly Reply[], tokens = new TokenSource("t1", null)) {
    this.feed = new ReportFeed({
      url: "http://tidemark.test/api/v1/reports/full",
      tokens,
      refresh: 10_000,
      onState: (state) => this.states.push(state),
      random: () => 1,
      fetch: async (_, init) => {
        const headers = new Headers(init?.headers);
        this.requests.push({
          token: headers.get("Authorization") ?? "",
          etag: headers.get("If-None-Match") ?? "",
        });
        const reply = replies[Math.min(this.requests.length, replies.length) - 1];
        if (!reply) throw new Error("no reply is scripted");
        return reply();
      },
    });
    this.feed.start();
  }

  get last(): FeedState | undefined {
    return this.states.at(-1);
  }
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const pass = (millis: number) => vi.advanceTimersByTimeAsync(millis);

describe("a report feed", () => {
  it("asks again every ten seconds with the entity tag of what it shows", async () => {
    const run = new Run([report(), unchanged, report(5000)]);
    await pass(0);
    expect(run.last?.kind).toBe("showing");
    await pass(10_000);
    expect(run.requests[1]).toEqual({ token: "Bearer t1", etag: '"4200"' });
    expect(run.states).toHaveLength(1);
    await pass(10_000);
    expect(run.states).toHaveLength(2);
    expect(run.requests).toHaveLength(3);
    run.feed.stop();
  });

  it("keeps the picture while the server is away, and drops the notice when it is back unchanged", async () => {
    const run = new Run([report(), unreachable, status(503), unchanged]);
    await pass(0);
    await pass(10_000);
    expect(run.last).toMatchObject({ kind: "showing", problem: { status: 0 } });
    await pass(1000);
    expect(run.last).toMatchObject({ kind: "showing", problem: { status: 503 } });
    await pass(2000);
    expect(run.last).toMatchObject({ kind: "showing", problem: null });
    run.feed.stop();
  });

  it("says that it cannot be reached when it never showed anything, and goes on trying", async () => {
    const run = new Run([unreachable, report()]);
    await pass(0);
    expect(run.last?.kind).toBe("unreachable");
    await pass(1000);
    expect(run.last?.kind).toBe("showing");
    run.feed.stop();
  });

  it("waits as long as the server asks", async () => {
    const run = new Run([status(429, { "Retry-After": "30" }), report()]);
    await pass(29_000);
    expect(run.requests).toHaveLength(1);
    await pass(1000);
    expect(run.requests).toHaveLength(2);
    run.feed.stop();
  });

  it("renews a refused token once and goes on with the new one", async () => {
    let asked = 0;
    const tokens = new TokenSource("t1", async () => {
      asked += 1;
      return `t${asked + 1}`;
    });
    const run = new Run([status(401), report()], tokens);
    await pass(0);
    expect(run.requests.map((request) => request.token)).toEqual(["Bearer t1", "Bearer t2"]);
    expect(run.last?.kind).toBe("showing");
    expect(asked).toBe(1);
    run.feed.stop();
  });

  it("ends when the renewed token is refused too", async () => {
    const run = new Run([status(401)], new TokenSource("t1", async () => "t2"));
    await pass(600_000);
    expect(run.requests).toHaveLength(2);
    expect(run.last).toMatchObject({ kind: "refused", problem: { status: 401 } });
  });

  it("keeps the picture when its token expires and nobody renews it", async () => {
    const run = new Run([report(), status(401)]);
    await pass(600_000);
    expect(run.last).toMatchObject({ kind: "showing", problem: { status: 401 } });
    expect(run.requests).toHaveLength(2);
  });

  it("drops the picture when access is withdrawn", async () => {
    const run = new Run([report(), status(403)]);
    await pass(600_000);
    expect(run.last).toMatchObject({ kind: "refused", problem: { status: 403 } });
    expect(run.requests).toHaveLength(2);
  });

  it("asks the provider first when there is no token", async () => {
    const run = new Run([report()], new TokenSource("", async () => "fresh"));
    await pass(0);
    expect(run.requests[0]?.token).toBe("Bearer fresh");
    run.feed.stop();
  });

  it("tries again when the provider cannot be reached", async () => {
    const provider = tokenFrom("http://host.test/token", async () => {
      throw new TypeError("Failed to fetch");
    });
    const run = new Run([report()], new TokenSource("", provider));
    await pass(0);
    expect(run.last?.kind).toBe("unreachable");
    run.feed.stop();
  });

  it("asks nothing more once stopped", async () => {
    const run = new Run([report()]);
    await pass(0);
    run.feed.stop();
    await pass(600_000);
    expect(run.requests).toHaveLength(1);
  });

  it("catches up at once when it becomes visible after its time, and is quiet while hidden", async () => {
    const run = new Run([report()]);
    await pass(0);
    run.feed.visible(false);
    await pass(60_000);
    expect(run.requests).toHaveLength(1);
    run.feed.visible(true);
    await pass(0);
    expect(run.requests).toHaveLength(2);
    run.feed.stop();
  });
});

describe("the back-off", () => {
  it("doubles up to a minute and is at least half of that", () => {
    expect(backOff(1, null, () => 1)).toBe(1000);
    expect(backOff(4, null, () => 1)).toBe(8000);
    expect(backOff(50, null, () => 1)).toBe(60_000);
    expect(backOff(4, null, () => 0)).toBe(4000);
  });

  it("never undercuts the server's wish", () => {
    expect(backOff(1, 5000, () => 0)).toBe(5000);
  });
});
