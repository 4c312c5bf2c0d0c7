import type { Problem, ReportAnswer } from "./api";
import { backOff } from "./back-off";
import { eventStream, hasRoomForEventStream } from "./event-stream";
import { type PatchOperation, patched } from "./json-patch";
import { type FeedOptions, type FeedState, type Liveness, ReportFeed } from "./report-feed";
import { RequestFailure } from "./request";
import { socketStream } from "./socket-stream";
import type { OpenStream, Stream, StreamEvent } from "./stream-event";

/** How long a stream may say nothing at all, heart-beats included, before it counts as broken. */
const SILENCE_MILLIS = 40_000;
/** How long a network may hold back the first event before another transport is tried. */
const FIRST_EVENT_MILLIS = 8_000;
/** When a feed that polls tries streams again: soon at first, for it may have been the server that was away; then ever later. */
const FIRST_UPGRADE_MILLIS = 20_000;
const LAST_UPGRADE_MILLIS = 300_000;

/** Answers of a server that has no such address. */
const UNKNOWN: ReadonlySet<number> = new Set([404, 405, 501]);
/** Answers of a server that has no stream left for another viewer. */
const CROWDED: ReadonlySet<string> = new Set(["rate_limited", "too_many_requests", "overloaded"]);

export interface LiveOptions extends FeedOptions {
  /** In the order in which they are tried; polling comes after them. */
  readonly transports?: readonly OpenStream[];
}

/**
 * Keeps one report fresh by a stream: server-sent events, else a WebSocket, else polling, whichever the network carries (a
 * WebSocket first where the page holds event streams already). The
 * picture stays while the connection is away; it goes on where it was. Refused access ends the feed. Not reusable after `stop`.
 */
export class LiveFeed {
  #state: FeedState;
  #stream: Stream | null = null;
  #polling: ReportFeed | null = null;
  #transport = 0;
  #heard = false;
  #lastSeen: string | null = null;
  #failures = 0;
  /** How often polling has taken over since a stream brought anything. */
  #degraded = 0;
  #renewed = false;
  #crowded = false;
  #withdrawn: Problem | null = null;
  #newest: number | null = null;
  #stopped = false;
  #hidden = false;
  #attempt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setTimeout> | undefined;
  readonly #transports: readonly OpenStream[];

  constructor(private readonly options: LiveOptions) {
    this.#state = options.shown ?? { kind: "loading" };
    const events = eventStream(options.fetch);
    this.#transports =
      options.transports ?? (hasRoomForEventStream() ? [events, socketStream()] : [socketStream(), events]);
  }

  get state(): FeedState {
    return this.#state;
  }

  start(): void {
    void this.#connect();
  }

  stop(): void {
    this.#stopped = true;
    this.#drop();
    this.#endPolling();
  }

  /** Asks now, where nothing comes by itself. */
  refresh(): void {
    if (this.#polling) this.#polling.refresh();
    else if (!this.#stream) void this.#connect();
  }

  /** Lets go of the connection while nobody looks, and goes on where it was afterwards. */
  visible(visible: boolean): void {
    this.#hidden = !visible;
    this.#polling?.visible(visible);
    if (!visible) this.#drop();
    else if (!this.#stream && !this.#over()) void this.#connect();
  }

  async #connect(): Promise<void> {
    this.#drop();
    const attempt = this.#attempt;
    if (this.#stopped || this.#hidden) return;
    const open = this.#transports[this.#transport];
    if (!open) {
      this.#poll();
      return;
    }
    let token: string;
    try {
      token = await this.options.tokens.current();
    } catch (cause) {
      if (attempt === this.#attempt) this.#fail(cause);
      return;
    }
    if (attempt !== this.#attempt || this.#stopped) return;
    this.#heard = false;
    this.#expect(FIRST_EVENT_MILLIS);
    this.#stream = open({
      url: this.options.url,
      token,
      lastSeen: this.#state.kind === "showing" ? this.#lastSeen : null,
      onEvent: (event) => {
        if (attempt === this.#attempt) this.#take(event);
      },
      onEnd: (failure) => {
        if (attempt === this.#attempt) this.#fail(failure ?? lost());
      },
    });
  }

  #take(event: StreamEvent): void {
    this.#heard = true;
    this.#expect(SILENCE_MILLIS);
    try {
      switch (event.event) {
        case "snapshot":
          this.#show((event.data as { report: ReportAnswer }).report, event);
          break;
        case "delta":
          if (this.#state.kind !== "showing") throw new TypeError("a change of nothing");
          this.#show(patched(this.#state.report, (event.data as { patch: PatchOperation[] }).patch), event);
          break;
        case "stale":
          this.#late((event.data as { lag_seconds: number }).lag_seconds);
          break;
        case "heartbeat":
          if (this.#state.kind === "showing" && this.#state.problem) this.#late(0);
          break;
        case "end":
          this.#ended((event.data as { reason: string }).reason);
          break;
      }
    } catch {
      // The picture and the stream no longer fit: begin with a whole one.
      this.#lastSeen = null;
      this.#fail(lost());
    }
  }

  #show(report: ReportAnswer, event: StreamEvent): void {
    this.#lastSeen = event.id;
    this.#failures = 0;
    this.#renewed = false;
    this.#withdrawn = null;
    this.#degraded = 0;
    this.#crowded = false;
    this.#endPolling();
    const { newest_at, received_at } = event.data as { newest_at?: string; received_at?: string };
    const newestAt = newest_at ?? received_at;
    if (newestAt !== undefined) {
      // How old it is by the server's clock alone: that of this machine may be minutes away from it.
      const age = Date.parse(report.generated_at) - Date.parse(newestAt);
      this.#newest = Date.now() - Math.max(0, age);
    }
    this.#enter({ kind: "showing", report, problem: null, live: this.#live(this.#lag()) });
  }

  #late(lagSeconds: number): void {
    this.#failures = 0;
    if (this.#state.kind === "showing") {
      this.#enter({ ...this.#state, problem: null, live: this.#live(lagSeconds) });
    }
  }

  #live(lagSeconds: number): Liveness {
    return { kind: "stream", newest: this.#newest, lagSeconds };
  }

  #lag(): number {
    const live = this.#state.kind === "showing" ? this.#state.live : undefined;
    return live?.kind === "stream" ? live.lagSeconds : 0;
  }

  #ended(reason: string): void {
    switch (reason) {
      case "token_expired":
        this.#fail(new RequestFailure({ title: "Access has expired", status: 401, code: "unauthenticated" }));
        break;
      case "revoked":
        this.#withdrawn = { title: "Access was withdrawn", status: 403, code: "revoked" };
        this.#fail(new RequestFailure({ title: "Access was withdrawn", status: 401, code: "revoked" }));
        break;
      case "report_removed":
        this.#fail(new RequestFailure({ title: "The report is gone", status: 404, code: "not_found" }));
        break;
      default:
        this.#fail(lost());
    }
  }

  #fail(cause: unknown): void {
    const failure = cause instanceof RequestFailure ? cause : lost();
    const { problem } = failure;
    this.#drop();
    if (this.#stopped) return;
    if (problem.status === 401 && !this.#renewed) {
      this.#renewed = true;
      const attempt = this.#attempt;
      this.options.tokens.renew().then(
        () => attempt === this.#attempt && void this.#connect(),
        (refused: unknown) => attempt === this.#attempt && this.#fail(refused),
      );
      return;
    }
    if (!this.#heard && UNKNOWN.has(problem.status)) {
      // A server, or one between, that knows no streams; polling finds out whether the report is missing too.
      this.#transport = this.#transports.length;
      void this.#connect();
      return;
    }
    if (!this.#heard && CROWDED.has(problem.code ?? "")) {
      this.#transport = this.#transports.length;
      this.#crowded = true;
      void this.#connect();
      return;
    }
    if (problem.status !== 0 && problem.status !== 429 && problem.status < 500) {
      // An expired token says nothing about what is on the screen; a withdrawn permission does.
      const keep = problem.status === 401 && this.#withdrawn === null;
      this.#endPolling();
      this.#enter(
        keep && this.#state.kind === "showing"
          ? without(this.#state, problem)
          : { kind: "refused", problem: this.#withdrawn ?? problem },
      );
      return;
    }
    if (!this.#heard && problem.status === 0 && this.#failures > 0) this.#transport += 1;
    this.#failures += 1;
    if (!this.#polling) {
      this.#enter(
        this.#state.kind === "showing" ? without(this.#state, problem) : { kind: "unreachable", problem },
      );
    }
    const delay = backOff(this.#failures, failure.retryAfter, this.options.random ?? Math.random);
    this.#retry = setTimeout(() => void this.#connect(), delay);
  }

  /** Asks now and then, and goes on doing so until a stream brings something. */
  #poll(): void {
    const delay = Math.min(LAST_UPGRADE_MILLIS, FIRST_UPGRADE_MILLIS * 2 ** this.#degraded);
    this.#degraded += 1;
    this.#retry = setTimeout(() => this.#upgrade(), delay);
    if (this.#polling) return;
    let away = false;
    this.#polling = new ReportFeed({
      ...this.options,
      crowded: this.#crowded,
      shown: this.#state,
      onState: (state) => {
        // What a stream left off at is no longer what is on the screen.
        this.#lastSeen = null;
        this.#enter(state);
        if (state.kind === "unreachable" || (state.kind === "showing" && state.problem)) away = true;
        else if (away && state.kind === "showing") {
          // It was the server that was away, not the network that carries no streams.
          away = false;
          this.#upgrade();
        }
      },
    });
    this.#polling.start();
  }

  #upgrade(): void {
    if (this.#over()) return;
    this.#transport = 0;
    this.#failures = 0;
    void this.#connect();
  }

  #endPolling(): void {
    this.#polling?.stop();
    this.#polling = null;
  }

  /** Whether access was refused, so that nothing more comes. */
  #over(): boolean {
    const state = this.#state;
    return (
      this.#stopped || state.kind === "refused" || (state.kind === "showing" && state.problem?.status === 401)
    );
  }

  #expect(millis: number): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.#fail(lost()), millis);
  }

  #drop(): void {
    this.#attempt += 1;
    clearTimeout(this.#retry);
    clearTimeout(this.#watch);
    this.#stream?.close();
    this.#stream = null;
  }

  #enter(state: FeedState): void {
    this.#state = state;
    this.options.onState(state);
  }
}

type Showing = Extract<FeedState, { kind: "showing" }>;

function without(state: Showing, problem: Problem): Showing {
  return { kind: "showing", report: state.report, problem };
}

function lost(): RequestFailure {
  return new RequestFailure({ title: "The connection was lost", status: 0, code: "unreachable" });
}
