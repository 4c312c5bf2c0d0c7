import { html, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { PageElement } from "./page-element";

export type Preset = "default" | "today" | "7d" | "30d" | "90d" | "custom";

/** A choice of period; the dates are set for `custom` alone. */
export interface Range {
  readonly preset: Preset;
  readonly start: string;
  readonly end: string;
}

const PRESETS: readonly (readonly [Preset, string])[] = [
  ["default", "As designed"],
  ["today", "Today"],
  ["7d", "7 days"],
  ["30d", "30 days"],
  ["90d", "90 days"],
  ["custom", "Custom"],
];

/** The dates of a choice, both inclusive; empty where the report's own period holds. */
export function datesOf(range: Range, today: Date): { readonly start: string; readonly end: string } {
  const back = { today: 0, "7d": 6, "30d": 29, "90d": 89 };
  switch (range.preset) {
    case "default":
      return { start: "", end: "" };
    case "custom":
      return { start: range.start, end: range.end };
    default: {
      const start = new Date(today);
      start.setDate(start.getDate() - back[range.preset]);
      return { start: localDate(start), end: localDate(today) };
    }
  }
}

export function localDate(day: Date): string {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

/** A period to choose: presets, or a first and a last day. Emits `range-change` with a `Range`. */
export class RangePicker extends PageElement {
  @property({ attribute: false }) range: Range = { preset: "default", start: "", end: "" };
  /** Leaves out the report's own period. */
  @property({ type: Boolean }) plain = false;

  protected override render(): TemplateResult {
    const { preset, start, end } = this.range;
    const presets = this.plain ? PRESETS.slice(1) : PRESETS;
    return html`<div class="range">
      <div class="segments" role="group" aria-label="Period">
        ${presets.map(
          ([value, label]) => html`<button
            type="button"
            aria-pressed=${preset === value ? "true" : "false"}
            @click=${() => this.#choose(value)}
          >
            ${label}
          </button>`,
        )}
      </div>
      ${
        preset === "custom"
          ? html`<div class="dates">
              <input
                type="date"
                aria-label="First day"
                .value=${start}
                max=${end}
                @change=${(event: Event) => this.#day("start", event)}
              />
              <span>to</span>
              <input
                type="date"
                aria-label="Last day"
                .value=${end}
                min=${start}
                @change=${(event: Event) => this.#day("end", event)}
              />
            </div>`
          : nothing
      }
    </div>`;
  }

  #choose(preset: Preset): void {
    const dates = datesOf(
      this.range.preset === "default" ? { ...this.range, preset: "30d" } : this.range,
      new Date(),
    );
    this.#emit({ preset, ...dates });
  }

  #day(which: "start" | "end", event: Event): void {
    const { value } = event.target as HTMLInputElement;
    if (value === "") return;
    const range = { ...this.range, [which]: value };
    if (range.start <= range.end) this.#emit(range);
    else this.#emit({ ...range, start: value, end: value });
  }

  #emit(range: Range): void {
    this.range = range;
    this.dispatchEvent(new CustomEvent<Range>("range-change", { detail: range, bubbles: true }));
  }
}
