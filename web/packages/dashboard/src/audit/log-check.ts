import { Format } from "@tidemark/widgets/format";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { auditHead, type LogOf, type Verification, verifyAudit } from "../api/audit";
import type { Client } from "../api/client";
import { PageElement } from "../page-element";
import { Attempt } from "../parts/attempt";
import { Loader } from "../parts/loader";
import { saveFile } from "../parts/save-file";

/** Whether a log is whole, and the proof to keep elsewhere that later shows whether its end was cut off. */
export class LogCheck extends PageElement {
  @property({ attribute: false }) client!: Client;
  @property() of: LogOf = "tenant";
  @state() private kept = "";
  readonly #attempt = new Attempt(this);
  readonly #checked = new Loader<Verification>(this);

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("of")) return;
    this.kept = "";
    this.#check("");
  }

  protected override render(): TemplateResult {
    return html`<section class="card log-check">
      ${this.#checked.view((found) => verdict(found, this.kept !== ""))}
      <div class="row start">
        <button type="button" @click=${() => this.#check("")}>Check again</button>
        <button type="button" @click=${() => void this.#keep()}>Save a proof</button>
        <label class="button">Check against a proof
          <input class="unseen" type="file" accept="application/json,.json" @change=${this.#chosen} /></label>
      </div>
      ${this.#attempt.failed ? html`<p class="problem" role="alert">${this.#attempt.failed}</p>` : nothing}
    </section>`;
  }

  #check(head: string): void {
    this.kept = head;
    this.#checked.load(() => verifyAudit(this.client, this.of, head));
  }

  async #keep(): Promise<void> {
    await this.#attempt.make(async () => {
      const head = await auditHead(this.client, this.of);
      const proof = new Blob([JSON.stringify(head)], { type: "application/json" });
      saveFile(proof, `audit-proof-${head.number}.json`);
    });
  }

  readonly #chosen = async (event: Event) => {
    const field = event.target as HTMLInputElement;
    const [file] = field.files ?? [];
    if (file) this.#check(await file.text());
    field.value = "";
  };
}

function verdict(found: Verification, compared: boolean): TemplateResult {
  const format = new Format();
  if (!found.whole) {
    return html`<p class="told bad" role="alert" data-whole="false"><b>This log is not whole.</b>
      <span>${found.problem ?? "An entry was altered, removed or moved."}${found.number ? ` (entry ${found.number})` : ""}</span></p>`;
  }
  return html`<p class="told good" role="status" data-whole="true"><b>This log is whole.</b>
    <span class="soft">${format.number(found.entries ?? 0)} entries follow from each other by their hashes${
      compared ? html`, and the end is where the proof says or after it` : nothing
    }.</span></p>`;
}
