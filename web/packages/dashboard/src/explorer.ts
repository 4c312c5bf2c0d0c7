import { html, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type {
  Display,
  Interval,
  MeasureKind,
  Problem,
  TrendData,
  TrendQuestion,
  WidgetAnswer,
} from "../../widgets/src/api";
import { RequestFailure } from "../../widgets/src/request";
import { PageElement } from "./page-element";
import { datesOf, type Range } from "./range";
import type { Server } from "./server";

const MEASURES: readonly (readonly [MeasureKind, string])[] = [
  ["events", "Events"],
  ["users", "Users"],
  ["sessions", "Sessions"],
  ["events_per_user", "Events per user"],
  ["sum", "Sum of"],
  ["avg", "Average of"],
  ["median", "Median of"],
  ["p95", "95th percentile of"],
  ["max", "Largest"],
  ["min", "Smallest"],
  ["distinct", "Distinct values of"],
];
const OF_PROPERTY: ReadonlySet<MeasureKind> = new Set([
  "sum",
  "avg",
  "median",
  "p95",
  "max",
  "min",
  "distinct",
]);
const INTERVALS: readonly (Interval | "auto")[] = ["auto", "hour", "day", "week", "month"];
const DISPLAYS: readonly Display[] = ["line", "area", "bar", "table"];

/** What the form of the explorer holds. */
export interface Exploration {
  readonly event: string;
  readonly measure: MeasureKind;
  readonly property: string;
  readonly interval: Interval | "auto";
  readonly breakdown: string;
  readonly range: Range;
}

/** The question of an exploration, or null while a property is still missing. */
export function questionOf(form: Exploration, today: Date): TrendQuestion | null {
  const property = form.property.trim();
  const event = form.event.trim();
  const breakdown = form.breakdown.trim();
  if (OF_PROPERTY.has(form.measure) && property === "") return null;
  const dates = datesOf(form.range, today);
  return {
    type: "trend",
    measures: [
      {
        name: form.measure,
        measure: form.measure,
        ...(OF_PROPERTY.has(form.measure) ? { property } : {}),
        ...(event ? { event } : {}),
      },
    ],
    interval: form.interval,
    range:
      form.range.preset === "7d" || form.range.preset === "30d" || form.range.preset === "90d"
        ? { last: form.range.preset }
        : { start_time: dates.start, end_time: dates.end },
    ...(breakdown ? { breakdown: { property: breakdown, limit: 8 } } : {}),
  };
}

/** Asks one trend question at a time and draws the answer as a report would. */
export class TrendExplorer extends PageElement {
  @property({ attribute: false }) server: Server | null = null;
  @state() private form: Exploration = {
    event: "",
    measure: "events",
    property: "",
    interval: "auto",
    breakdown: "",
    range: { preset: "30d", start: "", end: "" },
  };
  @state() private display: Display = "line";
  @state() private data: TrendData | null = null;
  @state() private problem: Problem | null = null;
  @state() private asking = false;
  #abort: AbortController | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#ask();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#abort?.abort();
  }

  protected override render(): TemplateResult {
    const { form } = this;
    const question = questionOf(form, new Date());
    return html`<section class="explore">
      <form class="card fields" @submit=${this.#submit}>
        <label
          >Measure
          <select name="measure" @change=${this.#field("measure")}>
            ${MEASURES.map(([value, label]) => html`<option value=${value} ?selected=${value === form.measure}>${label}</option>`)}
          </select></label
        >
        ${
          OF_PROPERTY.has(form.measure)
            ? html`<label
                >Property
                <input name="property" placeholder="properties.amount" .value=${form.property} @change=${this.#field("property")}
              /></label>`
            : nothing
        }
        <label
          >Event type
          <input name="event" placeholder="any event" .value=${form.event} @change=${this.#field("event")}
        /></label>
        <label
          >Broken down by
          <input name="breakdown" placeholder="nothing" list="common" .value=${form.breakdown} @change=${this.#field("breakdown")}
        /></label>
        <datalist id="common">
          ${[
            "event_type",
            "country",
            "device_type",
            "browser",
            "os",
            "page_path",
            "referrer",
            "utm_source",
          ].map((name) => html`<option value=${name}></option>`)}
        </datalist>
        <label
          >Bucket
          <select name="interval" @change=${this.#field("interval")}>
            ${INTERVALS.map((value) => html`<option ?selected=${value === form.interval}>${value}</option>`)}
          </select></label
        >
        <button type="submit" class="primary" ?disabled=${question === null}>${this.asking ? "Asking…" : "Ask"}</button>
      </form>
      <div class="row">
        <range-picker
          plain
          .range=${form.range}
          @range-change=${(event: CustomEvent<Range>) => this.#change({ range: event.detail })}
        ></range-picker>
        <div class="segments" role="group" aria-label="Display">
          ${DISPLAYS.map(
            (display) => html`<button
              type="button"
              aria-pressed=${display === this.display ? "true" : "false"}
              @click=${() => {
                this.display = display;
              }}
            >
              ${display}
            </button>`,
          )}
        </div>
      </div>
      <tidemark-widget class="answer" .answer=${this.#answer()}></tidemark-widget>
      ${
        question
          ? html`<details class="card">
              <summary>The question as JSON</summary>
              <copyable-code label="POST /api/v1/query" .text=${JSON.stringify(question, null, 2)}></copyable-code>
            </details>`
          : nothing
      }
    </section>`;
  }

  #answer(): WidgetAnswer | null {
    const { event, measure, breakdown } = this.form;
    const label = MEASURES.find(([value]) => value === measure)?.[1] ?? measure;
    const of = OF_PROPERTY.has(measure) ? ` ${this.form.property}` : "";
    const title = `${label}${of}${event ? `, ${event}` : ", any event"}${breakdown ? `, by ${breakdown}` : ""}`;
    const head = { widget_id: "explorer", type: "trend" as const, title, display: this.display };
    if (this.problem) return { ...head, error: this.problem };
    return this.data ? { ...head, data: this.data } : null;
  }

  #field(name: keyof Exploration): (event: Event) => void {
    return (event) => {
      this.#change({ [name]: (event.target as HTMLInputElement | HTMLSelectElement).value });
    };
  }

  #change(part: Partial<Exploration>): void {
    this.form = { ...this.form, ...part };
    void this.#ask();
  }

  readonly #submit = (event: Event) => {
    event.preventDefault();
    void this.#ask();
  };

  async #ask(): Promise<void> {
    const question = questionOf(this.form, new Date());
    if (!this.server || !question) return;
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.asking = true;
    try {
      this.data = await this.server.ask(question, abort.signal);
      this.problem = null;
    } catch (cause) {
      if (abort.signal.aborted) return;
      this.problem =
        cause instanceof RequestFailure
          ? cause.problem
          : { title: "The question could not be asked", status: 0 };
    }
    this.asking = false;
  }
}
