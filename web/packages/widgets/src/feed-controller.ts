import type { ReactiveController, ReactiveControllerHost } from "lit";
import { LiveFeed } from "./live-feed";
import { type FeedState, ReportFeed } from "./report-feed";
import { type TokenProvider, TokenSource, tokenFrom } from "./token-source";

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
}

const DEFAULT_REFRESH_SECONDS = 10;

/** Keeps a report's feed running while its element is on the page, and starts a new one when the attributes change. */
export class FeedController implements ReactiveController {
  #feed: ReportFeed | LiveFeed | null = null;
  #key = "";
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

  #restart(): void {
    const { host } = this;
    const address = reportAddress(host);
    const sameReport = this.#key !== "" && JSON.parse(this.#key)[0] === address;
    const shown = sameReport && this.#feed?.state.kind === "showing" ? this.#feed.state : null;
    this.#stop();
    this.#key = this.#keyOfHost();
    this.#provider = host.tokenProvider;
    if (host.feedReport === "" || (host.token === "" && !host.tokenProvider)) return;
    // A new token for the same report keeps the picture; another report or range starts from the skeleton.
    if (!shown) this.onState({ kind: "loading" });
    const provider = host.tokenProvider;
    const options = {
      url: address,
      tokens: new TokenSource(
        host.token,
        typeof provider === "function" ? provider : provider === "" ? null : tokenFrom(provider),
      ),
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

function reportAddress(host: FeedHost): string {
  const base = host.src === "" ? new URL(import.meta.url).origin : new URL(host.src, document.baseURI).href;
  const url = new URL(`${base.replace(/\/$/, "")}/api/v1/reports/${encodeURIComponent(host.feedReport)}`);
  if (host.startTime) url.searchParams.set("start_time", host.startTime);
  if (host.endTime) url.searchParams.set("end_time", host.endTime);
  if (host.interval) url.searchParams.set("interval", host.interval);
  return url.href;
}
