import { Format } from "@tidemark/widgets/format";
import type { Question } from "@tidemark/widgets/questions";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { explain } from "../api/ask";
import type { Client } from "../api/client";
import type { Explanation } from "../explanation";
import { PageElement } from "../page-element";

/** How the answer of a question came about: what was read, by which statements, at what cost. Asks once it is opened. */
export class ExplainPanel extends PageElement {
  @property({ attribute: false }) client: Client | null = null;
  @property({ attribute: false }) question: Question | null = null;
  @state() private explanation: Explanation | null = null;
  @state() private failed = "";
  @state() private open = false;

  protected override willUpdate(changed: PropertyValues): void {
    if (this.open && (changed.has("question") || changed.has("open"))) void this.#ask();
  }

  protected override render(): TemplateResult {
    return html`<details class="card" @toggle=${this.#toggled}>
      <summary>Explain</summary>
      ${this.failed ? html`<p class="problem" role="alert">${this.failed}</p>` : nothing}
      ${this.explanation ? costs(this.explanation) : this.open && !this.failed ? html`<p class="soft">Asking…</p>` : nothing}
    </details>`;
  }

  readonly #toggled = (event: Event) => {
    this.open = (event.target as HTMLDetailsElement).open;
  };

  async #ask(): Promise<void> {
    const { client, question } = this;
    if (!client || !question) return;
    try {
      const explanation = await explain(client, question);
      if (question !== this.question) return;
      this.explanation = explanation;
      this.failed = explanation ? "" : "The server did not explain this answer.";
    } catch (cause) {
      this.explanation = null;
      this.failed = cause instanceof Error ? cause.message : String(cause);
    }
  }
}

function costs(explanation: Explanation): TemplateResult {
  const format = new Format();
  const { buckets, statements } = explanation;
  return html`<dl class="costs">
      <div>
        <dt>Path</dt>
        <dd>${explanation.path}</dd>
      </div>
      <div>
        <dt>Rows read</dt>
        <dd>${format.number(explanation.rows_read)}</dd>
      </div>
      <div>
        <dt>Milliseconds</dt>
        <dd>${format.number(explanation.milliseconds)}</dd>
      </div>
      ${
        buckets
          ? html`<div>
              <dt>Buckets from the cache</dt>
              <dd>${format.number(buckets.from_cache)} of ${format.number(buckets.total)}</dd>
            </div>`
          : nothing
      }
    </dl>
    ${statements.map((statement, at) => {
      const values = Object.keys(statement.parameters ?? {}).length > 0;
      const shown = values ? `${statement.sql}\n\n-- ${JSON.stringify(statement.parameters)}` : statement.sql;
      const cost = `${format.number(statement.rows_read)} rows, ${format.number(statement.milliseconds)} ms`;
      return html`<copyable-code
        .label=${`Statement ${at + 1} of ${statements.length}: ${cost}`}
        .text=${shown}
      ></copyable-code>`;
    })}`;
}
