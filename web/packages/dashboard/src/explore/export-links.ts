import type { Question } from "@tidemark/widgets/questions";
import { html, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { type ExportFormat, exportAnswer } from "../api/ask";
import type { Client } from "../api/client";
import { PageElement } from "../page-element";
import { saveFile } from "../parts/save-file";

const FORMATS: readonly (readonly [ExportFormat, string])[] = [
  ["csv", "CSV"],
  ["json", "JSON"],
  ["parquet", "Parquet"],
];

/** Takes all rows of an answer home as a file. */
export class ExportLinks extends PageElement {
  @property({ attribute: false }) client: Client | null = null;
  @property({ attribute: false }) question: Question | null = null;
  @state() private busy: ExportFormat | "" = "";
  @state() private failed = "";

  protected override render(): TemplateResult {
    return html`<div class="exports" role="group" aria-label="Export">
      ${FORMATS.map(
        ([format, name]) => html`<button
          type="button"
          class="small"
          ?disabled=${this.busy !== "" || this.question === null}
          @click=${() => void this.#save(format)}
        >
          ${this.busy === format ? "Writing…" : name}
        </button>`,
      )}
      ${this.failed ? html`<span class="problem" role="alert">${this.failed}</span>` : nothing}
    </div>`;
  }

  async #save(format: ExportFormat): Promise<void> {
    const { client, question } = this;
    if (!client || !question) return;
    this.busy = format;
    try {
      const file = await exportAnswer(client, question, format);
      saveFile(file, `tidemark-${question.type}.${format}`);
      this.failed = "";
    } catch (cause) {
      this.failed = cause instanceof Error ? cause.message : String(cause);
    }
    this.busy = "";
  }
}
