import type { Display, Problem } from "@tidemark/widgets/api";
import type { FunnelQuestion, Question } from "@tidemark/widgets/questions";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { Page } from "../page-element";
import type { EditedEvent } from "../question/editor";
import { defineQuestionElements } from "../question/elements";
import { freshQuestion } from "../question/fresh";
import { isQuestion } from "../question/json-editor";
import { asSent, lackingIn } from "../question/lacking";
import { same } from "../question/record";
import { titleOf } from "../question/title";
import { displaysOf } from "../question/words";
import { complaintsOf, displayChoice } from "../report/widget-editor";
import { addressOf } from "../shell/route";
import { ExplainPanel } from "./explain-panel";
import { ExportLinks } from "./export-links";
import { PeopleBehind } from "./people-behind";
import { saveAsWidget } from "./save-as-widget";

defineQuestionElements();
customElements.define("explain-panel", ExplainPanel);
customElements.define("export-links", ExportLinks);
customElements.define("people-behind", PeopleBehind);

/** Questions without a report: the form, the answer, and what can be done with it. The address holds the question. */
export class ExplorePage extends Page {
  @state() private question: Question = freshQuestion("trend");
  @state() private display: Display = "line";
  @state() private problem: Problem | null = null;
  /** The question whose answer is in view. */
  @state() private answered: Question | null = null;

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("route")) this.#read(this.route.query);
  }

  protected override render(): TemplateResult {
    const { question, display } = this;
    return html`<div class="page-head"><h1>Explore</h1>
        <div class="actions" ?hidden=${!this.app.may("reports:edit")}>
          <button
            type="button"
            class="primary"
            ?disabled=${lackingIn(question).length > 0}
            @click=${() => void saveAsWidget(this.app, { question, display, title: titleOf(question) })}
          >Save to a report</button>
        </div>
      </div>
      <div class="workbench">
        <div class="bench-form card">
          <question-editor
            .value=${question}
            .catalog=${this.app.catalog}
            .complaints=${complaintsOf(this.problem)}
            @edited=${(event: EditedEvent<Question>) => this.#ask(event.detail)}
          ></question-editor>
        </div>
        <div class="bench-answer">
          <div class="row">
            ${displayChoice({ question, display }, (next) => {
              this.display = next;
              this.#write();
            })}
            <export-links .client=${this.app.client} .question=${this.answered}></export-links>
          </div>
          <answer-preview
            class="large ${question.type}"
            .client=${this.app.client}
            .question=${question}
            .display=${display}
            .caption=${titleOf(question)}
            @problem=${(event: CustomEvent<Problem | null>) => {
              this.problem = event.detail;
            }}
            @answered=${(event: CustomEvent<Question>) => {
              this.answered = event.detail;
            }}
          ></answer-preview>
          ${
            this.answered?.type === "funnel"
              ? html`<people-behind .app=${this.app} .question=${this.answered as FunnelQuestion}></people-behind>`
              : nothing
          }
          ${
            this.answered
              ? html`<explain-panel .client=${this.app.client} .question=${this.answered}></explain-panel>`
              : nothing
          }
        </div>
      </div>`;
  }

  #ask(question: Question): void {
    if (question.type !== this.question.type) {
      this.problem = null;
      this.display = displaysOf(question.type)[0] ?? "table";
    }
    this.question = question;
    this.#write();
  }

  /** Keeps the question in the address, so that it can be linked to and survives a reload. */
  #write(): void {
    if (lackingIn(this.question).length > 0) return;
    const q = JSON.stringify(asSent(this.question));
    history.replaceState(null, "", addressOf(["explore"], { q, display: this.display }));
    dispatchEvent(new HashChangeEvent("hashchange"));
  }

  #read(query: URLSearchParams): void {
    const text = query.get("q");
    if (text === null) return;
    try {
      const question: unknown = JSON.parse(text);
      if (!isQuestion(question) || same(question, asSent(this.question))) return;
      this.question = question;
    } catch {
      return;
    }
    const displays = displaysOf(this.question.type);
    this.display = displays.find((display) => display === query.get("display")) ?? displays[0] ?? "table";
  }
}

customElements.define("explore-page", ExplorePage);
