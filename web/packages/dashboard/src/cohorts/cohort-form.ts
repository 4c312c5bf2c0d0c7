import { RequestFailure } from "@tidemark/widgets/request";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { isConflict, sentenceOf } from "../api/client";
import {
  type Cohort,
  type CohortDraft,
  type CohortRule,
  createCohort,
  readCohort,
  replaceCohort,
} from "../api/cohorts";
import type { App } from "../app";
import { PageElement } from "../page-element";
import { choose } from "../parts/dialog";
import { type EditedEvent, textField } from "../question/editor";
import type { Complaint } from "../question/lacking";
import { same } from "../question/record";
import { addressOf, go } from "../shell/route";

/** Makes a cohort or changes one: by a rule, or by a list of people that is typed, pasted or read from a file. */
export class CohortForm extends PageElement {
  @property({ attribute: false }) app!: App;
  /** The cohort to change; null for a new one. */
  @property({ attribute: false }) cohort: Cohort | null = null;
  @state() private kind: "dynamic" | "static" = "dynamic";
  @state() private name = "";
  @state() private description = "";
  @state() private rule: CohortRule | undefined = { did: { event: "", range: { last: "30d" } } };
  @state() private list = "";
  @state() private saving = false;
  @state() private failed = "";
  @state() private complaints: readonly Complaint[] = [];
  #begun: unknown = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.app.guard(() => !same(this.#begun, this.#form));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.app.guard(null);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("cohort") && this.#begun !== null) return;
    if (this.cohort) {
      const { kind, name, description, definition } = this.cohort;
      this.kind = kind;
      this.name = name;
      this.description = description ?? "";
      this.rule = definition;
    }
    this.#begun = this.#form;
  }

  get #form(): unknown {
    return [this.kind, this.name, this.description, this.rule ?? null, this.list];
  }

  get #ids(): readonly string[] {
    return [...new Set(this.list.split(/[\r\n,;]+/).map((id) => id.trim().replace(/^"(.*)"$/, "$1")))].filter(
      (id) => id !== "",
    );
  }

  protected override render(): TemplateResult {
    const { cohort } = this;
    return html`<div class="page-head">
        <h1 title=${cohort?.name ?? ""}>${cohort ? cohort.name : "New cohort"}</h1>
        <div class="actions">
          <a class="button" href=${cohort ? addressOf(["cohorts", cohort.cohort_id]) : "#/cohorts"}>Cancel</a>
          <button type="button" class="primary" ?disabled=${this.saving} @click=${() => void this.#save()}>
            ${this.saving ? "Saving…" : "Save"}
          </button>
        </div>
      </div>
      ${this.failed ? html`<p class="problem card" role="alert">${this.failed}</p>` : nothing}
      <section class="card cohort-form">
        <div class="fields roomy">
          ${textField(
            "Name",
            this.name,
            (name) => {
              this.name = name;
            },
            { wrong: this.#wrong("name") },
          )}
          ${textField(
            "Description",
            this.description,
            (text) => {
              this.description = text;
            },
            { wrong: this.#wrong("description"), most: 2000 },
          )}
        </div>
        ${cohort ? nothing : this.#kinds()}
        ${this.kind === "dynamic" ? this.#rule() : this.#members()}
      </section>`;
  }

  #kinds(): TemplateResult {
    return html`<div class="segments" role="group" aria-label="Kind of cohort">
      <button type="button" aria-pressed=${this.kind === "dynamic" ? "true" : "false"} @click=${() => {
        this.kind = "dynamic";
      }}>By a rule, always up to date</button>
      <button type="button" aria-pressed=${this.kind === "static" ? "true" : "false"} @click=${() => {
        this.kind = "static";
      }}>A list of people</button>
    </div>`;
  }

  #rule(): TemplateResult {
    return html`<h2>People who</h2>
      <rule-editor
        .value=${this.rule}
        .catalog=${this.app.catalog}
        path="definition"
        .complaints=${this.complaints}
        @edited=${(event: EditedEvent<CohortRule | undefined>) => {
          this.rule = event.detail;
          this.complaints = [];
        }}
      ></rule-editor>`;
  }

  #members(): TemplateResult {
    const count = this.#ids.length;
    return html`<label class="field">
        <span class="label">${this.cohort ? "Replace the list by these user ids (leave empty to keep it)" : "User ids, one a line or with commas"}</span>
        <textarea
          rows="8"
          spellcheck="false"
          .value=${this.list}
          @input=${(event: Event) => {
            this.list = (event.target as HTMLTextAreaElement).value;
          }}
        ></textarea>
        ${this.#wrong("user_ids") ? html`<span class="wrong">${this.#wrong("user_ids")}</span>` : nothing}
      </label>
      <div class="row">
        <label class="button">Read a file…
          <input class="unseen" type="file" accept=".csv,.txt,text/plain,text/csv" @change=${(event: Event) => void this.#read(event)} /></label>
        <span class="soft" role="status">${count === 1 ? "1 person" : `${count} people`}</span>
      </div>`;
  }

  #wrong(path: string): string {
    return this.complaints.find((complaint) => complaint.path.startsWith(path))?.message ?? "";
  }

  async #read(event: Event): Promise<void> {
    const file = (event.target as HTMLInputElement).files?.[0];
    if (file) this.list = await file.text();
  }

  async #save(seen = this.cohort?.version): Promise<void> {
    this.saving = true;
    this.failed = "";
    this.complaints = [];
    const ids = this.#ids;
    const draft: CohortDraft = {
      name: this.name.trim(),
      description: this.description,
      kind: this.kind,
      ...(this.kind === "dynamic" && this.rule ? { definition: this.rule } : {}),
      ...(this.kind === "static" && (!this.cohort || ids.length > 0) ? { user_ids: ids } : {}),
    };
    try {
      const { client, catalog } = this.app;
      const saved = this.cohort
        ? await replaceCohort(client, this.cohort.cohort_id, draft, seen)
        : await createCohort(client, draft);
      this.#begun = this.#form;
      catalog.forgetCohorts();
      this.app.notify({ text: "Saved" });
      go(["cohorts", saved.cohort_id]);
    } catch (cause) {
      if (this.cohort && isConflict(cause)) void this.#settle(this.cohort.cohort_id);
      else this.#complain(cause);
    }
    this.saving = false;
  }

  #complain(cause: unknown): void {
    const problem = cause instanceof RequestFailure ? cause.problem : null;
    if (problem?.field) this.complaints = [{ path: problem.field, message: problem.detail ?? problem.title }];
    this.failed = sentenceOf(cause);
  }

  async #settle(id: string): Promise<void> {
    const answer = await choose<"theirs" | "mine">(
      "Somebody else has changed this cohort",
      "Take theirs and lose your changes, or write yours over theirs.",
      [
        { label: "Take theirs", value: "theirs" },
        { label: "Overwrite", value: "mine", look: "danger" },
      ],
    );
    if (answer === null) return;
    const theirs = await readCohort(this.app.client, id);
    if (answer === "theirs") this.cohort = theirs;
    else await this.#save(theirs.version);
  }
}
