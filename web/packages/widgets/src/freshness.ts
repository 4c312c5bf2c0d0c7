import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { Format } from "./format";
import type { FeedState, Liveness } from "./report-feed";

type Showing = Extract<FeedState, { kind: "showing" }>;

/** How old a picture may grow without a connection before its age is said. */
const OLD_MILLIS = 30_000;

/** What is said of a picture's freshness. */
interface Remark {
  readonly kind: "expired" | "reconnecting" | "stale" | "late" | "live" | "polling" | "crowded";
  readonly shown: string;
  /** What is announced, which stays the same while only time passes. */
  readonly said: string;
  readonly title: string;
}

/**
 * Says beside a report whether it moves by itself, how old its newest event is, or why it does not move. The words are announced
 * when they change, the passing of time never is.
 */
export class TidemarkFreshness extends LitElement {
  @property({ attribute: false }) feed: FeedState = { kind: "loading" };
  @property() locale = "";
  @state() private now = Date.now();
  #clock: ReturnType<typeof setTimeout> | undefined;
  #remark: Remark | null = null;
  #news = "";

  static override styles = css`
    :host {
      display: inline-flex;
      min-width: 0;
      max-width: 100%;
    }
    .badge {
      display: inline-flex;
      align-items: center;
      gap: 0 7px;
      min-width: 0;
      padding: 3px 10px;
      border-radius: 99px;
      font-size: 12px;
      line-height: 1.4;
      color: var(--_muted);
      font-variant-numeric: tabular-nums;
    }
    .badge::before {
      content: "";
      flex: none;
      width: 7px;
      height: 7px;
      border-radius: 50%;
      background: currentColor;
    }
    .badge.live,
    .badge.polling,
    .badge.crowded {
      padding-inline: 0;
    }
    .badge.live::before {
      background: var(--_positive);
    }
    .badge.polling::before,
    .badge.crowded::before {
      background: none;
      border: 1.5px solid currentColor;
    }
    .badge.warn {
      color: var(--_warning);
      background: var(--_warning-surface);
    }
    .unseen {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
      white-space: nowrap;
    }
  `;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#clock);
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has("feed")) this.now = Date.now();
    const before = this.#remark?.said ?? "";
    this.#remark = this.feed.kind === "showing" ? remarkOn(this.feed, this.locale, this.now) : null;
    const said = this.#remark?.said ?? "";
    // What is there from the beginning is read where it stands; only a change of it is news.
    this.#news = before === "" || before === said ? "" : said;
  }

  protected override updated(): void {
    clearTimeout(this.#clock);
    const wait = this.feed.kind === "showing" ? untilNext(this.feed, this.now) : 0;
    if (wait > 0 && this.isConnected) {
      this.#clock = setTimeout(() => {
        this.now = Date.now();
      }, wait);
    }
  }

  protected override render(): TemplateResult {
    const remark = this.#remark;
    return html`${
      remark === null
        ? nothing
        : html`<span class="badge ${remark.kind} ${isQuiet(remark) ? "" : "warn"}" data-badge=${remark.kind} title=${remark.title}
            >${remark.shown}</span
          >`
    }<span class="unseen" role="status">${this.#news}</span>`;
  }
}

/** Whether there is anything to say of a feed. */
export function hasRemark(feed: FeedState): boolean {
  return feed.kind === "showing" && (feed.problem !== null || feed.report.stale || feed.live !== undefined);
}

function isQuiet(remark: Remark): boolean {
  return remark.kind === "live" || remark.kind === "polling" || remark.kind === "crowded";
}

function remarkOn({ report, problem, live }: Showing, locale: string, now: number): Remark | null {
  const format = new Format(locale || undefined);
  const generated = Date.parse(report.generated_at);
  const from = `showing data from ${format.ago(generated, now)}`;
  if (problem?.status === 401) {
    const said = "Access has expired";
    return { kind: "expired", shown: `${said}, ${from}`, said, title: problem.detail ?? "" };
  }
  if (problem) {
    const said = "Reconnecting";
    const shown = now - generated > OLD_MILLIS ? `${said}, ${from}` : said;
    return { kind: "reconnecting", shown, said, title: problem.detail ?? problem.title };
  }
  if (report.stale) {
    const title = "The numbers cannot be computed at the moment; these are the last that were.";
    return { kind: "stale", shown: from.replace("s", "S"), said: "Showing older data", title };
  }
  return live ? remarkOnMovement(live, locale, now) : null;
}

function remarkOnMovement(live: Liveness, locale: string, now: number): Remark {
  const format = new Format(locale || undefined);
  if (live.kind === "poll") {
    const said = live.crowded
      ? `Many are watching: updates every ${format.duration(live.seconds)}`
      : `Updates every ${format.duration(live.seconds)}`;
    const title = live.crowded
      ? "As many watch live as the server has room for; this moves by itself as soon as there is."
      : "";
    return { kind: live.crowded ? "crowded" : "polling", shown: said, said, title };
  }
  if (live.lagSeconds > 0) {
    const shown = `Numbers are ${format.duration(live.lagSeconds)} behind`;
    const title = "Events are kept as they arrive; counting them takes longer than usual.";
    return { kind: "late", shown, said: "Numbers are behind", title };
  }
  const title = "Moves by itself as events arrive";
  if (live.newest === null) return { kind: "live", shown: "Live", said: "Live", title };
  const ago = age(live.newest, locale, now);
  return { kind: "live", shown: `Live, ${ago}`, said: "Live", title: `${title}; the newest came ${ago}` };
}

/** How long ago the newest event came, in tenths of a second below one. */
function age(newest: number, locale: string, now: number): string {
  const millis = now - newest;
  return millis < 950
    ? new Intl.RelativeTimeFormat(locale || undefined, { style: "short" }).format(
        -Math.max(0.1, Math.round(millis / 100) / 10),
        "second",
      )
    : new Format(locale || undefined).ago(newest, now);
}

/** Milliseconds until time alone makes the remark read differently; 0 for never. */
function untilNext({ report, problem, live }: Showing, now: number): number {
  if (problem !== null || report.stale) return 10_000;
  if (live?.kind !== "stream" || live.lagSeconds > 0 || live.newest === null) return 0;
  const millis = now - live.newest;
  return millis < 10_000 ? 1_000 : millis < 60_000 ? 10_000 : 60_000;
}
