import { Format } from "@tidemark/widgets/format";
import { html, nothing, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { listKeys } from "../api/account";
import { type AuditEntry, auditAfter, auditHead, exportAudit, type LogOf } from "../api/audit";
import { listMembers } from "../api/members";
import { nameOf } from "../members/member-name";
import { Page } from "../page-element";
import { Attempt } from "../parts/attempt";
import { Loader } from "../parts/loader";
import { saveFile } from "../parts/save-file";
import { emptyState } from "../parts/states";
import { auditEntry } from "./audit-entry";
import { fits, type Wanted } from "./deeds";
import { LogCheck } from "./log-check";

customElements.define("log-check", LogCheck);

const PORTION = 200;
/** How many portions one look reads back when hardly anything in them is looked for. */
const MOST_PORTIONS = 10;
const ENOUGH = 50;

interface Read {
  /** The newest first. */
  readonly entries: readonly AuditEntry[];
  /** The number of the oldest entry that was read. */
  readonly back: number;
}

const ANY: Wanted = { words: "", kind: "", outcome: "", from: "", to: "" };

/** Who did what, the newest first; to look through, to check and to take elsewhere. */
export class AuditPage extends Page {
  @state() private of: LogOf = "tenant";
  @state() private wanted: Wanted = ANY;
  @state() private names: ReadonlyMap<string, string> = new Map();
  readonly #attempt = new Attempt(this);
  readonly #read = new Loader<Read>(this);

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#learnNames();
    this.#load();
  }

  #load(): void {
    this.#read.load(async () => {
      const { number } = await auditHead(this.app.client, this.of);
      return this.#further({ entries: [], back: number + 1 });
    });
  }

  /** Reads back until there is a screenful of what is looked for. */
  async #further(read: Read): Promise<Read> {
    let { entries, back } = read;
    const before = entries.filter((entry) => this.#fits(entry)).length;
    for (let portion = 0; portion < MOST_PORTIONS && back > 1; portion++) {
      const after = Math.max(0, back - 1 - PORTION);
      const found = await auditAfter(this.app.client, this.of, after, back - 1 - after);
      entries = [...entries, ...[...found].reverse()];
      back = after + 1;
      if (entries.filter((entry) => this.#fits(entry)).length - before >= ENOUGH) break;
    }
    return { entries, back };
  }

  #fits(entry: AuditEntry): boolean {
    return fits(entry, this.wanted, this.names);
  }

  async #learnNames(): Promise<void> {
    const { app } = this;
    const [members, keys] = await Promise.all([
      app.may("members:read") ? listMembers(app.client).catch(() => []) : [],
      app.may("keys:manage") ? listKeys(app.client).catch(() => []) : [],
    ]);
    this.names = new Map([
      ...members.map((member) => [member.user_id, nameOf(member)] as const),
      ...keys.map((key) => [key.key_id, key.name || key.hint] as const),
    ]);
  }

  protected override render(): TemplateResult {
    return html`<div class="page-head"><h1>Audit log</h1>
        <div class="actions">
          ${this.app.person?.user.administrator ? this.#logs() : nothing}
          <button type="button" ?disabled=${this.#attempt.busy} @click=${() => void this.#export("csv")}>Export CSV</button>
          <button type="button" ?disabled=${this.#attempt.busy} @click=${() => void this.#export("ndjson")}>Export JSON</button>
        </div>
      </div>
      ${this.#attempt.failed ? html`<p class="problem card" role="alert">${this.#attempt.failed}</p>` : nothing}
      <log-check .client=${this.app.client} .of=${this.of}></log-check>
      ${this.#form()} ${this.#read.view((read) => this.#show(read))}`;
  }

  #logs(): TemplateResult {
    const logs = [
      ["tenant", "This tenant"],
      ["server", "This server"],
    ] as const;
    return html`<div class="segments" role="group" aria-label="Log">
      ${logs.map(
        ([of, words]) => html`<button
          type="button"
          aria-pressed=${of === this.of ? "true" : "false"}
          @click=${() => {
            this.of = of;
            this.#load();
          }}
        >${words}</button>`,
      )}
    </div>`;
  }

  #form(): TemplateResult {
    const set = (part: Partial<Wanted>) => {
      this.wanted = { ...this.wanted, ...part };
    };
    const value = (event: Event) => (event.target as HTMLInputElement | HTMLSelectElement).value;
    const { words, kind, outcome, from, to } = this.wanted;
    return html`<div class="card search-form" role="search" aria-label="Audit log">
      <label class="field"><span class="label">Words</span>
        <input type="search" placeholder="a name, an id" .value=${words} @input=${(event: Event) => set({ words: value(event).trim() })} /></label>
      <label class="field"><span class="label">By</span>
        <select @change=${(event: Event) => set({ kind: value(event) })}>
          ${[
            ["", "Anybody"],
            ["user", "People"],
            ["secret_key", "Secret keys"],
            ["bearer_token", "Trusted tokens"],
            ["operator", "The operator"],
            ["visitor", "Visitors"],
          ].map(([name, title]) => html`<option value=${name} ?selected=${name === kind}>${title}</option>`)}
        </select></label>
      <label class="field"><span class="label">Outcome</span>
        <select @change=${(event: Event) => set({ outcome: value(event) })}>
          ${[
            ["", "Any"],
            ["done", "Done"],
            ["refused", "Not done"],
          ].map(
            ([name, title]) => html`<option value=${name} ?selected=${name === outcome}>${title}</option>`,
          )}
        </select></label>
      <label class="field"><span class="label">From</span><input type="date" .value=${from} @change=${(event: Event) => set({ from: value(event) })} /></label>
      <label class="field"><span class="label">To</span><input type="date" .value=${to} @change=${(event: Event) => set({ to: value(event) })} /></label>
    </div>`;
  }

  #show(read: Read): TemplateResult {
    const found = read.entries.filter((entry) => this.#fits(entry));
    const format = new Format();
    if (read.entries.length === 0) {
      return emptyState(
        "Nothing was done yet",
        "Every act that changes something, or reads a person's data, is written here before it is done.",
      );
    }
    return html`${
      found.length === 0
        ? emptyState(
            "No entry is like this",
            `${format.number(read.entries.length)} of the newest were looked at.`,
          )
        : html`<ol class="event-rows audit-rows">${found.map((entry) => auditEntry(entry, this.names))}</ol>`
    }
    <div class="row">
      <p class="soft" role="status">${format.number(found.length)} of the newest ${format.number(read.entries.length)} entries</p>
      ${
        read.back > 1
          ? html`<button type="button" ?disabled=${this.#attempt.busy} @click=${() => void this.#older(read)}>${this.#attempt.busy ? "Looking…" : "Older entries"}</button>`
          : nothing
      }
    </div>`;
  }

  async #older(read: Read): Promise<void> {
    await this.#attempt.make(async () => this.#read.put(await this.#further(read)));
  }

  async #export(format: "csv" | "ndjson"): Promise<void> {
    await this.#attempt.make(async () =>
      saveFile(await exportAudit(this.app.client, this.of, format), `audit-${this.of}.${format}`),
    );
  }
}

customElements.define("audit-page", AuditPage);
