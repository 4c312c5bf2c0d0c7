import { html, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { sentenceOf } from "../api/client";
import type { Job } from "../api/jobs";
import { erasePerson, exportPerson } from "../api/privacy";
import type { App } from "../app";
import { PageElement } from "../page-element";
import { confirmed } from "../parts/dialog";
import { saveFile } from "../parts/save-file";

/** What can be done for a person who asks: take what is kept of them, or have it erased. Emits `erased` once it is done. */
export class PersonDeeds extends PageElement {
  @property({ attribute: false }) app!: App;
  @property() person = "";
  @state() private job: Job | null = null;
  @state() private busy = false;
  @state() private failed = "";

  protected override render(): TemplateResult {
    const idle = this.person.trim() !== "" && !this.busy;
    return html`<div class="row start">
        <button type="button" ?disabled=${!idle} @click=${() => void this.#export()}>${this.busy ? "Writing…" : "Export all that is kept"}</button>
        <button type="button" class="danger" ?disabled=${!idle} @click=${() => void this.#erase()}>Erase this person…</button>
      </div>
      ${this.failed ? html`<p class="problem" role="alert">${this.failed}</p>` : nothing}
      ${
        this.job
          ? html`<job-progress
              .client=${this.app.client}
              .job=${this.job}
              @over=${(event: CustomEvent<Job>) => {
                if (event.detail.state === "done") this.dispatchEvent(new CustomEvent("erased"));
              }}
            ></job-progress>`
          : nothing
      }`;
  }

  async #export(): Promise<void> {
    const person = this.person.trim();
    this.busy = true;
    try {
      saveFile(
        await exportPerson(this.app.client, person),
        `person-${person.replace(/[^\w.-]+/g, "_")}.json`,
      );
      this.failed = "";
    } catch (cause) {
      this.failed = sentenceOf(cause);
    }
    this.busy = false;
  }

  async #erase(): Promise<void> {
    const person = this.person.trim();
    const text = `Everything that came of “${person}” until now goes: events, profile, dead letters, places in cohorts, and what came before under an anonymous id of theirs alone. This cannot be taken back.`;
    if (!(await confirmed("Erase this person?", text, "Erase"))) return;
    try {
      this.job = await erasePerson(this.app.client, person);
      this.failed = "";
      this.dispatchEvent(new CustomEvent("begun"));
    } catch (cause) {
      this.failed = sentenceOf(cause);
    }
  }
}
