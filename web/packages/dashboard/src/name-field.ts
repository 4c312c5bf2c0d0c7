import { html, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { PageElement } from "./page-element";

/** Finds names that begin or go on like what was typed. */
export type Suggest = (typed: string) => Promise<readonly string[]>;

const MOST_SHOWN = 50;
let made = 0;

/** A text field that suggests names as one types. Emits `chosen` with the text when it has changed. */
export class NameField extends PageElement {
  @property() label = "";
  @property() placeholder = "";
  @property({ attribute: false }) value = "";
  @property({ attribute: false }) suggest: Suggest | null = null;
  @state() private names: readonly string[] = [];
  readonly #list = `names-${made++}`;
  #asked = 0;

  protected override render(): TemplateResult {
    return html`<label>
      <span class="label">${this.label}</span>
      <input
        autocomplete="off"
        spellcheck="false"
        placeholder=${this.placeholder || nothing}
        list=${this.#list}
        .value=${this.value}
        @focus=${this.#typed}
        @input=${this.#typed}
        @change=${this.#changed}
      />
      <datalist id=${this.#list}>${this.names.map((name) => html`<option value=${name}></option>`)}</datalist>
    </label>`;
  }

  readonly #typed = (event: Event) => {
    const typed = (event.target as HTMLInputElement).value;
    this.#asked += 1;
    const asked = this.#asked;
    void this.suggest?.(typed).then((names) => {
      if (asked === this.#asked) this.names = names.slice(0, MOST_SHOWN);
    });
  };

  readonly #changed = (event: Event) => {
    const { value } = event.target as HTMLInputElement;
    if (value === this.value) return;
    this.value = value;
    this.dispatchEvent(new CustomEvent<string>("chosen", { detail: value }));
  };
}
