import { html, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import type { Catalog } from "../api/catalog";
import { PageElement } from "../page-element";
import type { Complaint } from "./lacking";

/** Says that a value was edited. Unlike a `CustomEvent`, it carries undefined as it is. */
export class EditedEvent<T> extends Event {
  constructor(readonly detail: T) {
    super("edited");
  }
}

/** A part of the form of a question. Emits `edited` with the new value; shows the complaints about its JSON path. */
export abstract class Editor<T> extends PageElement {
  @property({ attribute: false }) value!: T;
  @property({ attribute: false }) catalog: Catalog | null = null;
  @property() path = "";
  @property({ attribute: false }) complaints: readonly Complaint[] = [];

  protected edit(value: T): void {
    this.dispatchEvent(new EditedEvent(value));
  }

  /** The path of a member, as in `measures[0].property`. */
  protected at(member: string): string {
    return this.path === "" ? member : `${this.path}.${member}`;
  }

  /** What is wrong with a member; empty where nothing is. */
  protected wrongWith(member: string): string {
    return wrongAt(this.complaints, this.at(member));
  }

  /** What is wrong with the whole. */
  protected wrong(): TemplateResult | typeof nothing {
    const message = wrongAt(this.complaints, this.path);
    return message ? html`<p class="wrong" role="alert">${message}</p>` : nothing;
  }
}

export function wrongAt(complaints: readonly Complaint[], path: string): string {
  return complaints.find((complaint) => complaint.path === path)?.message ?? "";
}

/** A choice of one of several words. */
export function selectField<T extends string>(
  label: string,
  words: readonly (readonly [T, string])[],
  value: T,
  chosen: (value: T) => void,
  setting: { readonly wrong?: string; readonly bare?: boolean } = {},
): TemplateResult {
  return html`<label class="field">
    <span class=${setting.bare ? "unseen" : "label"}>${label}</span>
    <select
      aria-invalid=${setting.wrong ? "true" : nothing}
      .value=${value}
      @change=${(event: Event) => chosen((event.target as HTMLSelectElement).value as T)}
    >
      ${words.map(([word, name]) => html`<option value=${word} ?selected=${word === value}>${name}</option>`)}
    </select>
    ${setting.wrong ? html`<span class="wrong">${setting.wrong}</span>` : nothing}
  </label>`;
}

/** A whole number within bounds; anything else is taken to the nearest of them. */
export function countField(
  label: string,
  value: number,
  bounds: readonly [number, number],
  chosen: (value: number) => void,
  wrong = "",
): TemplateResult {
  const [least, most] = bounds;
  return html`<label class="field narrow">
    <span class="label">${label}</span>
    <input
      type="number"
      min=${least}
      max=${most}
      aria-invalid=${wrong ? "true" : nothing}
      .value=${String(value)}
      @change=${(event: Event) => {
        const input = event.target as HTMLInputElement;
        const typed = Math.round(Number(input.value));
        const number = Math.max(least, Math.min(most, Number.isFinite(typed) ? typed : least));
        input.value = String(number);
        if (number !== value) chosen(number);
      }}
    />
    ${wrong ? html`<span class="wrong">${wrong}</span>` : nothing}
  </label>`;
}

export function textField(
  label: string,
  value: string,
  chosen: (value: string) => void,
  setting: {
    readonly wrong?: string;
    readonly placeholder?: string;
    readonly bare?: boolean;
    readonly most?: number;
  } = {},
): TemplateResult {
  return html`<label class="field">
    <span class=${setting.bare ? "unseen" : "label"}>${label}</span>
    <input
      autocomplete="off"
      spellcheck="false"
      maxlength=${setting.most ?? 200}
      placeholder=${setting.placeholder ?? nothing}
      aria-invalid=${setting.wrong ? "true" : nothing}
      .value=${value}
      @input=${(event: Event) => chosen((event.target as HTMLInputElement).value)}
    />
    ${setting.wrong ? html`<span class="wrong">${setting.wrong}</span>` : nothing}
  </label>`;
}

export function tickField(label: string, value: boolean, chosen: (value: boolean) => void): TemplateResult {
  return html`<label class="tick">
    <input
      type="checkbox"
      .checked=${value}
      @change=${(event: Event) => chosen((event.target as HTMLInputElement).checked)}
    />
    <span>${label}</span>
  </label>`;
}
