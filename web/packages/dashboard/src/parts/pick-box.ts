import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { PageElement } from "../page-element";

/** Something to choose, with what is worth knowing of it. */
export interface Option {
  readonly value: string;
  readonly label?: string;
  /** On the right: a count, a type. */
  readonly note?: string;
}

/** Finds options by what was typed. */
export type Suggest = (typed: string) => Promise<readonly Option[]>;

let made = 0;

/**
 * A text field that suggests as one types, of one value or (with `many`) of several, each shown as a chip. Emits `picked` with the
 * list of values when it has changed.
 */
export class PickBox extends PageElement {
  @property() label = "";
  @property() placeholder = "";
  @property({ attribute: false }) value: readonly string[] = [];
  @property({ type: Boolean }) many = false;
  /** Takes nothing that was not suggested. */
  @property({ type: Boolean }) strict = false;
  /** Hides the label from the eye. */
  @property({ type: Boolean }) bare = false;
  @property() wrong = "";
  /** What a value is called where that is not the value itself. */
  @property({ attribute: false }) named: (value: string) => string = (value) => value;
  @property({ attribute: false }) suggest: Suggest | null = null;
  @state() private open = false;
  @state() private options: readonly Option[] | null = null;
  @state() private active = -1;
  @state() private typed: string | null = null;
  readonly #id = `pick-${made++}`;
  #asked = 0;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("value") && !this.open) this.typed = null;
  }

  protected override updated(): void {
    if (this.open) this.querySelector(`#${this.#id}-${this.active}`)?.scrollIntoView({ block: "nearest" });
  }

  protected override render(): TemplateResult {
    const shown = this.typed ?? (this.many ? "" : this.named(this.value[0] ?? ""));
    const { open, active } = this;
    return html`<div class="pick field">
      <label class=${this.bare ? "unseen" : "label"} for=${this.#id}>${this.label}</label>
      <div class="pick-line">
        ${this.many ? this.value.map((value) => this.#chip(value)) : nothing}
        <input
          id=${this.#id}
          role="combobox"
          autocomplete="off"
          spellcheck="false"
          aria-autocomplete="list"
          aria-expanded=${open ? "true" : "false"}
          aria-controls=${`${this.#id}-list`}
          aria-activedescendant=${open && active >= 0 ? `${this.#id}-${active}` : nothing}
          aria-invalid=${this.wrong ? "true" : nothing}
          aria-describedby=${this.wrong ? `${this.#id}-wrong` : nothing}
          placeholder=${this.value.length === 0 || !this.many ? this.placeholder : "or…"}
          title=${this.many ? nothing : shown || nothing}
          .value=${shown}
          @focus=${this.#focused}
          @click=${this.#opened}
          @input=${this.#input}
          @keydown=${this.#key}
          @blur=${this.#left}
        />
      </div>
      <ul id=${`${this.#id}-list`} role="listbox" aria-label=${this.label} class="pick-list" ?hidden=${!open}>
        ${open ? this.#list() : nothing}
      </ul>
      ${this.wrong ? html`<span class="wrong" id=${`${this.#id}-wrong`}>${this.wrong}</span>` : nothing}
    </div>`;
  }

  #chip(value: string): TemplateResult {
    const name = this.named(value);
    return html`<span class="chip" title=${name}><span>${name}</span><button
      type="button"
      aria-label=${`Remove ${name}`}
      @click=${() => this.#emit(this.value.filter((other) => other !== value))}
    >✕</button></span>`;
  }

  #list(): TemplateResult | TemplateResult[] {
    if (!this.options)
      return html`<li class="soft" role="option" aria-disabled="true" aria-selected="false">Looking…</li>`;
    if (this.options.length === 0) {
      return html`<li class="soft" role="option" aria-disabled="true" aria-selected="false">
        ${this.strict || !this.typed ? "Nothing found" : `Press Enter to use “${this.typed}”`}
      </li>`;
    }
    return this.options.map(
      (option, at) => html`<li
        id=${`${this.#id}-${at}`}
        role="option"
        aria-selected=${this.value.includes(option.value) ? "true" : "false"}
        class=${at === this.active ? "active" : ""}
        @pointerdown=${(event: Event) => {
          event.preventDefault();
          this.#take(option.value);
        }}
      >
        <span title=${option.label ?? option.value}>${option.label ?? option.value}</span>
        ${option.note ? html`<small>${option.note}</small>` : nothing}
      </li>`,
    );
  }

  readonly #focused = (event: FocusEvent) => {
    if (!this.many) (event.target as HTMLInputElement).select();
  };

  readonly #opened = () => {
    if (!this.open) this.#look("");
  };

  readonly #input = (event: Event) => {
    this.typed = (event.target as HTMLInputElement).value;
    this.#look(this.typed);
  };

  #look(typed: string): void {
    this.open = true;
    this.active = -1;
    this.#asked += 1;
    const asked = this.#asked;
    void (this.suggest?.(typed.trim()) ?? Promise.resolve([])).then((options) => {
      if (asked !== this.#asked) return;
      this.options = options;
      const exact = options.findIndex((option) => (option.label ?? option.value) === typed.trim());
      this.active = exact >= 0 ? exact : this.strict && typed !== "" ? 0 : -1;
    });
  }

  readonly #key = (event: KeyboardEvent) => {
    const options = this.options ?? [];
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp": {
        event.preventDefault();
        if (!this.open) {
          this.#look(this.typed ?? "");
          return;
        }
        const step = event.key === "ArrowDown" ? 1 : -1;
        const from = this.active < 0 && step < 0 ? 0 : this.active;
        if (options.length > 0) this.active = (from + step + options.length) % options.length;
        return;
      }
      case "Enter": {
        if (!this.open) return;
        event.preventDefault();
        const option = options[this.active];
        if (option) this.#take(option.value);
        else this.#settle();
        return;
      }
      case "Escape":
        if (this.open) {
          event.preventDefault();
          event.stopPropagation();
          this.typed = null;
          this.open = false;
        }
        return;
      case "Backspace":
        if (this.many && (this.typed ?? "") === "" && this.value.length > 0)
          this.#emit(this.value.slice(0, -1));
    }
  };

  readonly #left = () => this.#settle();

  /** Takes what was typed for the choice; what was emptied is none. */
  #settle(): void {
    const { typed } = this;
    this.open = false;
    this.typed = null;
    if (typed === null) return;
    const text = typed.trim();
    if (this.many) {
      if (text !== "") this.#add(text);
      return;
    }
    if (text === this.named(this.value[0] ?? "")) return;
    if (text === "") this.#emit([]);
    else this.#add(text);
  }

  #add(text: string): void {
    const known = this.options?.find((option) => (option.label ?? option.value) === text)?.value;
    if (known !== undefined) this.#take(known);
    else if (!this.strict) this.#take(text);
  }

  #take(value: string): void {
    this.open = this.many && document.activeElement === this.querySelector("input");
    this.typed = null;
    if (this.many) {
      this.#emit(
        this.value.includes(value) ? this.value.filter((other) => other !== value) : [...this.value, value],
      );
      if (this.open) this.#look("");
      const input = this.querySelector("input");
      if (input) input.value = "";
    } else if (value !== this.value[0]) {
      this.#emit([value]);
    }
  }

  #emit(value: readonly string[]): void {
    this.value = value;
    this.dispatchEvent(new CustomEvent<readonly string[]>("picked", { detail: value }));
  }
}
