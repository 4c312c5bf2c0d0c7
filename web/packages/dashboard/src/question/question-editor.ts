import type { WidgetType } from "@tidemark/widgets/api";
import type { FilterOf, Question, RangeOf } from "@tidemark/widgets/questions";
import { html, type nothing, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { type EditedEvent, Editor } from "./editor";
import { turned } from "./fresh";
import { withMember } from "./record";
import { KINDS } from "./words";

const zones = Intl.supportedValuesOf("timeZone");

/** The form of a question of any kind, with its JSON beside it. Emits `edited` with each change. */
export class QuestionEditor extends Editor<Question> {
  @state() private json = false;
  /** What was asked of each kind, for who turns back to it. */
  readonly #kept = new Map<WidgetType, Question>();

  protected override render(): TemplateResult {
    const { value } = this;
    return html`<div class="question">
      <div class="kinds" role="group" aria-label="Kind of question">
        ${KINDS.map(
          ({ type, name, about }) => html`<button
            type="button"
            title=${about}
            aria-pressed=${value.type === type ? "true" : "false"}
            @click=${() => this.#turn(type)}
          >${name}</button>`,
        )}
      </div>
      ${this.json ? this.#json(value) : this.#form(value)}
      <div class="adders">
        <button
          type="button"
          class="small quiet"
          aria-pressed=${this.json ? "true" : "false"}
          @click=${() => {
            this.json = !this.json;
          }}
        >${this.json ? "Back to the form" : "Edit as JSON"}</button>
      </div>
    </div>`;
  }

  #json(value: Question): TemplateResult {
    return html`<json-editor
      .value=${value}
      .complaints=${this.complaints}
      @edited=${(event: EditedEvent<Question>) => this.edit(event.detail)}
    ></json-editor>`;
  }

  #form(value: Question): TemplateResult {
    return html`${this.#kind(value)}
      <section class="part-of">
        <h3>Among</h3>
        <filter-editor
          adding="Filter all of it"
          .value=${value.filter}
          .catalog=${this.catalog}
          path="filter"
          .complaints=${this.complaints}
          @edited=${(event: EditedEvent<FilterOf | undefined>) => this.edit(withMember<Question, "filter">(value, "filter", event.detail))}
        ></filter-editor>
      </section>
      <section class="part-of">
        <h3>When</h3>
        <div class="fields">
          <range-editor
            .value=${value.range}
            path="range"
            .complaints=${this.complaints}
            @edited=${(event: EditedEvent<RangeOf>) => this.edit({ ...value, range: event.detail })}
          ></range-editor>
          <pick-box
            label="Time zone"
            placeholder="the tenant’s"
            .wrong=${this.wrongWith("zone")}
            .value=${value.zone ? [value.zone] : []}
            .suggest=${findZones}
            @picked=${(event: CustomEvent<readonly string[]>) => this.edit(withMember<Question, "zone">(value, "zone", event.detail[0]))}
          ></pick-box>
        </div>
      </section>`;
  }

  #kind(value: Question): TemplateResult | typeof nothing {
    const edited = (event: EditedEvent<Question>) => this.edit(event.detail);
    const { catalog, complaints } = this;
    switch (value.type) {
      case "trend":
      case "metric":
      case "table":
        return html`<measured-editor .value=${value} .catalog=${catalog} .complaints=${complaints} @edited=${edited}></measured-editor>`;
      case "funnel":
        return html`<funnel-editor .value=${value} .catalog=${catalog} .complaints=${complaints} @edited=${edited}></funnel-editor>`;
      case "retention":
        return html`<retention-editor .value=${value} .catalog=${catalog} .complaints=${complaints} @edited=${edited}></retention-editor>`;
      case "cohort":
        return html`<cohort-report-editor .value=${value} .catalog=${catalog} .complaints=${complaints} @edited=${edited}></cohort-report-editor>`;
      case "stickiness":
        return html`<stickiness-editor .value=${value} .catalog=${catalog} .complaints=${complaints} @edited=${edited}></stickiness-editor>`;
      case "paths":
        return html`<paths-editor .value=${value} .catalog=${catalog} .complaints=${complaints} @edited=${edited}></paths-editor>`;
    }
  }

  #turn(type: WidgetType): void {
    if (type === this.value.type) return;
    this.#kept.set(this.value.type, this.value);
    const { range, filter, zone } = this.value;
    const kept = this.#kept.get(type);
    if (!kept) {
      this.edit(turned(this.value, type));
      return;
    }
    const timed = withMember<Question, "zone">({ ...kept, range }, "zone", zone);
    this.edit(withMember<Question, "filter">(timed, "filter", filter));
  }
}

async function findZones(typed: string): Promise<readonly { readonly value: string }[]> {
  const wanted = typed.toLowerCase().replaceAll(" ", "_");
  return ["UTC", ...zones]
    .filter((zone) => zone.toLowerCase().includes(wanted))
    .slice(0, 50)
    .map((value) => ({ value }));
}
