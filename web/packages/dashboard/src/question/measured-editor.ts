import type { Interval } from "@tidemark/widgets/api";
import type {
  Compare,
  MeasureOf,
  MetricQuestion,
  SortOf,
  TableQuestion,
  TrendQuestion,
} from "@tidemark/widgets/questions";
import { html, nothing, type TemplateResult } from "lit";
import { icon } from "../shell/icons";
import { breakdownFields } from "./breakdown-fields";
import { countField, type EditedEvent, Editor, selectField, tickField } from "./editor";
import { small } from "./measures-editor";
import { propertyPicker } from "./pickers";
import { removed, replaced, shifted, withMember } from "./record";
import { COMPARISONS, INTERVALS } from "./words";

type Measured = TrendQuestion | MetricQuestion | TableQuestion;

/** The form of trends, numbers and tables. */
export class MeasuredEditor extends Editor<Measured> {
  protected override render(): TemplateResult {
    const { value } = this;
    return html`<section class="part-of">
        <h3>Measures</h3>
        <measures-editor
          .value=${value.measures}
          .catalog=${this.catalog}
          path="measures"
          .complaints=${this.complaints}
          .live=${value.type === "metric"}
          @edited=${(event: EditedEvent<readonly MeasureOf[]>) => this.#measures(event.detail)}
        ></measures-editor>
      </section>
      ${value.type === "trend" ? this.#trend(value) : value.type === "metric" ? this.#metric(value) : this.#table(value)}`;
  }

  /** What counts this moment has no past to compare with or to draw. */
  #measures(measures: readonly MeasureOf[]): void {
    const { value } = this;
    const now = measures.some((measure) => measure.measure === "active_users_now");
    if (value.type === "metric" && now) {
      const { compare: _, sparkline: __, ...rest } = value;
      this.edit({ ...rest, measures });
    } else if (value.type === "table" && value.sort?.measure !== undefined) {
      const at = value.measures.findIndex((measure) => measure.name === value.sort?.measure);
      const name = measures[at]?.name;
      const sort = name === undefined ? undefined : { ...value.sort, measure: name };
      this.edit({ ...withMember<TableQuestion, "sort">(value, "sort", sort), measures });
    } else {
      this.edit({ ...value, measures } as Measured);
    }
  }

  #trend(value: TrendQuestion): TemplateResult {
    const { breakdown } = value;
    return html`<section class="part-of">
      <h3>Shown by</h3>
      <div class="fields">
        ${selectField("Interval", INTERVALS, value.interval, (interval) => this.edit({ ...value, interval }), { wrong: this.wrongWith("interval") })}
        ${this.#compare(value)}
        ${breakdownFields(
          this.catalog,
          breakdown,
          (member) => this.wrongWith(member),
          (next) => this.edit(withMember<TrendQuestion, "breakdown">(value, "breakdown", next)),
        )}
      </div>
    </section>`;
  }

  #metric(value: MetricQuestion): TemplateResult {
    if (value.measures.some((measure) => measure.measure === "active_users_now")) return html``;
    const spark = value.sparkline === true ? "auto" : (value.sparkline ?? false);
    return html`<section class="part-of">
      <h3>Shown with</h3>
      <div class="fields">
        ${this.#compare(value)}
        ${tickField("A line of its past", spark !== false, (on) =>
          this.edit(withMember<MetricQuestion, "sparkline">(value, "sparkline", on ? true : undefined)),
        )}
        ${
          spark === false
            ? nothing
            : selectField(
                "The line's interval",
                INTERVALS,
                spark,
                (interval) =>
                  this.edit({ ...value, sparkline: interval === "auto" ? true : (interval as Interval) }),
                { wrong: this.wrongWith("sparkline") },
              )
        }
      </div>
    </section>`;
  }

  #compare(value: TrendQuestion | MetricQuestion): TemplateResult {
    return selectField(
      "Compared with",
      COMPARISONS,
      value.compare ?? "",
      (word) =>
        this.edit(
          withMember<typeof value, "compare">(value, "compare", word === "" ? undefined : (word as Compare)),
        ),
      { wrong: this.wrongWith("compare") },
    );
  }

  #table(value: TableQuestion): TemplateResult {
    const { breakdowns } = value;
    const sort = value.sort ?? {};
    const column = sort.breakdown ? `b:${sort.breakdown}` : sort.measure ? `m:${sort.measure}` : "";
    const columns = [
      ["", "The first measure"] as const,
      ...value.measures.map(({ name }) => [`m:${name}`, name] as const),
      ...breakdowns.filter((path) => path !== "").map((path) => [`b:${path}`, path] as const),
    ];
    const sorted = (next: SortOf | undefined) =>
      this.edit(withMember<TableQuestion, "sort">(value, "sort", next));
    return html`<section class="part-of">
        <h3>A row for each</h3>
        <ol class="lines">
          ${breakdowns.map(
            (path, at) => html`<li class="line">
              ${propertyPicker(
                {
                  label: `Property ${at + 1}`,
                  bare: true,
                  catalog: this.catalog,
                  wrong: this.wrongWith(`breakdowns[${at}]`),
                },
                path,
                (property) => this.edit({ ...value, breakdowns: replaced(breakdowns, at, property) }),
              )}
              ${small("up", `Move property ${at + 1} up`, () => this.edit({ ...value, breakdowns: shifted(breakdowns, at, -1) }), at === 0)}
              ${small("close", `Remove property ${at + 1}`, () => this.edit({ ...value, breakdowns: removed(breakdowns, at) }))}
            </li>`,
          )}
        </ol>
        <div class="adders">
          <button type="button" class="small quiet" @click=${() => this.edit({ ...value, breakdowns: [...breakdowns, ""] })}>
            ${icon("plus")} Property
          </button>
        </div>
      </section>
      <section class="part-of">
        <h3>Rows</h3>
        <div class="fields">
          ${selectField(
            "Sorted by",
            columns,
            column,
            (word) => {
              if (word === "") sorted(undefined);
              else
                sorted(
                  word.startsWith("m:")
                    ? { measure: word.slice(2), direction: "desc" }
                    : { breakdown: word.slice(2), direction: "asc" },
                );
            },
            { wrong: this.wrongWith("sort") || this.wrongWith("sort.measure") },
          )}
          ${
            column === ""
              ? nothing
              : selectField(
                  "Order",
                  [
                    ["desc", "Largest first"],
                    ["asc", "Smallest first"],
                  ] as const,
                  sort.direction ?? "desc",
                  (direction) => sorted({ ...sort, direction }),
                )
          }
          ${countField("Rows at most", value.limit ?? 50, [1, 1000], (limit) => this.edit({ ...value, limit }), this.wrongWith("limit"))}
        </div>
      </section>`;
  }
}
