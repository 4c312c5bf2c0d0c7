import type { Compare, FilterOf, RangeOf } from "@tidemark/widgets/questions";
import { html, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { Catalog } from "../api/catalog";
import { PageElement } from "../page-element";
import type { EditedEvent } from "../question/editor";
import { lackingIn, ofFilter } from "../question/lacking";
import { same } from "../question/record";
import { COMPARISONS } from "../question/words";
import type { DraftWidget } from "./draft";
import { wholeOf, withCompare, withFilter, withRange } from "./whole";

/** Period, comparison and filter of all widgets of a report at once. Emits `edited` with the widgets. */
export class WholeBar extends PageElement {
  @property({ attribute: false }) catalog: Catalog | null = null;
  @property({ attribute: false }) widgets: readonly DraftWidget[] = [];
  /** The filter while it is being written and cannot be asked yet. */
  @state() private writing: { readonly filter: FilterOf | undefined } | null = null;

  protected override render(): TemplateResult | typeof nothing {
    if (this.widgets.length === 0) return nothing;
    const whole = wholeOf(this.widgets);
    const filter = this.writing ? this.writing.filter : whole.filter;
    return html`<div class="whole card" role="group" aria-label="For the whole report">
      <range-editor
        label="Period of all"
        none=${whole.range === undefined ? "Each its own" : ""}
        .value=${whole.range}
        @edited=${(event: EditedEvent<RangeOf | undefined>) => {
          if (event.detail && !isOpen(event.detail)) this.#edit(withRange(this.widgets, event.detail));
        }}
      ></range-editor>
      <label class="field">
        <span class="label">Compared with</span>
        <select
          @change=${(event: Event) => {
            const { value } = event.target as HTMLSelectElement;
            if (value !== "own") this.#edit(withCompare(this.widgets, value as Compare | ""));
          }}
        >
          ${whole.compare === undefined ? html`<option value="own" selected>Each its own</option>` : nothing}
          ${COMPARISONS.map(([word, name]) => html`<option value=${word} ?selected=${word === whole.compare}>${name}</option>`)}
        </select>
      </label>
      <div class="field grow">
        <span class="label">Filter of all</span>
        <filter-editor
          adding="Filter the whole report"
          .value=${filter}
          .catalog=${this.catalog}
          path="filter"
          @edited=${(event: EditedEvent<FilterOf | undefined>) => this.#filter(event.detail)}
        ></filter-editor>
      </div>
    </div>`;
  }

  #filter(filter: FilterOf | undefined): void {
    if (ofFilter(filter, "filter").length > 0) {
      this.writing = { filter };
      return;
    }
    this.writing = null;
    if (!same(filter, wholeOf(this.widgets).filter)) this.#edit(withFilter(this.widgets, filter));
  }

  #edit(widgets: readonly DraftWidget[]): void {
    this.dispatchEvent(new CustomEvent("edited", { detail: widgets }));
  }
}

function isOpen(range: RangeOf): boolean {
  return lackingIn({ type: "stickiness", range }).length > 0;
}
