import type {
  CohortQuestion,
  EventScope,
  MeasureOf,
  RetentionQuestion,
  StickinessQuestion,
} from "@tidemark/widgets/questions";
import { html, nothing, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { breakdownFields } from "./breakdown-fields";
import { countField, type EditedEvent, Editor, selectField, tickField } from "./editor";
import { suggestCohorts } from "./pickers";
import { withMember } from "./record";
import { ENTRIES, PERIODS } from "./words";

const ALIGNMENTS = [
  ["calendar", "Days, weeks, months of the calendar"],
  ["rolling", "24 hours from each one's own start"],
] as const;
const CRITERIA = [
  ["on", "In exactly that period"],
  ["on_or_after", "In that period or later"],
] as const;
const MOST_PERIODS = 200;

/** The form of retention. */
export class RetentionEditor extends Editor<RetentionQuestion> {
  protected override render(): TemplateResult {
    const { value } = this;
    const { breakdown } = value;
    return html`<section class="part-of">
        <h3>Who</h3>
        ${scopeField(this, "Did first", value.start, "start", (start) => this.edit({ ...value, start }))}
        ${scopeField(this, "Came back to", value.return, "return", (comeback) => this.edit({ ...value, return: comeback }))}
      </section>
      <section class="part-of">
        <h3>Counting</h3>
        <div class="fields">
          ${selectField("Period", PERIODS, value.period ?? "day", (period) => this.edit({ ...value, period }), { wrong: this.wrongWith("period") })}
          ${countField("Periods shown", value.periods ?? 8, [1, MOST_PERIODS], (periods) => this.edit({ ...value, periods }), this.wrongWith("periods"))}
          ${selectField("Starts", ENTRIES, value.entry ?? "recurring", (entry) => this.edit({ ...value, entry }), { wrong: this.wrongWith("entry") })}
          ${selectField("Returned", CRITERIA, value.criterion ?? "on", (criterion) => this.edit({ ...value, criterion }), { wrong: this.wrongWith("criterion") })}
          ${selectField("Periods are", ALIGNMENTS, value.alignment ?? "calendar", (alignment) => this.edit({ ...value, alignment }), { wrong: this.wrongWith("alignment") })}
          ${breakdownFields(
            this.catalog,
            breakdown,
            (member) => this.wrongWith(member),
            (next) => this.edit(withMember<RetentionQuestion, "breakdown">(value, "breakdown", next)),
          )}
        </div>
      </section>`;
  }
}

/** The form of a cohort report: rows of stored cohorts, or of those who started in each period. */
export class CohortReportEditor extends Editor<CohortQuestion> {
  @state() private names: ReadonlyMap<string, string> = new Map();

  override connectedCallback(): void {
    super.connectedCallback();
    void this.catalog?.cohorts().then((cohorts) => {
      this.names = new Map(cohorts.map((cohort) => [cohort.cohort_id, cohort.name]));
    });
  }

  protected override render(): TemplateResult {
    const { value } = this;
    const stored = value.cohorts !== undefined;
    const measure = value.measure ?? { name: "People", measure: "users" };
    return html`<section class="part-of">
        <h3>Rows</h3>
        <div class="fields">
          ${selectField(
            "A row for",
            [
              ["start", "Those who started in each period"],
              ["cohorts", "Each of these cohorts"],
            ] as const,
            stored ? "cohorts" : "start",
            (rows) => this.#turn(rows === "cohorts"),
          )}
        </div>
        ${
          stored
            ? html`<pick-box
                many
                strict
                label="Cohorts"
                placeholder="choose cohorts"
                .wrong=${this.wrongWith("cohorts")}
                .value=${value.cohorts ?? []}
                .named=${(id: string) => this.names.get(id) ?? id}
                .suggest=${suggestCohorts(this.catalog)}
                @picked=${(event: CustomEvent<readonly string[]>) => this.edit({ ...value, cohorts: event.detail })}
              ></pick-box>`
            : scopeField(this, "Started with", value.start ?? {}, "start", (start) =>
                this.edit({ ...value, start }),
              )
        }
        <div class="fields">
          ${stored ? nothing : selectField("Starts", ENTRIES, value.entry ?? "recurring", (entry) => this.edit({ ...value, entry }), { wrong: this.wrongWith("entry") })}
          ${selectField("Period", PERIODS, value.period ?? "week", (period) => this.edit({ ...value, period }), { wrong: this.wrongWith("period") })}
          ${stored ? nothing : countField("Periods shown", value.periods ?? 8, [1, MOST_PERIODS], (periods) => this.edit({ ...value, periods }), this.wrongWith("periods"))}
        </div>
      </section>
      <section class="part-of">
        <h3>Cells</h3>
        <measure-editor
          nameless
          .value=${measure}
          .catalog=${this.catalog}
          path="measure"
          .complaints=${this.complaints}
          @edited=${(event: EditedEvent<MeasureOf>) => this.edit({ ...value, measure: event.detail })}
        ></measure-editor>
        ${tickField("Per member of the row", value.per_member ?? false, (on) =>
          this.edit(withMember<CohortQuestion, "per_member">(value, "per_member", on || undefined)),
        )}
      </section>`;
  }

  #turn(stored: boolean): void {
    const { cohorts: _, start: __, entry: ___, periods: ____, ...rest } = this.value;
    this.edit(stored ? { ...rest, cohorts: [] } : { ...rest, start: {}, periods: 8 });
  }
}

/** The form of stickiness. */
export class StickinessEditor extends Editor<StickinessQuestion> {
  protected override render(): TemplateResult {
    const { value } = this;
    const scope: EventScope = value.event === undefined ? {} : { event: value.event };
    return html`<section class="part-of">
      <h3>Active is who did</h3>
      <event-types-field
        .value=${scope}
        .catalog=${this.catalog}
        .complaints=${this.complaints}
        @edited=${(event: EditedEvent<EventScope>) =>
          this.edit(withMember<StickinessQuestion, "event">(value, "event", event.detail.event))}
      ></event-types-field>
      <div class="fields">
        ${selectField("On how many", PERIODS, value.period ?? "day", (period) => this.edit({ ...value, period }), { wrong: this.wrongWith("period") })}
      </div>
    </section>`;
  }
}

export function scopeField<T>(
  editor: Editor<T>,
  label: string,
  value: EventScope,
  path: string,
  edited: (value: EventScope) => void,
  placeholder = "any event",
): TemplateResult {
  return html`<scope-editor
    .label=${label}
    .placeholder=${placeholder}
    .value=${value}
    .catalog=${editor.catalog}
    .path=${path}
    .complaints=${editor.complaints}
    @edited=${(event: EditedEvent<EventScope>) => edited(event.detail)}
  ></scope-editor>`;
}
