import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import type { TrendData } from "./api";
import type { ChartCanvas } from "./chart-canvas";
import { type ChartColours, type ChartDisplay, lineColour, valueUnit } from "./chart-option";
import { ChartPointer, pointerSheet } from "./chart-pointer";
import { chartTooltip, tooltipSheet } from "./chart-tooltip";
import { Format } from "./format";
import { paint } from "./paint";
import { SERIES_COUNT } from "./palette";
import { resolveColour } from "./theme";
import { type DrawnTrend, drawnTrend } from "./trend-lines";

/** A trend as lines, areas or bars, with its legend. Takes its colours from the element around it. */
export class TidemarkChart extends LitElement {
  @property({ attribute: false }) data: TrendData | null = null;
  @property() display: ChartDisplay = "line";
  @property() locale = "";
  /** Changes whenever the colours around the chart may have changed. */
  @property({ attribute: false }) look = "";
  @property({ attribute: false }) name = "";
  @state() private off: ReadonlySet<string> = new Set();
  @state() private colours: ChartColours | null = null;
  @query(".canvas") private readonly box!: HTMLElement;
  @query(".drawing") private readonly drawing!: HTMLElement;
  #trend: DrawnTrend | null = null;
  #canvas: ChartCanvas | null = null;
  #pointer: ChartPointer | null = null;
  #loading: Promise<void> | null = null;
  #broken = false;
  readonly #resize = new ResizeObserver(() => this.#canvas?.resize());

  static override styles = [
    tooltipSheet,
    pointerSheet,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
        min-width: 0;
        height: 100%;
      }
      .canvas {
        flex: 1 1 auto;
        min-height: 120px;
        min-width: 0;
        position: relative;
      }
      .drawing {
        position: absolute;
        inset: 0;
      }
      .canvas:focus-visible {
        outline: 2px solid var(--_accent);
        outline-offset: 2px;
        border-radius: 4px;
      }
      .legend {
        display: flex;
        flex: 0 0 auto;
        flex-wrap: wrap;
        gap: 2px 4px;
        margin: 6px -6px 0;
        padding: 0;
        list-style: none;
        max-height: 52px;
        overflow: auto;
        scrollbar-width: thin;
      }
      li {
        min-width: 0;
        max-width: min(220px, calc(50% - 4px));
      }
      button {
        all: unset;
        box-sizing: border-box;
        display: flex;
        align-items: center;
        gap: 6px;
        max-width: 100%;
        padding: 2px 6px;
        border-radius: 6px;
        font-size: 12px;
        line-height: 18px;
        color: var(--_muted);
        cursor: pointer;
      }
      button:hover {
        color: var(--_text);
        background: var(--_skeleton);
      }
      button:focus-visible {
        outline: 2px solid var(--_accent);
      }
      button[aria-pressed="false"] {
        opacity: 0.45;
        text-decoration: line-through;
      }
      .swatch {
        flex: none;
        width: 10px;
        height: 10px;
        border-radius: 3px;
        background: var(--swatch);
      }
      .swatch.before {
        height: 3px;
        opacity: 0.5;
      }
      .text {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .broken {
        margin: auto;
        color: var(--_muted);
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.requestUpdate("look");
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize.disconnect();
    this.#canvas?.close();
    this.#canvas = null;
    this.#pointer?.close();
    this.#pointer = null;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("data")) this.#trend = this.data ? drawnTrend(this.data) : null;
    if (changed.has("look") || !this.colours) this.colours = this.#readColours();
  }

  protected override render(): TemplateResult {
    if (this.#broken) return html`<p class="broken">The chart library could not be loaded.</p>`;
    return html`
      <div class="canvas" role="img" tabindex="0" aria-label=${this.#summary()}><div class="drawing"></div></div>
      ${this.#legend()}
    `;
  }

  protected override updated(): void {
    if (!this.isConnected || this.#broken) return;
    if (this.#canvas) this.#draw();
    else this.#loading ??= this.#load();
  }

  async #load(): Promise<void> {
    try {
      const { ChartCanvas } = await import("./chart-canvas");
      if (!this.isConnected) return;
      this.#canvas = new ChartCanvas(this.drawing);
      this.#pointer = new ChartPointer(this.box);
      this.#resize.observe(this.box);
      this.#draw();
      this.dispatchEvent(new CustomEvent("tidemark-drawn", { bubbles: true, composed: true }));
    } catch {
      this.#broken = true;
      this.requestUpdate();
    } finally {
      this.#loading = null;
    }
  }

  #draw(): void {
    const { data, colours } = this;
    const trend = this.#trend;
    if (!data || !trend || !colours || !this.#canvas) return;
    const format = new Format(this.locale || undefined);
    this.#canvas.draw({
      trend,
      hidden: this.off,
      display: this.display,
      interval: data.interval,
      zone: data.zone,
      colours,
      format,
      animate: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    });
    this.#pointer?.point({
      canvas: this.#canvas,
      buckets: trend.times.length,
      describe: (index) =>
        chartTooltip({
          trend,
          index,
          hidden: this.off,
          interval: data.interval,
          zone: data.zone,
          colours,
          format,
        }),
    });
  }

  #legend(): TemplateResult | typeof nothing {
    const lines = this.#trend?.lines ?? [];
    const colours = this.colours;
    if (lines.length < 2 || !colours) return nothing;
    return html`<ul class="legend" aria-label="Legend">
      ${lines.map(
        (line) => html`<li>
          <button
            type="button"
            title=${line.name}
            aria-pressed=${this.off.has(line.id) ? "false" : "true"}
            @click=${() => this.#toggle(line.id)}
          >
            <span
              class="swatch ${line.compare ? "before" : ""}"
              ${paint({ "--swatch": lineColour(line, colours) })}
            ></span>
            <span class="text">${line.name}</span>
          </button>
        </li>`,
      )}
    </ul>`;
  }

  /** Hides or shows a line; the last one that is shown stays. */
  #toggle(id: string): void {
    const hidden = new Set(this.off);
    if (!hidden.delete(id)) hidden.add(id);
    const left = this.#trend?.lines.some((line) => !hidden.has(line.id)) ?? false;
    if (left) this.off = hidden;
  }

  #readColours(): ChartColours {
    const series = Array.from({ length: SERIES_COUNT }, (_, i) => resolveColour(this, `--_series-${i + 1}`));
    return {
      series,
      other: resolveColour(this, "--_other"),
      text: resolveColour(this, "--_text"),
      muted: resolveColour(this, "--_muted"),
      border: resolveColour(this, "--_border"),
      grid: resolveColour(this, "--_grid"),
      surface: resolveColour(this, "--_surface"),
      font: getComputedStyle(this).fontFamily,
    };
  }

  #summary(): string {
    const { data } = this;
    const trend = this.#trend;
    if (!data || !trend) return "";
    const format = new Format(this.locale || undefined);
    const values = data.series.flatMap((point) => (point.value === null ? [] : [point.value]));
    const extent =
      values.length > 0
        ? `, lowest ${format.number(Math.min(...values))}, highest ${format.number(Math.max(...values))}`
        : "";
    return `${this.name}: ${valueUnit(trend, data.interval)}, ${trend.lines.length} lines, ${format.day(
      data.start_time,
      data.zone,
    )} to ${format.day(data.end_time, data.zone)}${extent}`;
  }
}
