import type { Display, Interval, Problem, TrendData, WidgetAnswer } from "@tidemark/widgets/api";
import { label } from "@tidemark/widgets/format";
import type { MeasureKind } from "@tidemark/widgets/questions";
import { RequestFailure } from "@tidemark/widgets/request";
import { html, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { type Exploration, OF_PROPERTY, questionOf } from "./explorer-question";
import { PageElement } from "./page-element";
import type { Range } from "./period";
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
const INTERVALS: readonly (Interval | "auto")[] = ["auto", "hour", "day", "week", "month"];
const DISPLAYS: readonly Display[] = ["line", "area", "bar", "table"];

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
            ${MEASURES.map(([value, name]) => html`<option value=${value} ?selected=${value === form.measure}>${name}</option>`)}
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
            >${label(display)}</button>`,
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
    const named = MEASURES.find(([value]) => value === measure)?.[1] ?? measure;
    const of = OF_PROPERTY.has(measure) ? ` ${this.form.property}` : "";
    const title = `${named}${of}${event ? `, ${event}` : ", any event"}${breakdown ? `, by ${breakdown}` : ""}`;
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
