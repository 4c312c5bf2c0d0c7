import { html, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { PageElement } from "../page-element";
import { follow, lineOf, type Place, readJson } from "./json-place";

/** What is wrong with a JSON text: at a path, where it is known. */
export interface JsonProblem {
  readonly message: string;
  readonly field: string | null;
}

let made = 0;

/** A field for JSON that shows where something is wrong with it. Emits `changed` with the text. */
export class JsonText extends PageElement {
  @property() label = "";
  @property() text = "";
  @property({ type: Number }) rows = 12;
  @property({ type: Boolean }) readonly = false;
  /** What the server found wrong. */
  @property({ attribute: false }) problem: JsonProblem | null = null;
  readonly #id = `json-${made++}`;

  protected override render(): TemplateResult {
    const trouble = this.#trouble();
    return html`<div class="field">
      <label class="label" for=${this.#id}>${this.label}</label>
      <textarea
        class="code"
        id=${this.#id}
        wrap="off"
        spellcheck="false"
        autocomplete="off"
        rows=${this.rows}
        ?readonly=${this.readonly}
        aria-invalid=${trouble ? "true" : nothing}
        aria-describedby=${`${this.#id}-wrong`}
        .value=${this.text}
        @input=${this.#input}
      ></textarea>
      <p class="wrong" id=${`${this.#id}-wrong`} role="alert">${
        trouble
          ? html`${trouble.words}${
              trouble.place
                ? html` <button type="button" class="word" @click=${() => this.#show(trouble.place)}>Line ${lineOf(this.text, trouble.place.start)}</button>`
                : nothing
            }`
          : nothing
      }</p>
    </div>`;
  }

  #trouble(): { readonly words: string; readonly place: Place | null } | null {
    const read = readJson(this.text);
    if (read.kind === "broken") {
      return { words: `This is not JSON: ${read.message}.`, place: { start: read.at, end: read.at + 1 } };
    }
    if (!this.problem) return null;
    const { field, message } = this.problem;
    if (!field) return { words: message, place: null };
    const { place, missing } = follow(read.root, field);
    const where = missing === "" ? field : `${field}, which is not there`;
    return { words: `${message} (${where})`, place };
  }

  #show(place: Place | null): void {
    const area = this.querySelector("textarea");
    if (!area || !place) return;
    area.focus();
    area.setSelectionRange(place.start, place.end);
    const line = Number.parseFloat(getComputedStyle(area).lineHeight) || 18;
    area.scrollTop = Math.max(0, (lineOf(this.text, place.start) - 4) * line);
  }

  readonly #input = (event: Event) => {
    this.text = (event.target as HTMLTextAreaElement).value;
    this.problem = null;
    this.dispatchEvent(new CustomEvent<string>("changed", { detail: this.text }));
  };
}
