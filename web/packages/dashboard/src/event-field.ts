import { html, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import type { Catalog } from "./catalog";
import { ANY_EVENT, type ConditionForm, type EventForm } from "./exploration";
import { PageElement } from "./page-element";

const OPERATORS: readonly (readonly [string, string])[] = [
  ["eq", "is"],
  ["neq", "is not"],
  ["in", "is one of"],
  ["not_in", "is none of"],
  ["contains", "contains"],
  ["not_contains", "does not contain"],
  ["starts_with", "begins with"],
  ["matches", "matches"],
  ["gt", "greater than"],
  ["gte", "at least"],
  ["lt", "less than"],
  ["lte", "at most"],
  ["is_set", "is set"],
  ["is_not_set", "is not set"],
];

/** An event type with conditions. Emits `chosen` with the `EventForm`. */
export class EventField extends PageElement {
  @property() label = "Event type";
  @property() placeholder = "any event";
  @property({ attribute: false }) value: EventForm = ANY_EVENT;
  @property({ attribute: false }) catalog: Catalog | null = null;

  protected override render(): TemplateResult {
    const { value, catalog } = this;
    return html`<div class="event">
      <name-field
        .label=${this.label}
        .placeholder=${this.placeholder}
        .value=${value.event}
        .suggest=${(typed: string) => catalog?.eventTypes(typed) ?? Promise.resolve([])}
        @chosen=${(event: CustomEvent<string>) => this.#emit({ ...value, event: event.detail })}
      ></name-field>
      <button type="button" class="small quiet" @click=${this.#add}>+ Condition</button>
      ${value.where.map((line, at) => this.#condition(line, at))}
    </div>`;
  }

  #condition(line: ConditionForm, at: number): TemplateResult {
    const { value, catalog } = this;
    const valued = line.operator !== "is_set" && line.operator !== "is_not_set";
    return html`<div class="condition">
      <name-field
        label="Property"
        placeholder="country"
        .value=${line.property}
        .suggest=${(typed: string) => catalog?.properties(value.event, typed) ?? Promise.resolve([])}
        @chosen=${(event: CustomEvent<string>) => this.#change(at, { property: event.detail })}
      ></name-field>
      <select
        aria-label="Comparison"
        @change=${(event: Event) => this.#change(at, { operator: (event.target as HTMLSelectElement).value })}
      >
        ${OPERATORS.map(
          ([operator, words]) =>
            html`<option value=${operator} ?selected=${operator === line.operator}>${words}</option>`,
        )}
      </select>
      ${
        valued
          ? html`<name-field
              label="Value"
              .value=${line.value}
              .suggest=${(typed: string) => catalog?.values(line.property, value.event, typed) ?? Promise.resolve([])}
              @chosen=${(event: CustomEvent<string>) => this.#change(at, { value: event.detail })}
            ></name-field>`
          : nothing
      }
      <button type="button" class="small quiet" aria-label="Remove this condition" @click=${() => this.#remove(at)}>
        ✕
      </button>
    </div>`;
  }

  readonly #add = () => {
    const line: ConditionForm = { property: "", operator: "eq", value: "" };
    this.#emit({ ...this.value, where: [...this.value.where, line] });
  };

  #change(at: number, part: Partial<ConditionForm>): void {
    const where = this.value.where.map((line, index) => (index === at ? { ...line, ...part } : line));
    this.#emit({ ...this.value, where });
  }

  #remove(at: number): void {
    this.#emit({ ...this.value, where: this.value.where.filter((_, index) => index !== at) });
  }

  #emit(value: EventForm): void {
    this.value = value;
    this.dispatchEvent(new CustomEvent<EventForm>("chosen", { detail: value }));
  }
}
