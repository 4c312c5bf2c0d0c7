import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import type { Cell } from "./api";
import { propertyName } from "./choices";
import { controlsSheet } from "./controls-sheet";
import type { Ask } from "./feed-controller";
import { displayName, Format } from "./format";
import { RequestFailure } from "./request";

interface Found {
  readonly value: Cell;
  readonly events: number;
}

const PAUSE_MILLIS = 200;
const MOST = 50;

/** Values of one property to choose from, as the server lists them for this viewer. Emits `tidemark-values` with those chosen. */
export class TidemarkValuePicker extends LitElement {
  @property({ attribute: false }) path = "";
  @property({ attribute: false }) values: readonly Cell[] = [];
  @property({ attribute: false }) ask: Ask | null = null;
  @property() locale = "";
  @state() private found: readonly Found[] | null = null;
  @state() private problem = "";
  @state() private search = "";
  @state() private right = false;
  @query("details") private readonly details!: HTMLDetailsElement;
  #asked = 0;
  #pause: ReturnType<typeof setTimeout> | undefined;

  static override styles = controlsSheet;

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("pointerdown", this.#outside);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("pointerdown", this.#outside);
    clearTimeout(this.#pause);
  }

  protected override render(): TemplateResult {
    const name = propertyName(this.path);
    const chosen = this.values.map((value) => displayName(value)).join(", ");
    return html`<details @toggle=${this.#toggled} @keydown=${this.#key}>
      <summary class=${chosen ? "on" : ""} title=${chosen}>
        <span class="text">${chosen ? `${name}: ${chosen}` : name}</span>
      </summary>
      <div class="list ${this.right ? "right" : ""}" role="group" aria-label=${`Values of ${name}`}>
        <input
          type="search"
          placeholder="Search"
          aria-label=${`Search the values of ${name}`}
          .value=${this.search}
          @input=${(event: Event) => {
            this.search = (event.target as HTMLInputElement).value;
            clearTimeout(this.#pause);
            this.#pause = setTimeout(() => void this.#load(), PAUSE_MILLIS);
          }}
        />
        <div class="values">${this.#list()}</div>
      </div>
    </details>`;
  }

  #list(): TemplateResult | readonly TemplateResult[] {
    if (this.problem) return html`<p class="note" role="alert">${this.problem}</p>`;
    if (!this.found) return html`<p class="note" aria-busy="true">Loading…</p>`;
    const format = new Format(this.locale || undefined);
    const missing = this.values
      .filter((value) => !this.found?.some((other) => other.value === value))
      .map((value) => ({ value, events: null }));
    const all = [...missing, ...this.found];
    if (all.length === 0) return html`<p class="note">${this.search ? "Nothing found" : "No values yet"}</p>`;
    return all.map(
      ({ value, events }) => html`<label>
        <input
          type="checkbox"
          .checked=${this.values.includes(value)}
          @change=${(event: Event) => this.#choose(value, (event.target as HTMLInputElement).checked)}
        />
        <span class="text" title=${displayName(value)}>${displayName(value)}</span>
        ${events === null ? nothing : html`<span class="count">${format.compact(events)}</span>`}
      </label>`,
    );
  }

  readonly #toggled = () => {
    if (!this.details.open) return;
    this.right =
      this.getBoundingClientRect().left + 330 > innerWidth && this.getBoundingClientRect().right > 330;
    void this.#load();
  };

  readonly #key = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !this.details.open) return;
    event.stopPropagation();
    this.#close();
    this.details.querySelector("summary")?.focus();
  };

  readonly #outside = (event: Event) => {
    if (this.details?.open && !event.composedPath().includes(this)) this.#close();
  };

  #close(): void {
    this.details.open = false;
  }

  #choose(value: Cell, on: boolean): void {
    const detail = on ? [...this.values, value] : this.values.filter((other) => other !== value);
    this.dispatchEvent(new CustomEvent("tidemark-values", { detail }));
  }

  async #load(): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    try {
      const answer = await this.ask?.<{ values: readonly Found[] }>("values", {
        property: this.path,
        search: this.search,
        limit: String(MOST),
      });
      if (asked !== this.#asked) return;
      this.found = answer?.values ?? [];
      this.problem = "";
    } catch (cause) {
      if (asked !== this.#asked) return;
      this.problem = cause instanceof RequestFailure ? cause.message : "The values could not be read.";
    }
  }
}
