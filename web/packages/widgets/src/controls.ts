import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { Cell, Controls } from "./api";
import { type Choices, NO_CHOICES, picksIn, propertyName, sameChoices, withPicks } from "./choices";
import { controlsSheet } from "./controls-sheet";
import type { Ask } from "./feed-controller";
import { themeSheet } from "./theme";
import { TidemarkValuePicker } from "./value-picker";

const PERIODS: readonly (readonly [string, number, string])[] = [
  ["24h", 1, "Last 24 hours"],
  ["1d", 1, "Today"],
  ["7d", 7, "Last 7 days"],
  ["30d", 30, "Last 30 days"],
  ["90d", 90, "Last 90 days"],
  ["365d", 365, "Last 12 months"],
];
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/**
 * What a viewer may choose in a report: its period, how it is broken down, and values of properties. Emits `tidemark-choose` with
 * the choices as they are to be.
 */
export class TidemarkControls extends LitElement {
  @property({ attribute: false }) controls: Controls | null = null;
  @property({ attribute: false }) choices: Choices = NO_CHOICES;
  @property({ attribute: false }) ask: Ask | null = null;
  @property({ reflect: true }) theme = "auto";
  @state() private custom = false;
  @state() private from = "";
  @state() private to = "";

  static override styles = [themeSheet, controlsSheet];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("choices")) return;
    const { startTime, endTime } = this.choices;
    if (startTime || endTime) {
      this.custom = true;
      this.from = startTime.slice(0, 10);
      this.to = endTime.slice(0, 10);
    } else if (this.choices.last) this.custom = false;
  }

  /** What somebody has picked by hand does not go back by itself. */
  protected override updated(): void {
    const split = this.renderRoot.querySelector<HTMLSelectElement>(".split");
    if (split) split.value = this.choices.breakdown;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { controls } = this;
    if (!controls) return nothing;
    return html`<div class="bar" role="group" aria-label="What the report shows" part="controls">
      ${controls.date_range ? this.#period(controls) : nothing}
      ${controls.breakdown.length > 0 ? this.#breakdown(controls) : nothing}
      ${controls.filters.map(
        (path) => html`<tidemark-value-picker
          .path=${path}
          .values=${picksIn(this.choices.filters)[path] ?? []}
          .ask=${this.ask}
          @tidemark-values=${(event: CustomEvent<readonly Cell[]>) =>
            this.#choose({ filters: withPicks(this.choices.filters, path, event.detail) })}
        ></tidemark-value-picker>`,
      )}
      ${
        sameChoices(this.choices, NO_CHOICES)
          ? nothing
          : html`<button type="button" class="reset" @click=${() => this.#reset()}>Reset</button>`
      }
    </div>`;
  }

  #period({ max_days }: Controls): TemplateResult {
    const { last } = this.choices;
    const offered = PERIODS.filter(([, days]) => days <= max_days);
    const chosen = this.custom ? "custom" : last;
    const known = last === "" || offered.some(([word]) => word === last);
    return html`<label class="field"
        ><span>Period</span
        ><select
          @change=${(event: Event) => {
            const { value } = event.target as HTMLSelectElement;
            this.custom = value === "custom";
            if (!this.custom) this.#choose({ last: value, startTime: "", endTime: "" });
          }}
        >
          <option value="" ?selected=${chosen === ""}>As made</option>
          ${offered.map(([word, , name]) => html`<option value=${word} ?selected=${chosen === word}>${name}</option>`)}
          ${known ? nothing : html`<option value=${last} selected>Last ${last}</option>`}
          <option value="custom" ?selected=${this.custom}>From … to …</option>
        </select></label
      >
      ${this.custom ? this.#dates(max_days) : nothing}`;
  }

  #dates(most: number): TemplateResult {
    const days = daysOf(this.from, this.to);
    const wrong =
      days === null
        ? ""
        : days < 1
          ? "The end lies before the start."
          : days > most
            ? `At most ${most} days.`
            : "";
    return html`<form
      class="dates"
      @submit=${(event: Event) => {
        event.preventDefault();
        if (days !== null && wrong === "") this.#choose({ last: "", startTime: this.from, endTime: this.to });
      }}
    >
      <label class="field"><span>From</span><input
          type="date"
          required
          .value=${this.from}
          @change=${(event: Event) => {
            this.from = (event.target as HTMLInputElement).value;
          }}
      /></label>
      <label class="field"><span>To</span><input
          type="date"
          required
          .value=${this.to}
          @change=${(event: Event) => {
            this.to = (event.target as HTMLInputElement).value;
          }}
      /></label>
      <button type="submit" ?disabled=${days === null || wrong !== ""}>Show</button>
      <span class="wrong" role="status">${wrong}</span>
    </form>`;
  }

  #breakdown({ breakdown }: Controls): TemplateResult {
    return html`<label class="field"
      ><span>Split by</span
      ><select
        class="split"
        @change=${(event: Event) => this.#choose({ breakdown: (event.target as HTMLSelectElement).value })}
      >
        <option value="" ?selected=${this.choices.breakdown === ""}>As made</option>
        <option value="none" ?selected=${this.choices.breakdown === "none"}>Nothing</option>
        ${breakdown.map(
          (path) =>
            html`<option value=${path} ?selected=${this.choices.breakdown === path}>${propertyName(path)}</option>`,
        )}
      </select></label
    >`;
  }

  #reset(): void {
    this.custom = false;
    this.from = "";
    this.to = "";
    this.#choose(NO_CHOICES);
  }

  #choose(change: Partial<Choices>): void {
    const detail = { ...this.choices, ...change };
    if (!sameChoices(detail, this.choices))
      this.dispatchEvent(new CustomEvent("tidemark-choose", { detail }));
  }
}

/** How many days lie between two dates, both included; null while one is missing. */
function daysOf(from: string, to: string): number | null {
  if (!DATE.test(from) || !DATE.test(to)) return null;
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;
}

/** Registers what choices are made with, once. */
export function defineControls(): void {
  for (const [name, element] of [
    ["tidemark-value-picker", TidemarkValuePicker],
    ["tidemark-controls", TidemarkControls],
  ] as const) {
    if (!customElements.get(name)) customElements.define(name, element);
  }
}
