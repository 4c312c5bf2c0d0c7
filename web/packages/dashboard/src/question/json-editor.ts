import type { Question } from "@tidemark/widgets/questions";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { Editor } from "./editor";
import { same } from "./record";
import { KINDS } from "./words";

/** The question as JSON beside the form. What is written becomes the question as soon as it can be read. */
export class JsonEditor extends Editor<Question> {
  @state() private text = "";
  @state() private trouble = "";

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("value") && (this.trouble !== "" || !same(read(this.text), this.value))) {
      this.text = JSON.stringify(this.value, null, 2);
      this.trouble = "";
    }
  }

  protected override render(): TemplateResult {
    return html`<label class="field">
      <span class="label">The question as JSON</span>
      <textarea
        class="code"
        spellcheck="false"
        rows=${Math.min(40, this.text.split("\n").length + 1)}
        aria-invalid=${this.trouble ? "true" : nothing}
        .value=${this.text}
        @input=${this.#input}
      ></textarea>
      ${this.trouble ? html`<span class="wrong" role="alert">${this.trouble}</span>` : nothing}
    </label>`;
  }

  readonly #input = (event: Event) => {
    this.text = (event.target as HTMLTextAreaElement).value;
    const value = read(this.text);
    if (value === undefined) {
      this.trouble = "This is not JSON yet.";
    } else if (!isQuestion(value)) {
      this.trouble = `A question is an object whose type is ${KINDS.map(({ type }) => type).join(", ")}, with the members that its type needs.`;
    } else {
      this.trouble = "";
      this.edit(value);
    }
  };
}

function read(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Whether the form can show it; what the server thinks of it is the server's to say. */
export function isQuestion(value: unknown): value is Question {
  if (typeof value !== "object" || value === null) return false;
  const { type, range, measures, steps, start, anchor, breakdowns } = value as Record<string, unknown>;
  if (typeof range !== "object" || range === null || !("last" in range || "start_time" in range))
    return false;
  const measured =
    Array.isArray(measures) && measures.every((entry) => typeof entry === "object" && entry !== null);
  switch (type) {
    case "trend":
    case "metric":
      return measured;
    case "table":
      return measured && Array.isArray(breakdowns);
    case "funnel":
      return Array.isArray(steps) && steps.every((entry) => typeof entry === "object" && entry !== null);
    case "retention":
      return typeof start === "object" && typeof (value as Record<string, unknown>).return === "object";
    case "cohort":
    case "stickiness":
      return true;
    case "paths":
      return typeof anchor === "object" && anchor !== null;
    default:
      return false;
  }
}
