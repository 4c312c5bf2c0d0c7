import { defineElements } from "@tidemark/widgets/elements";
import { PickBox } from "../parts/pick-box";
import { AnswerPreview } from "./answer-preview";
import { FilterEditor } from "./filter-editor";
import { FunnelEditor } from "./funnel-editor";
import { JsonEditor } from "./json-editor";
import { MeasureEditor } from "./measure-editor";
import { MeasuredEditor } from "./measured-editor";
import { MeasuresEditor } from "./measures-editor";
import { EventTypesField, PathsEditor } from "./paths-editor";
import { QuestionEditor } from "./question-editor";
import { RangeEditor } from "./range-editor";
import { CohortReportEditor, RetentionEditor, StickinessEditor } from "./return-editors";
import { ScopeEditor } from "./scope-editor";
import { ValueField } from "./value-field";

const elements: readonly (readonly [string, CustomElementConstructor])[] = [
  ["pick-box", PickBox],
  ["value-field", ValueField],
  ["filter-editor", FilterEditor],
  ["scope-editor", ScopeEditor],
  ["event-types-field", EventTypesField],
  ["measure-editor", MeasureEditor],
  ["measures-editor", MeasuresEditor],
  ["range-editor", RangeEditor],
  ["measured-editor", MeasuredEditor],
  ["funnel-editor", FunnelEditor],
  ["retention-editor", RetentionEditor],
  ["cohort-report-editor", CohortReportEditor],
  ["stickiness-editor", StickinessEditor],
  ["paths-editor", PathsEditor],
  ["json-editor", JsonEditor],
  ["question-editor", QuestionEditor],
  ["answer-preview", AnswerPreview],
];

/** Registers what questions are written and answered with, once. */
export function defineQuestionElements(): void {
  defineElements();
  for (const [name, element] of elements) {
    if (!customElements.get(name)) customElements.define(name, element);
  }
}
