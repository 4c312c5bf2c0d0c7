import { defineQuestionElements } from "../question/elements";
import { JobProgress } from "./job-progress";
import { JsonText } from "./json-text";

/** Registers what the pages about data and administration are made of, once. */
export function defineGovernanceElements(): void {
  defineQuestionElements();
  if (!customElements.get("job-progress")) customElements.define("job-progress", JobProgress);
  if (!customElements.get("json-text")) customElements.define("json-text", JsonText);
}
