import type { Problem, ReportAnswer } from "./api";
import { backOff } from "./back-off";
import { type Fetch, RequestFailure, request } from "./request";
import type { TokenSource } from "./token-source";

/** What a feed knows: the newest report it could get, and whether the connection to the server stands. */
export type FeedState =
  | { readonly kind: "loading" }
  | { readonly kind: "refused"; readonly problem: Problem }
  | { readonly kind: "unreachable"; readonly problem: Problem }
  | {
      readonly kind: "showing";
      readonly report: ReportAnswer;
      /** Present while the report cannot be refreshed. */
      readonly problem: Problem | null;
      /** Present while it moves by itself. */
      readonly live?: Liveness;
      /** Whether something else was chosen, and this is still the picture of before. */
      readonly busy?: boolean;
    };

/** How a report moves: by a stream or by asking now and then. */
export type Liveness =
  | {
      readonly kind: "stream";
      /** When the newest event that a change brought was received, by this machine's clock; null until a change says so. */
      readonly newest: number | null;
      /** How far the server itself is behind. */
      readonly lagSeconds: number;
    }
  | {
      readonly kind: "poll";
      readonly seconds: number /** Because so many watch that there is no stream left. */;
      readonly crowded?: boolean;
    };

export interface FeedOptions {
  readonly url: string;
  readonly tokens: TokenSource;
  /** Milliseconds between refreshes; 0 loads once. */
  readonly refresh: number;
  /** Whether it is asked for now and then only because there are too many streams. */
  readonly crowded?: boolean;
  readonly onState: (state: FeedState) => void;
  /** What is on the screen already, from an earlier feed of the same report. */
  readonly shown?: FeedState;
  readonly fetch?: Fetch;
  readonly random?: () => number;
}

/**
 * Keeps one report fresh by polling with an entity tag. The picture stays while the server is away; refused access
 * (401 after a renewal, 403, 404, 400) ends the feed. Not reusable after `stop`.
 */
export class ReportFeed {
  #state: FeedState;
  #etag: string | null = null;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #due = 0;
  #underway = false;
  readonly #abort = new AbortController();

  constructor(private readonly options: FeedOptions) {
    this.#state = options.shown ?? { kind: "loading" };
  }

  get state(): FeedState {
    return this.#state;
  }

  start(): void {
    void this.#load();
  }

  stop(): void {
    this.#abort.abort();
    clearTimeout(this.#timer);
  }

  /** Asks now, unless an answer is already on its way. */
  refresh(): void {
    clearTimeout(this.#timer);
    void this.#load();
  }

  /** Holds the polling while nobody looks; on return an overdue refresh happens at once. */
  visible(visible: boolean): void {
    clearTimeout(this.#timer);
    if (visible && this.#due > 0 && !this.#abort.signal.aborted) this.#schedule(this.#due - Date.now());
  }

  async #load(): Promise<void> {
    if (this.#underway || this.#abort.signal.aborted) return;
    this.#underway = true;
    this.#due = 0;
    try {
      await this.#ask();
      this.#failures = 0;
      if (this.options.refresh > 0) this.#plan(this.options.refresh);
    } catch (cause) {
      if (this.#abort.signal.aborted) return;
      this.#fail(cause instanceof RequestFailure ? cause : unknownFailure(cause));
    } finally {
      this.#underway = false;
    }
  }

  async #ask(): Promise<void> {
    const token = await this.options.tokens.current();
    try {
      await this.#askWith(token);
    } catch (cause) {
      if (!(cause instanceof RequestFailure) || cause.status !== 401) throw cause;
      await this.#askWith(await this.options.tokens.renew());
    }
  }

  async #askWith(token: string): Promise<void> {
    const answer = await request<ReportAnswer>(this.options.url, {
      token,
      etag: this.#etag,
      signal: this.#abort.signal,
      ...(this.options.fetch ? { fetch: this.options.fetch } : {}),
    });
    if (answer.kind === "fresh") {
      this.#etag = answer.etag;
      const { refresh } = this.options;
      this.#enter({
        kind: "showing",
        report: answer.body,
        problem: null,
        ...(refresh > 0
          ? {
              live: {
                kind: "poll",
                seconds: refresh / 1000,
                ...(this.options.crowded ? { crowded: true } : {}),
              },
            }
          : {}),
      });
    } else if (this.#state.kind === "showing" && this.#state.problem) {
      this.#enter({ ...this.#state, problem: null });
    }
  }

  #fail(failure: RequestFailure): void {
    const { problem } = failure;
    const mayPass = problem.status === 0 || problem.status === 429 || problem.status >= 500;
    if (!mayPass) {
      // An expired token says nothing about what is on the screen; a withdrawn permission does.
      const keep = problem.status === 401 && this.#state.kind === "showing";
      this.#enter(
        keep && this.#state.kind === "showing" ? { ...this.#state, problem } : { kind: "refused", problem },
      );
      return;
    }
    this.#failures += 1;
    this.#enter(
      this.#state.kind === "showing" ? { ...this.#state, problem } : { kind: "unreachable", problem },
    );
    this.#plan(backOff(this.#failures, failure.retryAfter, this.options.random ?? Math.random));
  }

  #plan(delay: number): void {
    this.#due = Date.now() + delay;
    if (typeof document === "undefined" || document.visibilityState !== "hidden") this.#schedule(delay);
  }

  #schedule(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#load(), Math.max(0, delay));
  }

  #enter(state: FeedState): void {
    this.#state = state;
    this.options.onState(state);
  }
}

function unknownFailure(cause: unknown): RequestFailure {
  return new RequestFailure({
    title: "The report could not be loaded",
    status: 0,
    code: "unreachable",
    detail: cause instanceof Error ? cause.message : String(cause),
  });
}
