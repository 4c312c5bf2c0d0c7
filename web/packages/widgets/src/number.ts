import { css, html, LitElement, nothing, svg, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import type { MeasuredValue, MetricData, Point, TrendData } from "./api";
import { Format, label } from "./format";
import { pointTo } from "./pointing";
import { firstPartial } from "./trend-lines";

/** One headline number with its change against the period before, or the newest bucket of a trend with a small curve. */
export class TidemarkNumber extends LitElement {
  @property({ attribute: false }) metric: MetricData | null = null;
  @property({ attribute: false }) trend: TrendData | null = null;
  @property() locale = "";
  /** Whether there is something behind its number to look at. */
  @property({ type: Boolean }) drill = false;

  static override styles = css`
    :host {
      display: flex;
      flex-direction: column;
      gap: 8px;
      height: 100%;
      min-width: 0;
      container-type: inline-size;
    }
    .value {
      font-size: clamp(26px, 13cqi, 32px);
      font-weight: 650;
      letter-spacing: -0.02em;
      line-height: 1.1;
      font-variant-numeric: tabular-nums;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .value.small {
      font-size: 30px;
    }
    .opens {
      all: unset;
      cursor: pointer;
    }
    .opens:focus-visible {
      outline: 2px solid var(--_accent);
      outline-offset: 2px;
      border-radius: 3px;
    }
    .note {
      display: flex;
      flex-wrap: wrap;
      align-items: baseline;
      gap: 2px 8px;
      margin-top: 2px;
      font-size: 12px;
      color: var(--_muted);
      min-width: 0;
    }
    .change {
      font-weight: 600;
      white-space: nowrap;
    }
    .up {
      color: var(--_positive);
    }
    .down {
      color: var(--_negative);
    }
    dl {
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto;
      gap: 3px 12px;
      margin: 0;
      padding-top: 8px;
      border-top: 1px solid var(--_border);
      font-size: 13px;
    }
    dt {
      color: var(--_muted);
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    dd {
      margin: 0;
      font-weight: 600;
      font-variant-numeric: tabular-nums;
    }
    svg {
      display: block;
      width: 100%;
      height: 24px;
      overflow: visible;
    }
    path {
      fill: none;
      stroke: var(--_series-1);
      stroke-width: 2;
      stroke-linejoin: round;
      vector-effect: non-scaling-stroke;
    }
    .partial {
      stroke-dasharray: 3 3;
    }
  `;

  protected override render(): TemplateResult {
    const format = new Format(this.locale || undefined);
    if (this.metric) return this.#metric(this.metric, format);
    if (this.trend) return this.#newest(this.trend, format);
    return html``;
  }

  #metric(data: MetricData, format: Format): TemplateResult {
    const first: MeasuredValue = data.values[0] ?? { measure: "value", value: data.value };
    const rest = data.values.slice(1);
    return html`
      <div>
        <div class="value" title=${format.inUnit(first.value, first.unit)}>${this.#opening(format.compactIn(first.value, first.unit))}</div>
        ${this.#change(first, format)}
      </div>
      ${data.sparkline ? sparkline(data.sparkline.points) : nothing}
      ${
        rest.length > 0
          ? html`<dl>
              ${rest.map(
                (entry) => html`<dt title=${label(entry.measure)}>${label(entry.measure)}</dt>
                  <dd>${format.compactIn(entry.value, entry.unit)}</dd>`,
              )}
            </dl>`
          : nothing
      }
    `;
  }

  #opening(text: string): TemplateResult | string {
    return this.drill
      ? html`<button type="button" class="opens" aria-haspopup="dialog" @click=${() => pointTo(this, { index: 0 })}>${text}</button>`
      : text;
  }

  #change(entry: MeasuredValue, format: Format): TemplateResult | typeof nothing {
    const { value, previous } = entry;
    if (previous === undefined) return nothing;
    if (value === null || previous === null)
      return html`<div class="note">no earlier period to compare</div>`;
    const before = html`<span>from ${format.compactIn(previous, entry.unit)}</span>`;
    if (previous === 0) {
      return html`<div class="note">
        <span>${value === 0 ? "unchanged" : "new: none in the period before"}</span>
      </div>`;
    }
    const ratio = (value - previous) / Math.abs(previous);
    const direction = ratio > 0 ? "up" : ratio < 0 ? "down" : "flat";
    const arrow = { up: "▲", down: "▼", flat: "" }[direction];
    return html`<div class="note">
      <span class="change ${direction}"
        ><span aria-hidden="true">${arrow}</span> ${direction === "flat" ? "unchanged" : format.change(ratio)}</span
      >
      ${direction === "flat" ? nothing : before}
    </div>`;
  }

  #newest(data: TrendData, format: Format): TemplateResult {
    const known = data.series.filter((point) => point.value !== null);
    const newest = known.at(-1);
    const note = newest
      ? `${format.bucket(newest.time, data.interval, data.zone)}${newest.partial ? ", so far" : ""}`
      : "nothing measured";
    return html`
      <div>
        <div class="value small">${this.#opening(format.compactIn(newest?.value, data.lines[0]?.unit))}</div>
        <div class="note">${note}</div>
      </div>
      ${sparkline(data.series)}
    `;
  }
}

/** A small curve without axes, dashed where it is not complete yet. */
function sparkline(points: readonly Point[]): TemplateResult | typeof nothing {
  if (points.filter((point) => point.value !== null).length < 2) return nothing;
  const complete = firstPartial(points);
  return html`<svg viewBox="0 0 100 36" preserveAspectRatio="none" aria-hidden="true">
    ${svg`<path d=${curve(points, 0, complete)}></path>`}
    ${complete < points.length ? svg`<path class="partial" d=${curve(points, complete - 1, points.length)}></path>` : nothing}
  </svg>`;
}

/** A stretch of the series as a path in a box of 100 by 36; absent values break it. */
function curve(points: readonly Point[], from: number, to: number): string {
  const values = points.flatMap((point) => (point.value === null ? [] : [point.value]));
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  let pen = "M";
  const steps: string[] = [];
  points.forEach((point, index) => {
    if (point.value === null || index < from || index >= to) {
      pen = "M";
      return;
    }
    const x = (index / Math.max(1, points.length - 1)) * 100;
    const y = 34 - ((point.value - low) / span) * 32;
    steps.push(`${pen}${x.toFixed(2)} ${y.toFixed(2)}`);
    pen = "L";
  });
  return steps.join("");
}
