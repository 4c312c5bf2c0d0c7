import { Format } from "@tidemark/widgets/format";
import { RequestFailure } from "@tidemark/widgets/request";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { sentenceOf } from "../api/client";
import {
  addSchema,
  checkSchema,
  draftSchema,
  type EventSchema,
  type SchemaCheck,
  type SchemaMode,
  schemaVersions,
} from "../api/schemas";
import type { App } from "../app";
import { PageElement } from "../page-element";
import { readJson } from "../parts/json-place";
import type { JsonProblem } from "../parts/json-text";
import { Loader } from "../parts/loader";
import { addressOf, go } from "../shell/route";

const CHECK_MILLIS = 400;

interface Begun {
  /** The version in force; null for the first one. */
  readonly before: EventSchema | null;
  readonly observed: number;
}

/** Writes a version of a schema. What it would refuse that the version in force accepts is told before it is saved. */
export class SchemaForm extends PageElement {
  @property({ attribute: false }) app!: App;
  @property() eventType = "";
  @state() private text = "{}";
  @state() private mode: SchemaMode = "warn";
  @state() private problem: JsonProblem | null = null;
  @state() private check: SchemaCheck | null = null;
  @state() private checking = false;
  @state() private failed = "";
  @state() private note = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked: AbortController | null = null;
  #begun = "";
  readonly #start = new Loader<Begun>(this);

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("eventType")) this.#start.load(() => this.#begin());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#asked?.abort();
    this.app.guard(null);
  }

  async #begin(): Promise<Begun> {
    const { client } = this.app;
    const versions = await schemaVersions(client, this.eventType).catch((cause: unknown) => {
      if (cause instanceof RequestFailure && cause.status === 404) return [];
      throw cause;
    });
    const before = versions.at(-1) ?? null;
    const draft = before ? null : await draftSchema(client, this.eventType);
    this.mode = before?.mode ?? "warn";
    this.text = JSON.stringify(before?.schema ?? draft?.schema ?? {}, null, 2);
    this.#begun = this.text;
    this.app.guard(() => this.text !== this.#begun);
    this.note = draft ? drafted(draft.observed_events) : "";
    this.#later();
    return { before, observed: draft?.observed_events ?? 0 };
  }

  protected override render(): TemplateResult {
    return html`<div class="page-head"><h1 title=${this.eventType}>Schema of ${this.eventType}</h1>
        <div class="actions"><a class="button" href=${addressOf(["schemas", this.eventType])}>Back</a></div></div>
      ${this.#start.view((begun) => this.#form(begun))}`;
  }

  #form({ before }: Begun): TemplateResult {
    return html`<form class="two-columns wide-first" aria-label="Schema" @submit=${this.#save}>
      <section class="card">
        <div class="row">
          <h2>${before ? `After version ${before.version}` : "The first version"}</h2>
          <button type="button" @click=${() => void this.#draft()}>Draft from the events that arrived</button>
        </div>
        ${this.note ? html`<p class="soft" role="status">${this.note}</p>` : nothing}
        <json-text
          label="JSON Schema (2020-12) of the properties"
          rows="22"
          .text=${this.text}
          .problem=${this.problem}
          @changed=${(event: CustomEvent<string>) => {
            this.text = event.detail;
            this.problem = null;
            this.#later();
          }}
        ></json-text>
      </section>
      <section class="card">
        <h2>Before it is saved</h2>
        <div role="status" class="compat" data-check=${this.checking ? "checking" : this.check ? String(this.check.compatible) : "none"}>
          ${this.#checked(before)}
        </div>
        <label class="field"><span class="label">What a violation leads to</span>
          <select name="mode" @change=${(event: Event) => {
            this.mode = (event.target as HTMLSelectElement).value as SchemaMode;
          }}>
            <option value="off" ?selected=${this.mode === "off"}>Off: nothing is checked</option>
            <option value="warn" ?selected=${this.mode === "warn"}>Warn: stored and counted</option>
            <option value="enforce" ?selected=${this.mode === "enforce"}>Enforce: to the dead letters</option>
          </select></label>
        ${
          before && this.check && !this.check.compatible
            ? this.#mustBeCompatible(before)
              ? html`<p class="problem" role="alert">Versions of this schema must accept what the one before accepts. <a href=${addressOf(["schemas", this.eventType])}>Change that first</a> where senders are ready.</p>`
              : html`<label class="tick"><input type="checkbox" name="stricter" required /> Save it although it is stricter</label>`
            : nothing
        }
        ${this.failed ? html`<p class="problem" role="alert">${this.failed}</p>` : nothing}
        <div class="row"><button type="submit" class="primary" ?disabled=${this.#cannotBeSaved(before)}>Save as ${before ? `version ${(before.version ?? 0) + 1}` : "version 1"}</button></div>
      </section>
    </form>`;
  }

  #mustBeCompatible(before: EventSchema): boolean {
    return before.compatibility_in_force === "backward";
  }

  #cannotBeSaved(before: EventSchema | null): boolean {
    const refused = before !== null && this.check?.compatible === false && this.#mustBeCompatible(before);
    return refused || this.problem !== null || readJson(this.text).kind === "broken";
  }

  #checked(before: EventSchema | null): TemplateResult {
    if (this.checking) return html`<p class="soft">Checking…</p>`;
    if (this.problem || readJson(this.text).kind === "broken")
      return html`<p class="soft">It is no schema yet.</p>`;
    if (!before) return html`<p class="soft">There is no version to compare with.</p>`;
    if (!this.check) return html`<p class="soft">Not compared with version ${before.version} yet.</p>`;
    if (this.check.compatible) {
      return html`<p class="good-words">It accepts all that version ${before.version} accepts.</p>`;
    }
    return html`<p><b>It is stricter than version ${before.version}</b>, and might refuse events that were accepted:</p>
      <ul class="findings">${this.check.problems.map((problem) => html`<li>${problem}</li>`)}</ul>`;
  }

  #later(): void {
    clearTimeout(this.#timer);
    this.#asked?.abort();
    const read = readJson(this.text);
    this.check = null;
    this.checking = read.kind === "json";
    if (read.kind === "json") this.#timer = setTimeout(() => void this.#compare(read.value), CHECK_MILLIS);
  }

  async #compare(schema: unknown): Promise<void> {
    const asked = new AbortController();
    this.#asked = asked;
    try {
      this.check = await checkSchema(this.app.client, this.eventType, schema, asked.signal);
      this.problem = null;
      this.failed = "";
    } catch (cause) {
      if (asked.signal.aborted) return;
      this.#refused(cause);
    }
    this.checking = false;
  }

  async #draft(): Promise<void> {
    try {
      const draft = await draftSchema(this.app.client, this.eventType);
      this.text = JSON.stringify(draft.schema, null, 2);
      this.note = drafted(draft.observed_events);
      this.#later();
    } catch (cause) {
      this.failed = sentenceOf(cause);
    }
  }

  readonly #save = async (event: SubmitEvent) => {
    event.preventDefault();
    const read = readJson(this.text);
    if (read.kind === "broken" || this.problem) return;
    try {
      const saved = await addSchema(this.app.client, {
        event_type: this.eventType,
        mode: this.mode,
        schema: read.value as Record<string, unknown>,
      });
      this.app.guard(null);
      this.app.notify({ text: `Saved as version ${saved.version}` });
      go(["schemas", this.eventType]);
    } catch (cause) {
      this.#refused(cause);
    }
  };

  /** A field within the schema is shown at its place; what else is wrong, in a sentence. */
  #refused(cause: unknown): void {
    const field = cause instanceof RequestFailure ? (cause.problem.field ?? "") : "";
    if (cause instanceof RequestFailure && /^schema([.[]|$)/.test(field)) {
      this.problem = { message: cause.message, field: field.replace(/^schema\.?/, "") || null };
    } else {
      this.failed = sentenceOf(cause);
    }
  }
}

function drafted(events: number): string {
  return events === 0
    ? "No event of this type has arrived: the draft accepts any properties."
    : `The draft fits the newest ${new Format().number(events)} events.`;
}
