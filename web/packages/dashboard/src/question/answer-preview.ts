import type { Display, Problem, WidgetAnswer } from "@tidemark/widgets/api";
import type { Question } from "@tidemark/widgets/questions";
import { RequestFailure } from "@tidemark/widgets/request";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { ask } from "../api/ask";
import type { Client } from "../api/client";
import { PageElement } from "../page-element";
import { asSent, lackingIn } from "./lacking";
import { same } from "./record";

const PAUSE_MILLIS = 300;

/**
 * The answer to a question as it is being written: asked anew once the writer pauses, with the last answer in view until then. Emits
 * `problem` with what the server says is wrong, null once nothing is, and `answered` with the question that is shown.
 */
export class AnswerPreview extends PageElement {
  @property({ attribute: false }) client: Client | null = null;
  @property({ attribute: false }) question: Question | null = null;
  @property() display: Display = "line";
  @property() caption = "";
  @property() theme = "auto";
  @state() private answered: { readonly type: string; readonly data: unknown } | null = null;
  @state() private problem: Problem | null = null;
  @state() private asking = false;
  #asked: Question | null = null;
  #abort: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.theme = document.documentElement.dataset.theme ?? "auto";
    addEventListener("tidemark-look", this.#look);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("tidemark-look", this.#look);
    clearTimeout(this.#timer);
    this.#abort?.abort();
    this.#asked = null;
  }

  /** Asks again although nothing has changed. */
  refresh(): void {
    this.#asked = null;
    this.#plan(0);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("question") && !changed.has("client")) return;
    this.#plan(this.answered || this.problem ? PAUSE_MILLIS : 0);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { question } = this;
    if (!question) return nothing;
    const lacking = lackingIn(question);
    const answer = this.#answer(question);
    const [first] = lacking;
    return html`<div class="answer-frame" aria-busy=${this.asking ? "true" : "false"} data-lacking=${lacking.length}>
      ${
        first && !answer
          ? html`<div class="card lacking" data-state="lacking"><p class="soft">${first.message}</p></div>`
          : html`<tidemark-widget class="answer" .theme=${this.theme} .answer=${answer}></tidemark-widget>`
      }
      ${first && answer ? html`<p class="soft hint">${first.message} Until then you see the answer before.</p>` : nothing}
    </div>`;
  }

  #answer(question: Question): WidgetAnswer | null {
    const head = {
      widget_id: "preview",
      type: question.type,
      title: this.caption,
      display: this.display,
    };
    if (this.problem) return { ...head, error: this.problem } as WidgetAnswer;
    // The server answers a question in the form of its type.
    return this.answered?.type === question.type
      ? ({ ...head, data: this.answered.data } as WidgetAnswer)
      : null;
  }

  #plan(millis: number): void {
    clearTimeout(this.#timer);
    const { question } = this;
    if (!question || lackingIn(question).length > 0) return;
    const wanted = asSent(question);
    if (same(wanted, this.#asked)) return;
    this.#timer = setTimeout(() => void this.#ask(wanted), millis);
  }

  async #ask(question: Question): Promise<void> {
    const { client } = this;
    if (!client) return;
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.#asked = question;
    this.asking = true;
    try {
      const data = await ask(client, question, abort.signal);
      this.answered = { type: question.type, data };
      this.problem = null;
      this.dispatchEvent(new CustomEvent<Question>("answered", { detail: question }));
    } catch (cause) {
      if (abort.signal.aborted) return;
      this.#asked = null;
      this.problem =
        cause instanceof RequestFailure
          ? cause.problem
          : { title: "The question could not be asked", status: 0 };
    }
    this.asking = false;
    this.dispatchEvent(new CustomEvent<Problem | null>("problem", { detail: this.problem }));
  }

  readonly #look = () => {
    this.theme = document.documentElement.dataset.theme ?? "auto";
  };
}
