import { html, nothing, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { changeSettings, readSettings, type Settings } from "../api/account";
import { isOver, type Job, listJobs } from "../api/jobs";
import { Page } from "../page-element";
import { Attempt } from "../parts/attempt";
import { defineGovernanceElements } from "../parts/governance-elements";
import { Loader } from "../parts/loader";
import { MaskingEditor } from "./masking-editor";
import { definePersonDeeds } from "./person-elements";
import { RetentionTimes } from "./retention-times";

defineGovernanceElements();
definePersonDeeds();
customElements.define("masking-editor", MaskingEditor);
customElements.define("retention-times", RetentionTimes);

const CONSENT = [
  ["ignore", "is kept as it is"],
  ["anonymize", "is kept without ids, traits, address and user agent"],
  ["drop", "is not kept"],
] as const;

/** What is kept, for how long, and of whom. */
export class PrivacyPage extends Page {
  @state() private person = "";
  readonly #attempt = new Attempt(this);
  readonly #settings = new Loader<Settings>(this);
  readonly #jobs = new Loader<readonly Job[]>(this);

  override connectedCallback(): void {
    super.connectedCallback();
    this.#settings.load(() => readSettings(this.app.client));
    if (this.app.may("privacy:manage")) {
      this.#jobs.load(async () =>
        (await listJobs(this.app.client)).filter(({ kind }) => kind === "erase_person"),
      );
    }
  }

  protected override render(): TemplateResult {
    return html`<div class="page-head"><h1>Privacy</h1></div>
      ${this.#settings.view((settings) => this.#show(settings))}
      ${this.app.may("privacy:manage") ? this.#people() : nothing}`;
  }

  #show(settings: Settings): TemplateResult {
    const saved = (event: CustomEvent<Settings>) => this.#settings.put(event.detail);
    return html`<section class="card">
        <h2>Masking</h2>
        <p class="soft">Applied in this order to every event before anything is written, also to dead letters.</p>
        <masking-editor .app=${this.app} .rules=${settings.masking} @saved=${saved}></masking-editor>
        <datalist id="masked-fields">
          ${["*", "properties.*", "traits.*", "context.*", "context.ip", "user_id", "anonymous_id", "session_id"].map((field) => html`<option value=${field}></option>`)}
        </datalist>
      </section>
      <section class="card">
        <h2>Consent</h2>
        ${this.#consent(settings)}
      </section>
      <section class="card">
        <h2>Retention</h2>
        <p class="soft">What is older than this is deleted, measured by the time of the event.</p>
        <retention-times .app=${this.app} .settings=${settings} @saved=${saved}></retention-times>
      </section>`;
  }

  #consent({ consent }: Settings): TemplateResult {
    if (!this.app.may("settings:edit")) {
      const words = CONSENT.find(([mode]) => mode === consent.mode)?.[1];
      return html`<p>An event whose <code>context.consent.${consent.category}</code> is denied ${words}.</p>`;
    }
    return html`<form class="fields roomy" aria-label="Consent" @submit=${this.#agree}>
        <label class="field"><span class="label">Category in context.consent</span>
          <input name="category" required maxlength="200" autocomplete="off" .value=${consent.category} /></label>
        <label class="field"><span class="label">An event that is denied it</span>
          <select name="mode">${CONSENT.map(([mode, words]) => html`<option value=${mode} ?selected=${mode === consent.mode}>${words}</option>`)}</select></label>
        <div class="field"><span class="label">&nbsp;</span><button type="submit" class="primary">Save</button></div>
      </form>
      ${this.#attempt.failed ? html`<p class="problem" role="alert">${this.#attempt.failed}</p>` : nothing}`;
  }

  readonly #agree = async (event: SubmitEvent) => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const mode = CONSENT.find(([each]) => each === data.get("mode"))?.[0] ?? "ignore";
    await this.#attempt.make(async () => {
      const consent = { mode, category: String(data.get("category")).trim() };
      this.#settings.put(await changeSettings(this.app.client, { consent }));
      this.app.notify({ text: "Saved" });
    });
  };

  #people(): TemplateResult {
    return html`<section class="card">
        <h2>A person asks</h2>
        <label class="field half"><span class="label">Their user id, as events carry it</span>
          <input
            type="search"
            autocomplete="off"
            spellcheck="false"
            maxlength="255"
            .value=${this.person}
            @input=${(event: Event) => {
              this.person = (event.target as HTMLInputElement).value;
            }}
          /></label>
        <person-deeds .app=${this.app} .person=${this.person} @erased=${() => void this.#jobs.refresh()}></person-deeds>
      </section>
      <section class="card">
        <h2>Erasures</h2>
        ${this.#jobs.view((jobs) =>
          jobs.length === 0
            ? html`<p class="soft">Nobody has been erased.</p>`
            : html`<ul class="rows">${jobs.map(
                (job) => html`<li>
                  <p class="soft small-print">Asked for ${new Date(job.created_at).toLocaleString()}${isOver(job) ? nothing : html` of <b>${String(job.request.user_id ?? "")}</b>`}</p>
                  <job-progress .client=${this.app.client} .job=${job}></job-progress>
                </li>`,
              )}</ul>`,
        )}
      </section>`;
  }
}

customElements.define("privacy-page", PrivacyPage);
