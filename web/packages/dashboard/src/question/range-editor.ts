import type { RangeOf } from "@tidemark/widgets/questions";
import { html, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { Editor } from "./editor";

const PRESETS: readonly (readonly [string, string])[] = [
  ["1h", "Last hour"],
  ["24h", "Last 24 hours"],
  ["7d", "Last 7 days"],
  ["30d", "Last 30 days"],
  ["90d", "Last 90 days"],
  ["12M", "Last 12 months"],
];
const UNITS: readonly (readonly [string, string])[] = [
  ["m", "minutes"],
  ["h", "hours"],
  ["d", "days"],
  ["w", "weeks"],
  ["M", "months"],
];

/** The time that a question is about: a length back from now, or two days. */
export class RangeEditor extends Editor<RangeOf | undefined> {
  /** What the choice of no range is called; empty where there has to be one. */
  @property() none = "";
  @property() label = "Period";

  protected override render(): TemplateResult {
    const { value } = this;
    return html`<div class="range">
      <label class="field">
        <span class="label">${this.label}</span>
        <select @change=${this.#chosen}>
          ${this.none ? html`<option value="none" ?selected=${value === undefined}>${this.none}</option>` : nothing}
          ${PRESETS.map(
            ([last, words]) =>
              html`<option value=${last} ?selected=${value !== undefined && "last" in value && value.last === last}>${words}</option>`,
          )}
          <option value="last" ?selected=${isOwnLength(value)}>Last …</option>
          <option value="days" ?selected=${value !== undefined && !("last" in value)}>From … to …</option>
        </select>
      </label>
      ${value === undefined ? nothing : "last" in value ? this.#length(value.last) : this.#days(value)}
      ${this.#wrong()}
    </div>`;
  }

  #wrong(): TemplateResult | typeof nothing {
    const message = this.wrongWith("last") || this.wrongWith("start_time") || this.wrongWith("end_time");
    return message ? html`<span class="wrong">${message}</span>` : this.wrong();
  }

  #length(last: string): TemplateResult | typeof nothing {
    if (PRESETS.some(([preset]) => preset === last)) return nothing;
    const [, count = "30", unit = "d"] = /^(\d+)([mhdwM])$/.exec(last) ?? [];
    return html`<div class="pair">
      <label class="field"><span class="unseen">How many</span>
        <input
          type="number"
          min="1"
          max="3660"
          .value=${count}
          @change=${(event: Event) => {
            const number = Math.max(1, Math.round(Number((event.target as HTMLInputElement).value) || 1));
            this.edit({ last: `${number}${unit}` });
          }}
        /></label>
      <label class="field"><span class="unseen">Unit</span>
        <select @change=${(event: Event) => this.edit({ last: `${count}${(event.target as HTMLSelectElement).value}` })}>
          ${UNITS.map(([word, name]) => html`<option value=${word} ?selected=${word === unit}>${name}</option>`)}
        </select></label>
    </div>`;
  }

  #days(range: { readonly start_time: string; readonly end_time: string }): TemplateResult {
    return html`<div class="pair">
      <label class="field"><span class="unseen">First day</span>
        <input
          type="date"
          .value=${range.start_time.slice(0, 10)}
          max=${range.end_time.slice(0, 10) || nothing}
          @change=${(event: Event) => this.edit({ ...range, start_time: (event.target as HTMLInputElement).value })}
        /></label>
      <label class="field"><span class="unseen">Last day</span>
        <input
          type="date"
          .value=${range.end_time.slice(0, 10)}
          min=${range.start_time.slice(0, 10) || nothing}
          @change=${(event: Event) => this.edit({ ...range, end_time: (event.target as HTMLInputElement).value })}
        /></label>
    </div>`;
  }

  readonly #chosen = (event: Event) => {
    const { value } = event.target as HTMLSelectElement;
    if (value === "none") this.edit(undefined);
    else if (value === "last") this.edit({ last: "14d" });
    else if (value === "days") this.edit(lastMonth(new Date()));
    else this.edit({ last: value });
  };
}

function isOwnLength(value: RangeOf | undefined): boolean {
  return value !== undefined && "last" in value && !PRESETS.some(([last]) => last === value.last);
}

/** The thirty days that end today, as two days. */
function lastMonth(today: Date): RangeOf {
  const start = new Date(today);
  start.setDate(start.getDate() - 29);
  return { start_time: localDate(start), end_time: localDate(today) };
}

export function localDate(day: Date): string {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}
