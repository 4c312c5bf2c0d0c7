import type { Display, Problem, WidgetAnswer, WidgetType } from "@tidemark/widgets/api";
import { label } from "@tidemark/widgets/format";
import type { Question } from "@tidemark/widgets/questions";
import { RequestFailure } from "@tidemark/widgets/request";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { Catalog } from "./catalog";
import { type EventForm, type Exploration, FIRST_EXPLORATION, KINDS, OF_PROPERTY } from "./exploration";
import { type Asked, askedBy } from "./exploration-question";
import { formOf, measureName } from "./explorer-forms";
import { NO_OFFERS, type Offers } from "./offers";
import { PageElement } from "./page-element";
import type { Range } from "./period";
import type { Server } from "./server";

/** An answer with the question that it is of. */
interface Answered {
  readonly question: Question;
  readonly data: unknown;
}

/** Asks one question at a time, of any kind, and draws the answer as a report would. */
export class QuestionExplorer extends PageElement {
  @property({ attribute: false }) server: Server | null = null;
  @state() private form: Exploration = FIRST_EXPLORATION;
  @state() private displays: ReadonlyMap<WidgetType, Display> = new Map();
  @state() private answered: Answered | null = null;
  @state() private problem: Problem | null = null;
  @state() private asking = false;
  @state() private offers: Offers = NO_OFFERS;
  #catalog: Catalog | null = null;
  #abort: AbortController | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#ask();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#abort?.abort();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { server } = this;
    if (!changed.has("server") || !server) return;
    this.#catalog = new Catalog(server);
    void server.offers().then((offers) => {
      this.offers = offers;
    });
  }

  protected override render(): TemplateResult {
    const { form, offers } = this;
    const asked = askedBy(form, new Date());
    const answered = this.answered?.question.type === form.type ? this.answered.question : null;
    return html`<section class="explore">
      ${this.#kinds()}
      <form class="card" @submit=${this.#submit}>
        ${formOf({ form, catalog: this.#catalog, change: (part) => this.#change(part) })}
        <div class="row">
          <button type="submit" class="primary" ?disabled=${asked.kind === "lacking"}>
            ${this.asking ? "Asking…" : "Ask"}
          </button>
          <among-choice
            .catalog=${this.#catalog}
            .value=${form.among}
            @chosen=${(event: CustomEvent<string>) => this.#change({ among: event.detail })}
          ></among-choice>
          <span class="soft" role="status">${asked.kind === "lacking" && answered ? asked.what : ""}</span>
        </div>
      </form>
      <div class="row">
        <range-picker
          plain
          .range=${form.range}
          @range-change=${(event: CustomEvent<Range>) => this.#change({ range: event.detail })}
        ></range-picker>
        ${this.#displays()}
      </div>
      ${this.#widget(asked)}
      ${
        answered && offers.exports
          ? html`<div class="row">
              <span class="soft">All rows as a file</span>
              <export-links .server=${this.server} .question=${answered}></export-links>
            </div>`
          : nothing
      }
      ${
        asked.kind === "question"
          ? html`<details class="card">
              <summary>The question as JSON</summary>
              <copyable-code label="POST /api/v1/query" .text=${JSON.stringify(asked.question, null, 2)}></copyable-code>
            </details>`
          : nothing
      }
      ${
        answered && offers.explain
          ? html`<explain-panel .server=${this.server} .question=${answered}></explain-panel>`
          : nothing
      }
    </section>`;
  }

  #kinds(): TemplateResult {
    return html`<div class="segments kinds" role="group" aria-label="Kind of question">
      ${KINDS.map(
        ({ type, name }) => html`<button
          type="button"
          aria-pressed=${type === this.form.type ? "true" : "false"}
          @click=${() => this.#change({ type })}
        >${name}</button>`,
      )}
    </div>`;
  }

  #displays(): TemplateResult | typeof nothing {
    const displays = KINDS.find(({ type }) => type === this.form.type)?.displays ?? [];
    if (displays.length < 2) return nothing;
    return html`<div class="segments" role="group" aria-label="Display">
      ${displays.map(
        (display) => html`<button
          type="button"
          aria-pressed=${display === this.#display() ? "true" : "false"}
          @click=${() => {
            this.displays = new Map(this.displays).set(this.form.type, display);
          }}
        >${label(display)}</button>`,
      )}
    </div>`;
  }

  #widget(asked: Asked): TemplateResult {
    const answer = this.#answer();
    if (asked.kind === "lacking" && !answer) {
      return html`<div class="card answer lacking" data-state="lacking"><p class="soft">${asked.what}</p></div>`;
    }
    return html`<tidemark-widget class="answer ${this.form.type}" .answer=${answer}></tidemark-widget>`;
  }

  #display(): Display {
    const { type } = this.form;
    return this.displays.get(type) ?? KINDS.find((kind) => kind.type === type)?.displays[0] ?? "table";
  }

  #answer(): WidgetAnswer | null {
    const { type } = this.form;
    const head = { widget_id: "explorer", type, title: titleOf(this.form), display: this.#display() };
    if (this.problem) return { ...head, error: this.problem } as WidgetAnswer;
    // The server answers a question in the form of its type.
    return this.answered?.question.type === type
      ? ({ ...head, data: this.answered.data } as WidgetAnswer)
      : null;
  }

  #change(part: Partial<Exploration>): void {
    if (part.type !== undefined && part.type !== this.form.type) this.problem = null;
    const before = askedBy(this.form, new Date());
    this.form = { ...this.form, ...part };
    const now = askedBy(this.form, new Date());
    if (JSON.stringify(now) !== JSON.stringify(before)) void this.#ask();
  }

  readonly #submit = (event: Event) => {
    event.preventDefault();
    void this.#ask();
  };

  async #ask(): Promise<void> {
    this.#abort?.abort();
    const asked = askedBy(this.form, new Date());
    if (!this.server || asked.kind === "lacking") {
      this.asking = false;
      return;
    }
    const abort = new AbortController();
    this.#abort = abort;
    this.asking = true;
    const { question } = asked;
    try {
      this.answered = { question, data: await this.server.ask(question, abort.signal) };
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

function titleOf(form: Exploration): string {
  const by = form.breakdown ? `, by ${form.breakdown}` : "";
  const named = (event: EventForm) => event.event || "any event";
  switch (form.type) {
    case "trend":
    case "metric":
    case "table": {
      const of = OF_PROPERTY.has(form.measure) ? ` ${form.property}` : "";
      return `${measureName(form.measure)}${of}, ${named(form.subject)}${form.type === "metric" ? "" : by}`;
    }
    case "funnel":
      return `${form.steps.map(named).join(" → ")}${by}`;
    case "retention":
      return `${{ day: "Daily", week: "Weekly", month: "Monthly" }[form.period]} return to ${named(form.comeback)} after ${named(form.start)}${by}`;
    case "cohort":
      return `${measureName(form.measure)} by ${form.cohorts.length > 0 ? "cohort" : `start ${form.period}`}`;
    case "stickiness":
      return `Active ${form.period}s, ${named(form.subject)}`;
    case "paths":
      return `Paths ${form.direction} ${named(form.anchor)}`;
  }
}
