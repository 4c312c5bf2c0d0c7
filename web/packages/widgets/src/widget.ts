import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { WidgetAnswer, WidgetLiveness } from "./api";
import type { WidgetSetting } from "./body-parts";
import { openDrill, type Placed } from "./drill";
import { FeedController } from "./feed-controller";
import { Format } from "./format";
import { LookController } from "./look-controller";
import { errorMark } from "./marks";
import type { Where } from "./pointing";
import { problemText } from "./problem-text";
import type { FeedState } from "./report-feed";
import { stateSheet } from "./state-sheet";
import { type Theme, themeSheet } from "./theme";
import type { TokenProvider } from "./token-source";
import { widgetBody } from "./widget-body";

/**
 * One widget with its frame and title. Inside a report it is given its `answer`; alone on a page it takes `report` and
 * `widget` and fetches by itself, with the same attributes as `tidemark-report`.
 */
export class TidemarkWidget extends LitElement {
  @property({ attribute: false }) answer: WidgetAnswer | null = null;
  @property() report = "";
  @property() widget = "";
  @property() token = "";
  @property({ attribute: "token-provider" }) tokenProvider: string | TokenProvider = "";
  @property() src = "";
  @property({ attribute: "start-time" }) startTime = "";
  @property({ attribute: "end-time" }) endTime = "";
  @property() interval = "";
  @property() last = "";
  @property() breakdown = "";
  @property() filters = "";
  @property() refresh = "";
  @property({ reflect: true }) theme: Theme = "auto";
  @property() locale = "";
  /** Whether a click on a picture leads to what is behind it: given by the report around, else by the answer. */
  @property({ type: Boolean, reflect: true }) drill = false;
  @state() private feed: FeedState = { kind: "loading" };
  readonly #feed: FeedController;
  readonly #look = new LookController(this);

  constructor() {
    super();
    this.#feed = new FeedController(this, (feed) => {
      this.feed = feed;
      if (feed.kind === "showing") this.drill = (feed.report.controls?.drill_down ?? "none") !== "none";
    });
    this.addEventListener("tidemark-where", (event) => this.#pointed(event as CustomEvent<Where>));
  }

  static override styles = [
    themeSheet,
    stateSheet,
    css`
      :host {
        display: block;
        min-width: 0;
        background: none;
      }
      section {
        display: flex;
        flex-direction: column;
        height: 100%;
        min-height: inherit;
        padding: 14px 16px;
        border: 1px solid var(--_border);
        border-radius: var(--_radius);
        background: var(--_surface);
        box-shadow: var(--_shadow);
        overflow: hidden;
      }
      header {
        flex: none;
        display: flex;
        align-items: baseline;
        gap: 0 10px;
        margin: 0 0 6px;
      }
      h3 {
        flex: 1 1 auto;
        min-width: 0;
        margin: 0;
        font-size: 13px;
        font-weight: 600;
        line-height: 1.4;
        color: var(--_text);
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .pace {
        flex: 0 1 auto;
        min-width: 0;
        font-size: 11px;
        color: var(--_muted);
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      tidemark-freshness {
        flex: none;
        margin: -3px 0;
      }
      :host([drill]) {
        --_drill-cursor: pointer;
      }
      .body {
        flex: 1 1 auto;
        min-height: 0;
        min-width: 0;
      }
      .body .skeleton {
        height: 100%;
        min-height: 72px;
      }
    `,
  ];

  /** The address of the report's data while this element stands alone. */
  get feedReport(): string {
    return this.answer ? "" : this.report;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("theme")) this.#look.refresh();
  }

  protected override render(): TemplateResult {
    const answer = this.#answer();
    return html`<section part="frame">
      <header>
        <h3 part="title" title=${answer?.title ?? ""}>${answer?.title ?? ""}</h3>
        ${pace(answer?.live, this.locale)}
        ${this.answer ? nothing : html`<tidemark-freshness .feed=${this.feed} .locale=${this.locale}></tidemark-freshness>`}
      </header>
      <div class="body" part="body">${answer ? widgetBody(answer, this.#setting()) : this.#waiting()}</div>
    </section>`;
  }

  #setting(): WidgetSetting {
    return { locale: this.locale, look: `${this.theme} ${this.#look.value}`, drill: this.drill };
  }

  /** Leads to what is behind a place; within a report the report does. */
  #pointed(event: CustomEvent<Where>): void {
    const answer = this.#answer();
    event.stopPropagation();
    if (!this.drill || !answer) return;
    const placed: Placed = {
      widget: answer,
      where: event.detail,
      top: this.getBoundingClientRect().top,
    };
    if (this.answer) {
      this.dispatchEvent(new CustomEvent("tidemark-place", { detail: placed }));
      return;
    }
    if (this.feed.kind !== "showing") return;
    void openDrill(this.renderRoot, {
      placed,
      people: this.feed.report.controls?.drill_down === "people",
      ask: this.#feed.ask,
      choices: this,
      theme: this.theme,
      locale: this.locale,
    });
  }

  #answer(): WidgetAnswer | null {
    if (this.answer) return this.answer;
    if (this.feed.kind !== "showing") return null;
    return this.feed.report.widgets.find((widget) => widget.widget_id === this.widget) ?? null;
  }

  #waiting(): TemplateResult {
    if (this.feed.kind === "loading") return html`<div class="skeleton" aria-busy="true"></div>`;
    const { title, advice } =
      this.feed.kind === "showing"
        ? { title: "This widget does not exist", advice: "It may have been removed from its report." }
        : problemText(this.feed.problem);
    return html`<div class="message" data-state="error" role="alert">
      ${errorMark}<strong>${title}</strong>
      <p>${advice}</p>
    </div>`;
  }
}

const PACE_REASONS = {
  not_incremental: "This question is computed anew while events arrive.",
  too_large: "This question has too many groups or people to be kept up to date with every event.",
} as const;

/** Says of a widget that does not move with every event how often it does. One that is only beginning to will in a moment. */
function pace(live: WidgetLiveness | undefined, locale: string): TemplateResult | typeof nothing {
  if (live?.mode !== "refresh" || live.every_seconds === undefined || live.reason === "starting")
    return nothing;
  const every = new Format(locale || undefined).duration(live.every_seconds);
  return html`<span class="pace" title=${live.reason ? PACE_REASONS[live.reason] : ""}>updates every ${every}</span>`;
}
