import { Format } from "@tidemark/widgets/format";
import { html, nothing, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import {
  changeSettings,
  createKey,
  endEmbedTokens,
  type Key,
  listKeys,
  readSettings,
  revokeKey,
  type Settings,
} from "../api/account";
import { Page } from "../page-element";
import { Attempt } from "../parts/attempt";
import { confirmed } from "../parts/dialog";
import { Loader } from "../parts/loader";
import { defineQuestionElements } from "../question/elements";

defineQuestionElements();

const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

/** Keys, the tokens of embedded reports, and what the tenant chose. */
export class KeysPage extends Page {
  @state() private made: Key | null = null;
  readonly #attempt = new Attempt(this);
  readonly #keys = new Loader<readonly Key[]>(this);
  readonly #settings = new Loader<Settings>(this);

  override connectedCallback(): void {
    super.connectedCallback();
    this.#keys.load(() => listKeys(this.app.client));
    if (this.app.may("settings:read")) this.#settings.load(() => readSettings(this.app.client));
  }

  protected override render(): TemplateResult {
    return html`<div class="page-head"><h1>Keys &amp; embedding</h1></div>
      ${this.#attempt.failed ? html`<p class="problem card" role="alert">${this.#attempt.failed}</p>` : nothing}
      ${this.made?.key ? this.#once(this.made.key, this.made.kind) : nothing}
      <section class="card">
        <h2>Keys</h2>
        <p class="soft">A write key may only send events and may stand in a page. A secret key may do everything and stays on your servers.</p>
        ${this.#keys.view((keys) => this.#list(keys))}
        ${this.#form()}
      </section>
      ${this.app.may("tenant:manage") ? this.#embedded() : nothing}
      ${this.app.may("settings:read") ? this.#time() : nothing}`;
  }

  #embedded(): TemplateResult {
    return html`<section class="card">
        <h2>Embedded reports</h2>
        <p class="soft">
          Each embedded report is opened by a signed token that names its filter, its sites and its end. When a token got into the wrong hands, end all of
          them: servers that ask for tokens get new ones at once, links that were given away stop working.
        </p>
        <div class="row"><button type="button" class="danger" @click=${() => void this.#rotate()}>End all embed tokens</button></div>
      </section>`;
  }

  #time(): TemplateResult {
    return html`<section class="card">
        <h2>Time and storage</h2>
        ${this.#settings.view((settings) => this.#chosen(settings))}
      </section>`;
  }

  #once(key: string, kind: Key["kind"]): TemplateResult {
    return html`<section class="card made-key" role="status">
      <h2>Your new ${kind} key</h2>
      <p class="soft">It is shown this once. Keep it where your other secrets are.</p>
      <copyable-code label="Key" .text=${key}></copyable-code>
    </section>`;
  }

  #list(keys: readonly Key[]): TemplateResult {
    const format = new Format();
    const ago = (time: string | null) => (time ? format.ago(Date.parse(time), Date.now()) : "never");
    return html`<div class="scroll" tabindex="0" role="region" aria-label="Keys">
      <table class="plain stacks">
        <thead>
          <tr><th scope="col">Name</th><th scope="col">Kind</th><th scope="col">Key</th><th scope="col">Sites</th><th scope="col">Made</th><th scope="col">Last used</th><td></td></tr>
        </thead>
        <tbody>
          ${keys.map(
            (key) => html`<tr class=${key.revoked_at ? "ended" : ""}>
              <td title=${key.name}>${key.name || "unnamed"}</td>
              <td data-label="Kind">${key.kind}</td>
              <td data-label="Key"><code>${key.hint}</code></td>
              <td data-label="Sites" title=${key.origins.join(", ")}>${key.origins.join(", ") || "any"}</td>
              <td data-label="Made">${ago(key.created_at)}</td>
              <td data-label="Last used">${ago(key.last_used_at)}</td>
              <td>${
                key.revoked_at
                  ? html`<span class="soft">revoked</span>`
                  : html`<button type="button" class="small" aria-label=${`Revoke ${key.name || key.hint}`} @click=${() => void this.#revoke(key)}>Revoke</button>`
              }</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  #form(): TemplateResult {
    return html`<form class="fields" aria-label="New key" @submit=${this.#make}>
      <label class="field"><span class="label">Kind</span>
        <select name="kind"><option value="write">Write key</option><option value="secret">Secret key</option></select></label>
      <label class="field"><span class="label">Name</span>
        <input name="name" required maxlength="200" autocomplete="off" placeholder="what it is for" /></label>
      <label class="field"><span class="label">Sites that may use it</span>
        <input name="origins" autocomplete="off" placeholder="any, or https://app.example.com" /></label>
      <div class="field"><span class="label">&nbsp;</span><button type="submit" class="primary">Make a key</button></div>
    </form>`;
  }

  readonly #make = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const data = new FormData(form);
    const origins = String(data.get("origins"))
      .split(/[\s,]+/)
      .filter((origin) => origin !== "");
    await this.#attempt.make(async () => {
      this.made = await createKey(this.app.client, {
        kind: data.get("kind") === "secret" ? "secret" : "write",
        name: String(data.get("name")).trim(),
        ...(origins.length > 0 ? { origins } : {}),
      });
      form.reset();
      await this.#keys.refresh();
      await this.updateComplete;
      this.querySelector(".made-key")?.scrollIntoView({ block: "center" });
    });
  };

  async #revoke(key: Key): Promise<void> {
    const name = key.name || key.hint;
    if (
      !(await confirmed(
        `Revoke “${name}”?`,
        "What still uses it is refused from now on. This cannot be taken back.",
        "Revoke",
      ))
    )
      return;
    await this.#attempt.make(async () => {
      await revokeKey(this.app.client, key.key_id);
      await this.#keys.refresh();
    });
  }

  async #rotate(): Promise<void> {
    const text = "Everybody who looks at an embedded report needs a new token. This cannot be taken back.";
    if (!(await confirmed("End all embed tokens?", text, "End them"))) return;
    await this.#attempt.make(async () => {
      await endEmbedTokens(this.app.client);
      this.app.notify({ text: "All embed tokens have ended" });
    });
  }

  #chosen(settings: Settings): TemplateResult {
    return html`<form class="fields" aria-label="Time and storage" @submit=${this.#change}>
      <label class="field"><span class="label">Time zone of reports</span>
        <input name="zone" required list="zones" autocomplete="off" .value=${settings.zone} />
        <datalist id="zones">${Intl.supportedValuesOf("timeZone").map((zone) => html`<option value=${zone}></option>`)}</datalist></label>
      <label class="field"><span class="label">A week begins on</span>
        <select name="week_start">
          ${DAYS.map((day) => html`<option value=${day} ?selected=${day === settings.week_start}>${day.charAt(0).toUpperCase()}${day.slice(1)}</option>`)}
        </select></label>
      <label class="field"><span class="label">Days that events are kept</span>
        <input name="retention_days" type="number" min="1" placeholder="for ever" .value=${settings.retention_days === null ? "" : String(settings.retention_days)} /></label>
      ${
        this.app.may("settings:edit")
          ? html`<div class="field"><span class="label">&nbsp;</span><button type="submit">Save</button></div>`
          : nothing
      }
    </form>`;
  }

  readonly #change = async (event: SubmitEvent) => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const days = String(data.get("retention_days"));
    await this.#attempt.make(async () => {
      const saved = await changeSettings(this.app.client, {
        zone: String(data.get("zone")).trim(),
        week_start: DAYS.find((day) => day === data.get("week_start")) ?? "monday",
        retention_days: days === "" ? null : Number(days),
      });
      this.#settings.put(saved);
      this.app.notify({ text: "Saved" });
    });
  };
}

customElements.define("keys-page", KeysPage);
