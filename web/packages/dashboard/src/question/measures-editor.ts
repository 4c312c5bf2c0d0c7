import type { MeasureOf } from "@tidemark/widgets/questions";
import { html, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { icon } from "../shell/icons";
import { type EditedEvent, Editor } from "./editor";
import { removed, replaced, shifted } from "./record";

const MOST = 20;

/** The measures of a question, in their order. */
export class MeasuresEditor extends Editor<readonly MeasureOf[]> {
  @property({ type: Boolean }) live = false;

  protected override render(): TemplateResult {
    const measures = this.value;
    return html`${this.wrong()}
      <ol class="cards">
        ${measures.map((measure, at) => this.#card(measure, at))}
      </ol>
      ${
        measures.length < MOST
          ? html`<div class="adders">
              <button type="button" class="small quiet" @click=${() => this.#add({ name: this.#name("Events"), measure: "events" })}>
                ${icon("plus")} Measure
              </button>
              <button type="button" class="small quiet" @click=${() => this.#add({ name: this.#name("Formula"), formula: "" })}>
                ${icon("plus")} Formula
              </button>
            </div>`
          : nothing
      }`;
  }

  #card(measure: MeasureOf, at: number): TemplateResult {
    const measures = this.value;
    const name = measure.name || `Measure ${at + 1}`;
    return html`<li class="part" aria-label=${name}>
      ${
        measures.length > 1
          ? html`<div class="part-head">
              <b title=${name}>${name}</b>
              ${small("up", `Move ${name} up`, () => this.edit(shifted(measures, at, -1)), at === 0)}
              ${small("down", `Move ${name} down`, () => this.edit(shifted(measures, at, 1)), at === measures.length - 1)}
              ${small("copy", `Duplicate ${name}`, () => this.#add({ ...measure, name: this.#name(measure.name) }))}
              ${small("close", `Remove ${name}`, () => this.edit(removed(measures, at)))}
            </div>`
          : nothing
      }
      <measure-editor
        .value=${measure}
        .catalog=${this.catalog}
        .path=${`${this.path}[${at}]`}
        .complaints=${this.complaints}
        .others=${measures.filter((_, other) => other !== at).map((other) => other.name)}
        .live=${this.live}
        @edited=${(event: EditedEvent<MeasureOf>) => this.edit(replaced(measures, at, event.detail))}
      ></measure-editor>
    </li>`;
  }

  #add(measure: MeasureOf): void {
    this.edit([...this.value, measure]);
  }

  #name(wanted: string): string {
    const taken = new Set(this.value.map((measure) => measure.name));
    let name = wanted;
    for (let count = 2; taken.has(name); count++) name = `${wanted} ${count}`;
    return name;
  }
}

/** A small button with a drawing, whose words are for the pointer that rests on it and for screen readers. */
export function small(
  name: Parameters<typeof icon>[0],
  label: string,
  run: () => void,
  disabled = false,
): TemplateResult {
  return html`<button
    type="button"
    class="small quiet only-icon"
    aria-label=${label}
    title=${label}
    ?disabled=${disabled}
    @click=${run}
  >${icon(name)}</button>`;
}
