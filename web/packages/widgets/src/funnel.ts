import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { FunnelData, FunnelStep } from "./analysis-api";
import { tip, tooltipSheet } from "./chart-tooltip";
import { displayName, Format } from "./format";
import { legend, legendSheet } from "./legend";
import { paint } from "./paint";
import { slotColour } from "./palette";
import { TipLayer, tipLayerSheet } from "./tip-layer";

/** How many groups are drawn before somebody chooses. */
const SHOWN_GROUPS = 5;

/** One bar a step: the whole funnel, or a group of it. */
interface Part {
  readonly name: string;
  readonly colour: string;
  readonly steps: readonly FunnelStep[];
}

/** A funnel: steps beside each other, below each other where there is little room, with what was lost between them. */
export class TidemarkFunnel extends LitElement {
  @property({ attribute: false }) data: FunnelData | null = null;
  @property({ attribute: false }) name = "";
  @property() locale = "";
  /** The groups that somebody switched on or off. */
  @state() private chosen: ReadonlyMap<string, boolean> = new Map();

  constructor() {
    super();
    new TipLayer(this, {
      describe: (key) => this.#describe(Number(key)),
      next: (current, pressed) => this.#next(current === null ? null : Number(current), pressed),
      reveal: async (key) =>
        this.renderRoot
          .querySelector(`[data-tip="${key}"]`)
          ?.scrollIntoView({ block: "nearest", inline: "nearest" }),
    });
  }

  static override styles = [
    tooltipSheet,
    tipLayerSheet,
    legendSheet,
    css`
      :host {
        display: flex;
        flex-direction: column;
        height: 100%;
        min-width: 0;
        min-height: 0;
        container-type: inline-size;
      }
      .headline {
        flex: none;
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 10px;
        margin: 0 0 8px;
        color: var(--_muted);
        font-size: 12px;
      }
      .headline b {
        color: var(--_text);
        font-size: 22px;
        font-weight: 650;
        letter-spacing: -0.02em;
        font-variant-numeric: tabular-nums;
      }
      .box {
        flex: 1 1 auto;
      }
      .scroll {
        height: 100%;
        overflow: auto;
        scrollbar-width: thin;
      }
      ol {
        display: grid;
        grid-auto-flow: column;
        grid-auto-columns: minmax(112px, 1fr);
        grid-template-rows: auto minmax(56px, 1fr) auto;
        min-width: 100%;
        width: max-content;
        height: 100%;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: grid;
        grid-row: 1 / -1;
        grid-template-rows: subgrid;
        min-width: 0;
        padding: 4px 6px;
        border-radius: 8px;
        row-gap: 6px;
      }
      li[data-current] {
        background: var(--_skeleton);
      }
      .name {
        display: flex;
        align-items: baseline;
        gap: 6px;
        min-width: 0;
        font-size: 12px;
        font-weight: 550;
      }
      .order {
        flex: none;
        min-width: 17px;
        padding: 0 4px;
        border-radius: 99px;
        background: var(--_skeleton);
        color: var(--_muted);
        font-size: 11px;
        text-align: center;
        font-variant-numeric: tabular-nums;
      }
      li[data-current] .order {
        background: var(--_surface);
      }
      .text {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .bars {
        display: flex;
        align-items: stretch;
        gap: 3px;
        min-height: 0;
        border-bottom: 1px solid var(--_border);
      }
      .bar {
        position: relative;
        flex: 1 1 0;
        max-width: 110px;
      }
      .bar::before,
      .bar::after {
        content: "";
        position: absolute;
        inset: auto 0 0;
        border-radius: 4px 4px 0 0;
        transition:
          height 0.35s,
          width 0.35s;
      }
      .bar::before {
        height: calc(var(--before) * 100%);
        background: repeating-linear-gradient(
          135deg,
          var(--colour) 0 1px,
          transparent 1px 6px
        );
        opacity: 0.4;
      }
      .bar::after {
        height: max(2px, calc(var(--part) * 100%));
        background: var(--colour);
      }
      .facts {
        display: flex;
        flex-direction: column;
        min-width: 0;
        font-size: 12px;
        line-height: 1.45;
        color: var(--_muted);
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }
      .facts b {
        color: var(--_text);
        font-size: 14px;
        font-weight: 650;
      }
      .fall {
        color: var(--_negative);
      }
      @container (max-width: 460px) {
        ol {
          display: block;
          width: auto;
          height: auto;
        }
        li {
          display: block;
          padding: 8px 4px;
        }
        .bars {
          flex-direction: column;
          border-bottom: 0;
          margin: 5px 0;
        }
        .bar {
          flex: none;
          height: 12px;
          max-width: none;
        }
        .bar::before,
        .bar::after {
          inset: 0 auto 0 0;
          border-radius: 0 4px 4px 0;
          height: auto;
        }
        .bar::before {
          width: calc(var(--before) * 100%);
        }
        .bar::after {
          width: max(2px, calc(var(--part) * 100%));
        }
        .facts {
          flex-flow: row wrap;
          align-items: baseline;
          gap: 0 10px;
        }
      }
      @media (prefers-reduced-motion: reduce) {
        .bar::before,
        .bar::after {
          transition: none;
        }
      }
    `,
  ];

  protected override render(): TemplateResult | typeof nothing {
    const { data } = this;
    if (!data) return nothing;
    const format = new Format(this.locale || undefined);
    const parts = this.#parts(data);
    return html`
      <p class="headline">${headline(data.steps, format)}</p>
      <div class="box" tabindex="0" role="group" aria-label=${`${this.name}: funnel of ${data.steps.length} steps`}>
        <div class="scroll">
          <ol>
            ${data.steps.map((step, at) => this.#step(step, at, parts, format))}
          </ol>
        </div>
      </div>
      ${this.#legend(data)}
    `;
  }

  #step(step: FunnelStep, at: number, parts: readonly Part[], format: Format): TemplateResult {
    return html`<li data-tip=${at}>
      <div class="name" title=${step.name}>
        <span class="order">${step.step}</span><span class="text">${step.name}</span>
      </div>
      <div class="bars" aria-hidden="true">
        ${parts.map((part) => {
          const reached = part.steps[at]?.from_first ?? 0;
          const before = at === 0 ? reached : (part.steps[at - 1]?.from_first ?? 0);
          return html`<div
            class="bar"
            ${paint({ "--part": String(reached), "--before": String(before), "--colour": part.colour })}
          ></div>`;
        })}
      </div>
      <div class="facts">
        <span><b>${format.compact(step.count)}</b> ${format.percent(step.from_first)}<span class="unseen"> of the first step</span></span>
        ${
          at === 0
            ? nothing
            : html`<span class="fall"
                  ><span class="unseen">lost since the step before: </span><span aria-hidden="true">▼ </span>${format.compact(step.dropped)}
                  (${format.percent(lost(step))})</span
                >
                <span>${step.seconds ? html`<span class="unseen">median time </span>${format.duration(step.seconds.median)}` : "–"}</span>`
        }
      </div>
    </li>`;
  }

  #legend(data: FunnelData): TemplateResult | typeof nothing {
    const groups = data.groups ?? [];
    if (groups.length === 0) return nothing;
    return legend(
      groups.map((group, at) => ({
        id: String(group.value),
        name: displayName(group.value),
        colour: slotColour(at, group.value),
        on: this.#on(String(group.value), at),
      })),
      (id) => this.#toggle(data, id),
    );
  }

  #parts(data: FunnelData): readonly Part[] {
    const groups = data.groups ?? [];
    if (groups.length === 0) return [{ name: "", colour: "var(--_series-1)", steps: data.steps }];
    return groups.flatMap((group, at) =>
      this.#on(String(group.value), at)
        ? [{ name: displayName(group.value), colour: slotColour(at, group.value), steps: group.steps }]
        : [],
    );
  }

  #on(id: string, at: number): boolean {
    return this.chosen.get(id) ?? at < SHOWN_GROUPS;
  }

  /** Shows or hides a group; the last one that is shown stays. */
  #toggle(data: FunnelData, id: string): void {
    const at = (data.groups ?? []).findIndex((group) => String(group.value) === id);
    const on = this.#on(id, at);
    if (on && this.#parts(data).length === 1) return;
    this.chosen = new Map(this.chosen).set(id, !on);
  }

  #next(current: number | null, pressed: string): string | null | undefined {
    const last = (this.data?.steps.length ?? 0) - 1;
    switch (pressed) {
      case "ArrowRight":
      case "ArrowDown":
        return String(Math.min(last, (current ?? -1) + 1));
      case "ArrowLeft":
      case "ArrowUp":
        return String(Math.max(0, (current ?? last + 1) - 1));
      case "Home":
        return "0";
      case "End":
        return String(last);
      case "Escape":
        return null;
      default:
        return undefined;
    }
  }

  #describe(at: number): HTMLElement | null {
    const { data } = this;
    const step = data?.steps[at];
    if (!data || !step) return null;
    const format = new Format(this.locale || undefined);
    const rows: [string, string][] = [
      ["Reached", format.number(step.count)],
      ["Of the first step", format.percent(step.from_first)],
    ];
    if (at > 0) {
      rows.push(
        ["Of the step before", format.percent(step.from_previous)],
        ["Lost since then", format.number(step.dropped)],
      );
    }
    if (step.seconds) {
      rows.push(
        ["Time, median", format.duration(step.seconds.median)],
        ["Time, average", format.duration(step.seconds.avg)],
        ["Time, 90%", format.duration(step.seconds.p90)],
      );
    }
    if ((data.groups ?? []).length > 0) {
      for (const part of this.#parts(data)) {
        const own = part.steps[at];
        rows.push([part.name, `${format.number(own?.count)} (${format.percent(own?.from_first)})`]);
      }
    }
    return tip(`${step.step}. ${step.name}`, rows);
  }
}

/** The share of the step before that is missing here. */
function lost(step: FunnelStep): number | null {
  return step.from_previous === null ? null : 1 - step.from_previous;
}

function headline(steps: readonly FunnelStep[], format: Format): TemplateResult {
  const first = steps[0];
  const last = steps.at(-1);
  return html`<b>${format.percent(last?.from_first)}</b>
    <span>${format.number(last?.count)} of ${format.number(first?.count)} took all ${steps.length} steps</span>`;
}
