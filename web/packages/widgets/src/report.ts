import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { Controls, Problem, ReportAnswer, WidgetAnswer } from "./api";
import { type Choices, choicesOf, isChoice, isOffered } from "./choices";
import { openDrill, type Placed } from "./drill";
import { FeedController } from "./feed-controller";
import { hasRemark } from "./freshness";
import { emptyMark, errorMark, lockMark } from "./marks";
import { paint } from "./paint";
import { problemText } from "./problem-text";
import type { FeedState } from "./report-feed";
import { stateSheet } from "./state-sheet";
import { type Theme, themeSheet } from "./theme";
import type { TokenProvider } from "./token-source";

/**
 * A report: its widgets on a 12-column grid, kept fresh. Emits `tidemark-state` with the kind of its state whenever that
 * changes. Attributes and custom properties are listed in the package's README.
 */
export class TidemarkReport extends LitElement {
  @property() report = "";
  @property() token = "";
  /** A URL of the host application that answers `{"token"}`, or a function. Asked first when there is no token. */
  @property({ attribute: "token-provider" }) tokenProvider: string | TokenProvider = "";
  @property() src = "";
  @property({ attribute: "start-time" }) startTime = "";
  @property({ attribute: "end-time" }) endTime = "";
  @property() interval = "";
  /** A period that ends now, as in `30d`. */
  @property() last = "";
  @property() breakdown = "";
  /** Values by property, as JSON. */
  @property() filters = "";
  /** Leaves out what a viewer could choose. */
  @property({ type: Boolean, attribute: "hide-controls" }) hideControls = false;
  /** What is offered in the place of what the report's author allows, to those who may choose more. */
  @property({ attribute: false }) offer: Controls | null = null;
  @property() refresh = "";
  @property({ reflect: true }) theme: Theme = "auto";
  @property() locale = "";
  /** Leaves the report's name out. */
  @property({ type: Boolean, attribute: "hide-title" }) hideTitle = false;
  @state() private feed: FeedState = { kind: "loading" };
  readonly #feed: FeedController;
  #allowed: Controls | undefined;

  constructor() {
    super();
    this.#feed = new FeedController(this, (feed) => {
      this.feed = feed;
      if (feed.kind === "showing") this.#allowed = feed.report.controls;
    });
  }

  static override styles = [
    themeSheet,
    stateSheet,
    css`
      :host {
        display: block;
        container-type: inline-size;
      }
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 6px 16px;
        margin: 0 0 14px;
        min-height: 26px;
      }
      h2 {
        flex: 1 1 150px;
        margin: 0;
        min-width: 0;
        font-size: 18px;
        font-weight: 650;
        letter-spacing: -0.01em;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      h2:empty {
        flex: 1 1 0;
      }
      tidemark-freshness {
        flex: none;
      }
      .grid {
        display: grid;
        grid-template-columns: repeat(12, minmax(0, 1fr));
        grid-auto-rows: 64px;
        gap: var(--_gap);
      }
      .grid[aria-busy="true"] {
        opacity: 0.5;
      }
      @media (prefers-reduced-motion: no-preference) {
        .grid {
          transition: opacity 0.15s;
        }
      }
      .controls {
        margin: 0 0 14px;
      }
      .place {
        grid-column: calc(var(--x) + 1) / span var(--w);
        grid-row: calc(var(--y) + 1) / span var(--h);
        min-width: 0;
        height: 100%;
      }
      .place.skeleton {
        border-radius: var(--_radius);
      }
      .whole {
        padding: 48px 16px;
        border: 1px solid var(--_border);
        border-radius: var(--_radius);
        background: var(--_surface);
      }
      @container (max-width: 860px) {
        .grid {
          grid-template-columns: repeat(2, minmax(0, 1fr));
          grid-auto-rows: auto;
        }
        .place {
          grid-column: 1 / -1;
          grid-row: auto;
          height: auto;
          min-height: 118px;
        }
        .place.half {
          grid-column: span 1;
        }
        .place.chart {
          height: 300px;
        }
        .place.funnel {
          height: 340px;
        }
        .place.flow {
          height: 400px;
        }
        .place.table {
          max-height: 420px;
          display: grid;
        }
      }
      @container (max-width: 460px) {
        .place.half {
          grid-column: 1 / -1;
        }
        .place.chart {
          height: 270px;
        }
        .place.funnel {
          height: auto;
          max-height: 560px;
          display: grid;
        }
      }
    `,
  ];

  get feedReport(): string {
    return this.report;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("feed")) {
      this.dispatchEvent(
        new CustomEvent("tidemark-state", {
          detail: { kind: this.feed.kind, problem: this.#problem() },
          bubbles: true,
          composed: true,
        }),
      );
    }
  }

  protected override render(): TemplateResult {
    switch (this.feed.kind) {
      case "loading":
        return this.report !== "" && this.token === "" && !this.tokenProvider
          ? this.#whole({ title: "No token", status: 401 })
          : this.#loading();
      case "refused":
      case "unreachable":
        return html`${isChoice(this.feed.problem.field) ? this.#choices() : nothing}${this.#whole(this.feed.problem)}`;
      case "showing":
        return this.#showing(this.feed.report);
    }
  }

  #showing(report: ReportAnswer): TemplateResult {
    return html`
      ${
        this.hideTitle && !hasRemark(this.feed)
          ? nothing
          : html`<header part="header">
              <h2 part="title" title=${report.report_name}>${this.hideTitle ? "" : report.report_name}</h2>
              <tidemark-freshness .feed=${this.feed} .locale=${this.locale}></tidemark-freshness>
            </header>`
      }
      ${this.#choices()}
      ${
        report.widgets.length === 0
          ? html`<div class="whole">
              <div class="message" data-state="empty">
                ${emptyMark}<strong>This report has no widgets yet</strong>
                <p>Add one to it and it appears here.</p>
              </div>
            </div>`
          : html`<div class="grid" part="grid" aria-busy=${this.feed.kind === "showing" && this.feed.busy ? "true" : "false"}>${inReadingOrder(report.widgets).map((widget) => this.#place(widget))}</div>`
      }
    `;
  }

  get #controls(): Controls | undefined {
    return this.offer ?? this.#allowed;
  }

  #choices(): TemplateResult | typeof nothing {
    const controls = this.#controls;
    if (this.hideControls || !isOffered(controls)) return nothing;
    void import("./controls").then(({ defineControls }) => defineControls());
    return html`<tidemark-controls
      class="controls"
      exportparts="controls"
      .controls=${controls}
      .choices=${choicesOf(this)}
      .ask=${this.#feed.ask}
      .theme=${this.theme}
      @tidemark-choose=${(event: CustomEvent<Choices>) => this.#choose(event.detail)}
    ></tidemark-controls>`;
  }

  #choose(choices: Choices): void {
    Object.assign(this, choices);
    this.dispatchEvent(
      new CustomEvent("tidemark-change", { detail: { ...choices }, bubbles: true, composed: true }),
    );
  }

  #open(placed: Placed): void {
    void openDrill(this.renderRoot, {
      placed,
      people: this.#controls?.drill_down === "people",
      ask: this.#feed.ask,
      choices: this,
      theme: this.theme,
      locale: this.locale,
    });
  }

  #place(widget: WidgetAnswer): TemplateResult {
    const { x = 0, y = 0, w = 12, h = 4 } = widget.layout ?? {};
    const kind = kindOf(widget);
    return html`<tidemark-widget
      class="place ${kind} ${kind === "number" ? "half" : ""}"
      exportparts="frame: widget, title: widget-title"
      data-widget=${widget.widget_id}
      .answer=${widget}
      .theme=${this.theme}
      .locale=${this.locale}
      .drill=${(this.#controls?.drill_down ?? "none") !== "none"}
      @tidemark-place=${(event: CustomEvent<Placed>) => this.#open(event.detail)}
      ${paint({ "--x": String(x), "--y": String(y), "--w": String(w), "--h": String(h) })}
    ></tidemark-widget>`;
  }

  #loading(): TemplateResult {
    const places = [
      [0, 0, 4, 2],
      [4, 0, 4, 2],
      [8, 0, 4, 2],
      [0, 2, 12, 4],
    ] as const;
    return html`<div class="grid" role="status" aria-busy="true" aria-label="Loading the report" data-state="loading">
      ${places.map(
        ([x, y, w, h]) =>
          html`<div
            class="place skeleton ${h > 2 ? "chart" : "half"}"
            ${paint({ "--x": String(x), "--y": String(y), "--w": String(w), "--h": String(h) })}
          ></div>`,
      )}
    </div>`;
  }

  #whole(problem: Problem): TemplateResult {
    const { title, advice } = problemText(problem);
    const access = problem.status === 401 || problem.status === 403;
    const kind = problem.status === 401 ? "expired" : problem.status === 403 ? "forbidden" : "error";
    return html`<div class="whole">
      <div class="message" data-state=${kind} role="alert">
        ${access ? lockMark : errorMark}<strong>${title}</strong>
        <p>${advice}</p>
        ${problem.correlation_id ? html`<code>${problem.correlation_id}</code>` : nothing}
      </div>
    </div>`;
  }

  #problem(): Problem | null {
    return this.feed.kind === "loading" ? null : this.feed.problem;
  }
}

/** How a widget takes its place in a narrow report. */
function kindOf(widget: WidgetAnswer): "number" | "table" | "funnel" | "flow" | "chart" {
  const { type, display } = widget;
  if (type === "metric" || display === "number") return "number";
  if (type === "table" || display === "table") return "table";
  if (display === "line" || display === "bar" || display === "area" || type === "trend") return "chart";
  if (type === "funnel") return "funnel";
  if (type === "paths") return "flow";
  return type === "stickiness" ? "chart" : "table";
}

function inReadingOrder(widgets: readonly WidgetAnswer[]): WidgetAnswer[] {
  const place = (widget: WidgetAnswer) => (widget.layout?.y ?? 0) * 12 + (widget.layout?.x ?? 0);
  return [...widgets].sort((a, b) => place(a) - place(b));
}
