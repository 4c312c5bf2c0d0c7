import { html, type TemplateResult } from "lit";
import type { Catalog } from "./catalog";
import type { EventForm, Exploration } from "./exploration";

/** What a form of the explorer is made with. */
export interface FormSetting {
  readonly form: Exploration;
  readonly catalog: Catalog | null;
  readonly change: (part: Partial<Exploration>) => void;
}

type Choice<T extends string> = readonly (readonly [T, string])[];

/** A choice of one of several words. */
export function choice<K extends keyof Exploration>(
  setting: FormSetting,
  field: K,
  label: string,
  choices: Choice<Extract<Exploration[K], string>>,
): TemplateResult {
  return html`<label>
    <span class="label">${label}</span>
    <select
      name=${field}
      @change=${(event: Event) => setting.change({ [field]: (event.target as HTMLSelectElement).value })}
    >
      ${choices.map(
        ([value, words]) =>
          html`<option value=${value} ?selected=${value === setting.form[field]}>${words}</option>`,
      )}
    </select>
  </label>`;
}

/** A whole number within bounds; anything else is taken to the nearest bound. */
export function count(
  setting: FormSetting,
  field: "windowLength" | "periods" | "length",
  label: string,
  least: number,
  most: number,
): TemplateResult {
  return html`<label>
    <span class="label">${label}</span>
    <input
      type="number"
      name=${field}
      min=${least}
      max=${most}
      .value=${String(setting.form[field])}
      @change=${(event: Event) => {
        const input = event.target as HTMLInputElement;
        const typed = Math.round(Number(input.value));
        const value = Math.max(least, Math.min(most, Number.isFinite(typed) ? typed : least));
        input.value = String(value);
        setting.change({ [field]: value });
      }}
    />
  </label>`;
}

/** A property, suggested from what events have. */
export function propertyField(
  setting: FormSetting,
  field: "breakdown" | "property" | "by",
  label: string,
  placeholder: string,
  event = "",
): TemplateResult {
  return html`<name-field
    .label=${label}
    .placeholder=${placeholder}
    .value=${setting.form[field]}
    .suggest=${(typed: string) => setting.catalog?.properties(event, typed) ?? Promise.resolve([])}
    @chosen=${(chosen: CustomEvent<string>) => setting.change({ [field]: chosen.detail })}
  ></name-field>`;
}

export function eventField(
  setting: FormSetting,
  label: string,
  value: EventForm,
  change: (value: EventForm) => void,
  placeholder = "any event",
): TemplateResult {
  return html`<event-field
    .label=${label}
    .placeholder=${placeholder}
    .value=${value}
    .catalog=${setting.catalog}
    @chosen=${(event: CustomEvent<EventForm>) => change(event.detail)}
  ></event-field>`;
}
