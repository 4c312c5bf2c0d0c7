import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { eventParser } from "../../packages/widgets/src/event-stream";
import { patched } from "../../packages/widgets/src/json-patch";
import { LiveFeed } from "../../packages/widgets/src/live-feed";
import type { FeedState } from "../../packages/widgets/src/report-feed";
import { RequestFailure } from "../../packages/widgets/src/request";
import type { OpenStream, StreamEvent, StreamOptions } from "../../packages/widgets/src/stream-event";
import { TokenSource } from "../../packages/widgets/src/token-source";
import { fullReport } from "../mock/fixtures";

const snapshot = (id = "e.1"): StreamEvent => ({
  event: "snapshot",
  id,
  data: { report: fullReport(4200), position: 1 },
});
const rename = (id: string, name: string): StreamEvent => ({
  event: "delta",
  id,
  data: { patch: [{ op: "replace", path: "/report_name", value: name }], position: 2 },
});
const end = (reason: string): StreamEvent => ({ event: "end", id: null, data: { reason } });
const failed = (status: number) => new RequestFailure({ title: "No", status });

/** A feed over streams that the test plays. */
class Run {
  readonly opened: StreamOptions[] = [];
  readonly kinds: number[] = [];
  readonly states: FeedState[] = [];
  readonly feed: LiveFeed;
  closed = 0;
  polled = 0;
  /** Whether the server cannot be reached at all. */
  away = false;
  #refused = 0;

  constructor(tokens = new TokenSource("t1", null), transports = 1) {
    const open =
      (kind: number): OpenStream =>
      (options) => {
        this.opened.push(options);
        this.kinds.push(kind);
        return { close: () => (this.closed += 1) };
      };
    this.feed = new LiveFeed({
      url: "http://tidemark.test/api/v1/reports/full",
      tokens,
      refresh: 10_000,
      random: () => 1,
      onState: (state) => this.states.push(state),
      transports: Array.from({ length: transports }, (_, kind) => open(kind)),
      fetch: async () => {
        this.polled += 1;
        if (this.away) throw new TypeError("refused");
        return Response.json(fullReport(this.polled), { headers: { ETag: `"${this.polled}"` } });
      },
    });
    this.feed.start();
  }

  /** Ends the streams that were opened since, as a server does that is not there. */
  refuseStreams(): void {
    const opened = this.opened.slice(this.#refused);
    this.#refused = this.opened.length;
    for (const { onEnd } of opened) onEnd(failed(0));
  }

  get stream(): StreamOptions {
    const last = this.opened.at(-1);
    if (!last) throw new Error("no stream was opened");
    return last;
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

describe("a live feed", () => {
  it("shows the snapshot and then every change", async () => {
    const run = new Run();
    await pass(0);
    run.stream.onEvent(snapshot());
    run.stream.onEvent(rename("e.2", "Moved"));
    expect(run.last).toMatchObject({ kind: "showing", problem: null, report: { report_name: "Moved" } });
    run.feed.stop();
    expect(run.closed).toBe(1);
  });

  it("keeps the picture while the connection is away and goes on after the last event that it saw", async () => {
    const run = new Run();
    await pass(0);
    run.stream.onEvent(snapshot());
    run.stream.onEvent(rename("e.2", "Moved"));
    run.stream.onEnd(null);
    expect(run.last).toMatchObject({
      kind: "showing",
      problem: { status: 0 },
      report: { report_name: "Moved" },
    });
    await pass(1000);
    expect(run.stream.lastSeen).toBe("e.2");
    run.stream.onEvent(rename("e.3", "Again"));
    expect(run.last).toMatchObject({ problem: null, report: { report_name: "Again" } });
    run.feed.stop();
  });

  it("waits longer after each failure", async () => {
    const run = new Run();
    await pass(0);
    run.stream.onEvent(snapshot());
    const at: number[] = [];
    for (let i = 0; i < 4; i += 1) {
      const before = run.opened.length;
      run.stream.onEnd(failed(503));
      let waited = 0;
      while (run.opened.length === before) {
        await pass(500);
        waited += 500;
      }
      at.push(waited);
    }
    expect(at).toEqual([1000, 2000, 4000, 8000]);
    run.feed.stop();
  });

  it("takes a stream that has gone silent for broken", async () => {
    const run = new Run();
    await pass(0);
    run.stream.onEvent(snapshot());
    await pass(39_000);
    run.stream.onEvent({ event: "heartbeat", id: null, data: {} });
    await pass(39_000);
    expect(run.opened).toHaveLength(1);
    await pass(3_000);
    expect(run.opened).toHaveLength(2);
    run.feed.stop();
  });

  it("asks for a new token when its own is over, and keeps the picture", async () => {
    const run = new Run(new TokenSource("t1", async () => "t2"));
    await pass(0);
    run.stream.onEvent(snapshot());
    run.stream.onEvent(end("token_expired"));
    await pass(0);
    expect(run.stream).toMatchObject({ token: "t2", lastSeen: "e.1" });
    expect(run.states.every((state) => state.kind === "showing")).toBe(true);
    run.feed.stop();
  });

  it("ends when the new token is refused too", async () => {
    const run = new Run(new TokenSource("t1", async () => "t2"));
    await pass(0);
    run.stream.onEvent(snapshot());
    run.stream.onEvent(end("token_expired"));
    await pass(0);
    run.stream.onEnd(failed(401));
    await pass(600_000);
    expect(run.opened).toHaveLength(2);
    expect(run.last).toMatchObject({ kind: "showing", problem: { status: 401 } });
  });

  it("drops the picture when its token is revoked and no other is to be had, and says so", async () => {
    const run = new Run();
    await pass(0);
    run.stream.onEvent(snapshot());
    run.stream.onEvent(end("revoked"));
    await pass(600_000);
    expect(run.opened).toHaveLength(1);
    expect(run.last).toMatchObject({ kind: "refused", problem: { status: 403, code: "revoked" } });
  });

  it("keeps the picture when another token replaces the one that was revoked", async () => {
    const run = new Run(new TokenSource("t1", async () => "t2"));
    await pass(0);
    run.stream.onEvent(snapshot());
    run.stream.onEvent(end("revoked"));
    await pass(0);
    run.stream.onEvent(rename("e.2", "Moved"));
    run.stream.onEvent(end("token_expired"));
    await pass(0);
    run.stream.onEnd(failed(401));
    expect(run.states.every((state) => state.kind === "showing")).toBe(true);
    expect(run.last).toMatchObject({ problem: { status: 401 } });
  });

  it("tells when the newest event came, whatever this machine's clock says", async () => {
    vi.setSystemTime(Date.parse("2031-01-01T00:00:00Z"));
    const run = new Run();
    await pass(0);
    run.stream.onEvent(snapshot());
    expect(run.last).toMatchObject({ live: { kind: "stream", newest: null } });
    const patch = [{ op: "replace", path: "/generated_at", value: "2026-03-14T09:00:00.700Z" }];
    const data = {
      patch,
      position: 2,
      received_at: "2026-03-14T08:59:00Z",
      newest_at: "2026-03-14T09:00:00.500Z",
    };
    run.stream.onEvent({ event: "delta", id: "e.2", data });
    expect(run.last).toMatchObject({ live: { newest: Date.parse("2031-01-01T00:00:00Z") - 200 } });
    await pass(5000);
    run.stream.onEvent(rename("e.3", "Midnight came"));
    expect(run.last).toMatchObject({ live: { newest: Date.parse("2031-01-01T00:00:00Z") - 200 } });
    run.feed.stop();
  });

  it("drops the picture when access is withdrawn", async () => {
    const run = new Run();
    await pass(0);
    run.stream.onEvent(snapshot());
    run.stream.onEnd(failed(403));
    await pass(600_000);
    expect(run.last).toMatchObject({ kind: "refused", problem: { status: 403 } });
    expect(run.opened).toHaveLength(1);
  });

  it("tries the next transport when a network carries none of the events, and polls at last", async () => {
    const run = new Run(new TokenSource("t1", null), 2);
    await pass(60_000);
    expect(new Set(run.kinds)).toEqual(new Set([0, 1]));
    expect(run.polled).toBeGreaterThan(0);
    expect(run.last?.kind).toBe("showing");
    run.feed.stop();
  });

  it("goes back to streams as soon as a server that was away answers again", async () => {
    const run = new Run(new TokenSource("t1", null), 2);
    await pass(0);
    run.stream.onEvent(snapshot());
    run.away = true;
    run.stream.onEnd(null);
    for (let at = 0; at < 100; at += 1) {
      await pass(1000);
      run.refuseStreams();
    }
    expect(run.polled).toBeGreaterThan(2);
    expect(run.last).toMatchObject({ kind: "showing", problem: { status: 0 } });
    const tried = run.opened.length;
    run.away = false;
    for (let at = 0; at < 61 && run.opened.length === tried; at += 1) await pass(1000);
    expect(run.opened).toHaveLength(tried + 1);
    expect(run.stream.lastSeen).toBeNull();
    run.stream.onEvent(snapshot("f.1"));
    expect(run.last).toMatchObject({ problem: null, live: { kind: "stream" } });
    const polled = run.polled;
    await pass(30_000);
    expect(run.polled).toBe(polled);
    run.feed.stop();
  });

  it("goes on polling while it tries streams again", async () => {
    const run = new Run(new TokenSource("t1", null), 2);
    await pass(60_000);
    const from = run.states.length;
    const tried = run.opened.length;
    await pass(120_000);
    expect(run.opened.length).toBeGreaterThan(tried);
    expect(run.states.length).toBeGreaterThan(from);
    expect(run.states.slice(from).every((state) => state.kind === "showing" && !state.problem)).toBe(true);
    run.feed.stop();
  });

  it("polls at once where the server knows no streams", async () => {
    const run = new Run(new TokenSource("t1", null), 2);
    await pass(0);
    run.stream.onEnd(failed(404));
    await pass(0);
    expect(run.polled).toBe(1);
    expect(run.opened).toHaveLength(1);
    expect(run.last?.kind).toBe("showing");
    run.feed.stop();
  });

  it("begins anew when a change does not fit the picture", async () => {
    const run = new Run();
    await pass(0);
    run.stream.onEvent(snapshot());
    run.stream.onEvent({
      event: "delta",
      id: "e.2",
      data: { patch: [{ op: "replace", path: "/widgets/99/data/value", value: 1 }] },
    });
    await pass(2000);
    expect(run.stream.lastSeen).toBeNull();
    run.feed.stop();
  });

  it("lets go of the stream while nobody looks", async () => {
    const run = new Run();
    await pass(0);
    run.stream.onEvent(snapshot());
    run.feed.visible(false);
    expect(run.closed).toBe(1);
    await pass(120_000);
    expect(run.opened).toHaveLength(1);
    run.feed.visible(true);
    await pass(0);
    expect(run.stream.lastSeen).toBe("e.1");
    run.feed.stop();
  });

  it("tells how far the server is behind", async () => {
    const run = new Run();
    await pass(0);
    run.stream.onEvent(snapshot());
    run.stream.onEvent({ event: "stale", id: null, data: { lag_seconds: 7 } });
    expect(run.last).toMatchObject({ live: { lagSeconds: 7 } });
    run.stream.onEvent({ event: "stale", id: null, data: { lag_seconds: 0 } });
    expect(run.last).toMatchObject({ live: { lagSeconds: 0 } });
    run.feed.stop();
  });
});

describe("the text of an event stream", () => {
  it("is read however it is cut", () => {
    const text = 'event: snapshot\nid: e.1\ndata: {"a":"ü"}\n\nevent: heartbeat\ndata: {}\n\n';
    for (let cut = 1; cut < text.length; cut += 1) {
      const events: StreamEvent[] = [];
      const parse = eventParser((event) => events.push(event));
      for (let at = 0; at < text.length; at += cut) parse(text.slice(at, at + cut));
      expect(events).toEqual([
        { event: "snapshot", id: "e.1", data: { a: "ü" } },
        { event: "heartbeat", id: null, data: {} },
      ]);
    }
  });
});

describe("a patch", () => {
  it("leaves what it does not touch the same objects", () => {
    const before = { a: { b: [1, { c: 2 }] }, d: { e: 3 }, "x/y~": 1 };
    const after = patched(before, [
      { op: "replace", path: "/a/b/1/c", value: 5 },
      { op: "add", path: "/f", value: [] },
      { op: "remove", path: "/x~1y~0" },
    ]);
    expect(after).toEqual({ a: { b: [1, { c: 5 }] }, d: { e: 3 }, f: [] });
    expect(after.d).toBe(before.d);
    expect(before.a.b[1]).toEqual({ c: 2 });
  });
});
