import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { FunnelData, FunnelStep } from "./analysis-api";
import { tip, tooltipSheet } from "./chart-tooltip";
import { displayName, Format } from "./format";
import { funnelSheet } from "./funnel-sheet";
import { legend, legendSheet } from "./legend";
import { paint } from "./paint";
import { slotColour } from "./palette";
import { pointTo } from "./pointing";
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
      choose: (key) => pointTo(this, { index: Number(key) }),
      reveal: async (key) =>
        this.renderRoot
          .querySelector(`[data-tip="${key}"]`)
          ?.scrollIntoView({ block: "nearest", inline: "nearest" }),
    });
  }

  static override styles = [tooltipSheet, tipLayerSheet, legendSheet, funnelSheet];

  protected override render(): TemplateResult | typeof nothing {
    const { data } = this;
    if (!data) return nothing;
    const format = new Format(this.locale || undefined);
    const parts = this.#parts(data);
    return html`
      <p class="headline">${headline(data.steps, format)}</p>
      <div class="box" tabindex="0" role="group" aria-label=${`${this.name}: funnel of ${data.steps.length} steps`}>
        <div class="scroll">
          <ol ${paint({ "--steps": String(data.steps.length) })}>
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
                <span>${step.seconds ? `${format.duration(step.seconds.median)} median` : "–"}</span>`
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
