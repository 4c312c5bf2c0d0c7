import type { Display, Problem } from "@tidemark/widgets/api";
import type { Question } from "@tidemark/widgets/questions";
import { html, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { App } from "../app";
import { PageElement } from "../page-element";
import { type EditedEvent, textField } from "../question/editor";
import type { Complaint } from "../question/lacking";
import { titleOf } from "../question/title";
import { DISPLAYS, displaysOf } from "../question/words";
import type { DraftWidget } from "./draft";

/** One widget of a draft: its question, title and display beside its picture. Emits `edited` with the widget and `done`. */
export class WidgetEditor extends PageElement {
  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) widget!: DraftWidget;
  /** What is wrong by the last attempt to save. */
  @property({ attribute: false }) complaints: readonly Complaint[] = [];
  @state() private problem: Problem | null = null;

  protected override render(): TemplateResult {
    const { widget } = this;
    const complaints = [...complaintsOf(this.problem), ...this.complaints];
    return html`<div class="workbench">
      <div class="bench-form card">
        <div class="row">
          <h2>${widget.title || titleOf(widget.question)}</h2>
          <button type="button" class="primary" @click=${() => this.dispatchEvent(new CustomEvent("done"))}>Done</button>
        </div>
        ${textField("Title", widget.title, (title) => this.#edit({ ...widget, title }), {
          placeholder: titleOf(widget.question),
        })}
        <question-editor
          .value=${widget.question}
          .catalog=${this.app.catalog}
          .complaints=${complaints}
          @edited=${(event: EditedEvent<Question>) => this.#ask(event.detail)}
        ></question-editor>
      </div>
      <div class="bench-answer">
        ${displayChoice(widget, (display) => this.#edit({ ...widget, display }))}
        <answer-preview
          class="large"
          .client=${this.app.client}
          .question=${widget.question}
          .display=${widget.display}
          .caption=${widget.title || titleOf(widget.question)}
          @problem=${(event: CustomEvent<Problem | null>) => {
            this.problem = event.detail;
          }}
        ></answer-preview>
      </div>
    </div>`;
  }

  #ask(question: Question): void {
    const { widget } = this;
    const displays = displaysOf(question.type);
    const display = displays.includes(widget.display) ? widget.display : (displays[0] ?? "table");
    if (question.type !== widget.question.type) this.problem = null;
    this.#edit({ ...widget, question, display });
  }

  #edit(widget: DraftWidget): void {
    this.dispatchEvent(new CustomEvent<DraftWidget>("edited", { detail: widget }));
  }
}

/** The displays of a question to choose from; nothing where there is but one. */
export function displayChoice(
  shown: { readonly question: Question; readonly display: Display },
  chosen: (display: Display) => void,
): TemplateResult | typeof nothing {
  const displays = displaysOf(shown.question.type);
  if (displays.length < 2) return nothing;
  return html`<div class="segments" role="group" aria-label="Shown as">
    ${displays.map(
      (display) => html`<button
        type="button"
        aria-pressed=${display === shown.display ? "true" : "false"}
        @click=${() => chosen(display)}
      >${DISPLAYS[display]}</button>`,
    )}
  </div>`;
}

/** What a server's problem says of a field of the question. */
export function complaintsOf(problem: Problem | null): readonly Complaint[] {
  if (!problem?.field || problem.status !== 400) return [];
  return [{ path: problem.field, message: problem.detail ?? problem.title }];
}
