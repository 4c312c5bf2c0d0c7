import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import type { ChartCanvas } from "./chart-canvas";
import { type ChartColours, type ChartDisplay, lineColour } from "./chart-option";
import { ChartPointer, pointerSheet } from "./chart-pointer";
import { chartTooltip, tooltipSheet } from "./chart-tooltip";
import { legend, legendSheet } from "./legend";
import { loadCharts } from "./load-charts";
import { SERIES_COUNT } from "./palette";
import type { Plot } from "./plot";
import { pointTo } from "./pointing";
import { resolveColour } from "./theme";

/** A plot as lines, areas or bars, with its legend. Takes its colours from the element around it. */
export class TidemarkChart extends LitElement {
  @property({ attribute: false }) plot: Plot | null = null;
  @property() display: ChartDisplay = "line";
  /** Changes whenever the colours around the chart may have changed. */
  @property({ attribute: false }) look = "";
  @property({ attribute: false }) name = "";
  @state() private off: ReadonlySet<string> = new Set();
  @state() private colours: ChartColours | null = null;
  @query(".canvas") private readonly box!: HTMLElement;
  @query(".drawing") private readonly drawing!: HTMLElement;
  #canvas: ChartCanvas | null = null;
  #pointer: ChartPointer | null = null;
  #loading: Promise<void> | null = null;
  #broken = false;
  readonly #resize = new ResizeObserver(() => this.#canvas?.resize());

  static override styles = [
    tooltipSheet,
    pointerSheet,
    legendSheet,
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
        cursor: var(--_drill-cursor, default);
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
      const { ChartCanvas } = await loadCharts();
      if (this.getBoundingClientRect().top > innerHeight) await leisure();
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
    const { plot, colours } = this;
    if (!plot || !colours || !this.#canvas) return;
    this.#canvas.draw({
      plot,
      hidden: this.off,
      display: this.display,
      colours,
      animate: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    });
    this.#pointer?.point({
      canvas: this.#canvas,
      buckets: plot.places.length,
      describe: (index) => chartTooltip({ plot, index, hidden: this.off, colours }),
      choose: (index) => pointTo(this, { index }),
    });
  }

  #legend(): TemplateResult | typeof nothing {
    const lines = this.plot?.lines ?? [];
    const colours = this.colours;
    if (lines.length < 2 || !colours) return nothing;
    return legend(
      lines.map((line) => ({
        id: line.id,
        name: line.name,
        colour: lineColour(line, colours),
        on: !this.off.has(line.id),
        before: line.compare,
      })),
      (id) => this.#toggle(id),
    );
  }

  /** Hides or shows a line; the last one that is shown stays. */
  #toggle(id: string): void {
    const hidden = new Set(this.off);
    if (!hidden.delete(id)) hidden.add(id);
    const left = this.plot?.lines.some((line) => !hidden.has(line.id)) ?? false;
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
    return this.plot ? `${this.name}: ${this.plot.summary}` : "";
  }
}

/** For how long a chart below the window's edge waits at most for those above it to be painted. */
const PATIENCE_MILLIS = 100;

function leisure(): Promise<unknown> {
  return new Promise((done) => {
    if ("requestIdleCallback" in globalThis) requestIdleCallback(done, { timeout: PATIENCE_MILLIS });
    else setTimeout(done, PATIENCE_MILLIS);
  });
}
