import { html, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { PageElement } from "./page-element";
import { datesOf, type Preset, type Range } from "./period";

const PRESETS: readonly (readonly [Preset, string])[] = [
  ["default", "As designed"],
  ["today", "Today"],
  ["7d", "7 days"],
  ["30d", "30 days"],
  ["90d", "90 days"],
  ["custom", "Custom"],
];

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
