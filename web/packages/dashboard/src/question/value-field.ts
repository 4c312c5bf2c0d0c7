import type { Condition, Scalar } from "@tidemark/widgets/questions";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { ValueType } from "../api/catalog";
import type { Suggest } from "../parts/pick-box";
import { Editor } from "./editor";
import { shapeOf } from "./words";

/** The value or values of a condition, suggested from what was seen, each of the type that the property has. */
export class ValueField extends Editor<Condition> {
  /** Of which event type values are suggested; empty for any. */
  @property() event = "";
  @state() private types: ReadonlySet<ValueType> = new Set();

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get("value") as Condition | undefined;
    if (changed.has("value") && before?.property !== this.value.property)
      void this.#learn(this.value.property);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { value } = this.value;
    switch (shapeOf(this.value.operator)) {
      case "nothing":
        return nothing;
      case "list":
        return this.#box(true, listed(value), (list) => this.#set(list.map((text) => this.#scalar(text))));
      case "pair": {
        const [low = "", high = ""] = listed(value);
        return html`<div class="pair">
          ${this.#input("From", low, (text) => this.#set([this.#number(text), this.#number(high)]))}
          ${this.#input("To", high, (text) => this.#set([this.#number(low), this.#number(text)]))}
        </div>`;
      }
      case "one":
        return this.#box(false, listed(value), ([text = ""]) => this.#set(this.#scalar(text)));
    }
  }

  #box(many: boolean, value: readonly string[], picked: (value: readonly string[]) => void): TemplateResult {
    return html`<pick-box
      bare
      label="Value"
      placeholder="value"
      .many=${many}
      .wrong=${this.wrongWith("value")}
      .value=${value.filter((text) => text !== "")}
      .suggest=${this.#suggest}
      @picked=${(event: CustomEvent<readonly string[]>) => picked(event.detail)}
    ></pick-box>`;
  }

  #input(label: string, value: string, changed: (text: string) => void): TemplateResult {
    return html`<label class="field">
      <span class="unseen">${label}</span>
      <input
        inputmode="decimal"
        placeholder=${label.toLowerCase()}
        .value=${value}
        @change=${(event: Event) => changed((event.target as HTMLInputElement).value.trim())}
      />
    </label>`;
  }

  readonly #suggest: Suggest = async (typed) =>
    ((await this.catalog?.values(this.value.property, this.event, typed)) ?? []).map((entry) => ({
      value: String(entry.value),
      note: entry.type === "string" ? "" : entry.type === "number" ? "number" : "yes/no",
    }));

  async #learn(property: string): Promise<void> {
    const types = (await this.catalog?.typesOf(property)) ?? new Set<ValueType>();
    if (property === this.value.property) this.types = types;
  }

  /** What a text stands for: a number or a truth value where the property has none but such, or is compared by size. */
  #scalar(text: string): Scalar {
    const ordered = ["gt", "gte", "lt", "lte"].includes(this.value.operator);
    const texts = this.types.has("string");
    if ((this.types.has("number") && !texts) || ordered) return this.#number(text);
    if (this.types.has("boolean") && !texts && (text === "true" || text === "false")) return text === "true";
    return text;
  }

  #number(text: string): Scalar {
    const number = Number(text);
    return text.trim() !== "" && Number.isFinite(number) ? number : text;
  }

  #set(value: Condition["value"] & unknown): void {
    this.edit({ ...this.value, value: value as Scalar });
  }
}

function listed(value: Condition["value"]): readonly string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}
