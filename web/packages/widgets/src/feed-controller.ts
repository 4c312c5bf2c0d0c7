import type { ReactiveController, ReactiveControllerHost } from "lit";
import { putChoices } from "./choices";
import { LiveFeed } from "./live-feed";
import { type FeedState, ReportFeed } from "./report-feed";
import { RequestFailure, request } from "./request";
import { expired, type TokenProvider, TokenSource, tokenFrom } from "./token-source";

/** The attributes by which an element says which report it shows. */
export interface FeedHost extends ReactiveControllerHost {
  /** The report to fetch; empty while the element is given its data. */
  readonly feedReport: string;
  readonly token: string;
  readonly tokenProvider: string | TokenProvider;
  readonly src: string;
  readonly startTime: string;
  readonly endTime: string;
  readonly interval: string;
  readonly refresh: string;
  readonly last: string;
  readonly breakdown: string;
  readonly filters: string;
}

/** Asks the server for something beside a report's numbers, under the same access: a path below the report. */
export type Ask = <T>(path: string, parameters: Readonly<Record<string, string>>) => Promise<T>;

const DEFAULT_REFRESH_SECONDS = 10;

/** Keeps a report's feed running while its element is on the page, and starts a new one when the attributes change. */
export class FeedController implements ReactiveController {
  #feed: ReportFeed | LiveFeed | null = null;
  #key = "";
  #report = "";
  #tokens: TokenSource | null = null;
  #provider: string | TokenProvider = "";

  constructor(
    private readonly host: FeedHost,
    private readonly onState: (state: FeedState) => void,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    document.addEventListener("visibilitychange", this.#visibility);
    this.#restart();
  }

  hostDisconnected(): void {
    document.removeEventListener("visibilitychange", this.#visibility);
    this.#stop();
  }

  hostUpdate(): void {
    if (this.#keyOfHost() !== this.#key || this.host.tokenProvider !== this.#provider) this.#restart();
  }

  /** Asks the server now. */
  refresh(): void {
    this.#feed?.refresh();
  }

  readonly ask: Ask = async (path, parameters) => {
    const tokens = this.#tokens;
    if (!tokens) throw expired();
    const url = new URL(`${baseAddress(this.host)}/${path}`);
    for (const [name, value] of Object.entries(parameters)) if (value) url.searchParams.set(name, value);
    const once = async <T>(token: string): Promise<T> => {
      const answer = await request<T>(url.href, { token });
      if (answer.kind === "fresh") return answer.body;
      throw new RequestFailure({ title: "Nothing was sent", status: 502 });
    };
    try {
      return await once(await tokens.current());
    } catch (cause) {
      if (!(cause instanceof RequestFailure) || cause.status !== 401) throw cause;
      return once(await tokens.renew());
    }
  };

  #restart(): void {
    const { host } = this;
    const address = reportAddress(host);
    const report = baseAddress(host);
    const state = this.#feed?.state;
    const kept = this.#report === report && state?.kind === "showing" ? state : null;
    const same = this.#key !== "" && JSON.parse(this.#key)[0] === address;
    const shown = kept && !same ? { ...kept, busy: true } : kept;
    this.#stop();
    this.#key = this.#keyOfHost();
    this.#report = report;
    this.#provider = host.tokenProvider;
    if (host.feedReport === "" || (host.token === "" && !host.tokenProvider)) return;
    // A new token or another choice keeps the picture until there is a new one; another report starts from the skeleton.
    if (!shown) this.onState({ kind: "loading" });
    else if (!same) this.onState(shown);
    const provider = host.tokenProvider;
    const tokens = new TokenSource(
      host.token,
      typeof provider === "function" ? provider : provider === "" ? null : tokenFrom(provider),
      this.#tokens,
    );
    this.#tokens = tokens;
    const options = {
      url: address,
      tokens,
      refresh: refreshMillis(host.refresh),
      onState: this.onState,
      ...(shown ? { shown } : {}),
    };
    this.#feed = isLive(host.refresh) ? new LiveFeed(options) : new ReportFeed(options);
    this.#feed.start();
  }

  #stop(): void {
    this.#feed?.stop();
    this.#feed = null;
  }

  #keyOfHost(): string {
    const { host } = this;
    return JSON.stringify([reportAddress(host), host.token, host.refresh]);
  }

  readonly #visibility = () => this.#feed?.visible(document.visibilityState !== "hidden");
}

/** Whether a report moves by itself, which is the default; seconds make it poll. */
function isLive(attribute: string): boolean {
  return attribute === "" || attribute === "live";
}

/** Seconds between polls: `off` or 0 loads once; a live report polls where no stream passes. */
export function refreshMillis(attribute: string): number {
  if (isLive(attribute)) return DEFAULT_REFRESH_SECONDS * 1000;
  const seconds = Number(attribute);
  return Number.isFinite(seconds) && seconds > 0 ? Math.max(1, seconds) * 1000 : 0;
}

function baseAddress(host: FeedHost): string {
  const base = host.src === "" ? new URL(import.meta.url).origin : new URL(host.src, document.baseURI).href;
  return `${base.replace(/\/$/, "")}/api/v1/reports/${encodeURIComponent(host.feedReport)}`;
}

function reportAddress(host: FeedHost): string {
  const url = new URL(baseAddress(host));
  putChoices(url.searchParams, host);
  if (host.interval) url.searchParams.set("interval", host.interval);
  return url.href;
}
