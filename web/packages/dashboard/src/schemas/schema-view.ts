import { RequestFailure } from "@tidemark/widgets/request";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import {
  changeSchema,
  type EventSchema,
  type SchemaCompatibility,
  type SchemaDrift,
  type SchemaMode,
  schemaDrift,
  schemaVersions,
} from "../api/schemas";
import type { App } from "../app";
import { PageElement } from "../page-element";
import { Attempt } from "../parts/attempt";
import { Loader } from "../parts/loader";
import { emptyState } from "../parts/states";
import { addressOf } from "../shell/route";
import { driftReport } from "./drift-report";

const MODES: readonly (readonly [SchemaMode, string, string])[] = [
  ["off", "Off", "Nothing is checked."],
  ["warn", "Warn", "What breaks the schema is stored and counted."],
  ["enforce", "Enforce", "What breaks the schema goes to the dead letters."],
];

const NEXT = {
  backward: "A version that might refuse what this one accepts is not saved.",
  none: "A version may refuse what this one accepts.",
} as const;

/** The schema of an event type: what it leads to, its versions, and how the events of late compare with it. */
export class SchemaView extends PageElement {
  @property({ attribute: false }) app!: App;
  @property() eventType = "";
  @state() private shown: number | null = null;
  readonly #attempt = new Attempt(this);
  readonly #versions = new Loader<readonly EventSchema[]>(this);
  readonly #drift = new Loader<SchemaDrift | null>(this);

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("eventType")) return;
    this.shown = null;
    this.#versions.load(async () => {
      try {
        return await schemaVersions(this.app.client, this.eventType);
      } catch (cause) {
        if (cause instanceof RequestFailure && cause.status === 404) return [];
        throw cause;
      }
    });
    this.#drift.load(async () => {
      try {
        return await schemaDrift(this.app.client, this.eventType);
      } catch (cause) {
        if (cause instanceof RequestFailure && cause.status === 404) return null;
        throw cause;
      }
    });
  }

  protected override render(): TemplateResult {
    return html`<div class="page-head"><h1 title=${this.eventType}>${this.eventType}</h1>
        <div class="actions">
          <a class="button" href="#/schemas">All schemas</a>
          ${
            this.app.may("schemas:edit") && (this.#versions.value?.length ?? 0) > 0
              ? html`<a class="button primary" href=${addressOf(["schemas", this.eventType, "edit"])}>New version</a>`
              : nothing
          }
        </div>
      </div>
      ${this.#attempt.failed ? html`<p class="problem card" role="alert">${this.#attempt.failed}</p>` : nothing}
      ${this.#versions.view((versions) => this.#show(versions))}`;
  }

  #show(versions: readonly EventSchema[]): TemplateResult {
    const inForce = versions.at(-1);
    if (!inForce) {
      return emptyState(
        "This event type has no schema",
        "A draft is made of the events that arrived: change it as you like before it is saved.",
        this.app.may("schemas:edit")
          ? html`<a class="button primary" href=${addressOf(["schemas", this.eventType, "edit"])}>Begin with a draft</a>`
          : nothing,
      );
    }
    const shown = versions.find(({ version }) => version === this.shown) ?? inForce;
    return html`<div class="two-columns">
      <section class="card">
        <h2>What a violation leads to</h2>
        ${this.#mode(inForce)}
        <h2>The next version</h2>
        ${this.#compatibility(inForce)}
      </section>
      <section class="card">
        <h2>Drift</h2>
        ${this.#drift.view((drift) => driftReport(drift))}
      </section>
    </div>
    <section class="card">
      <div class="row">
        <h2>JSON Schema of the properties</h2>
        <label class="inline">Version
          <select @change=${(event: Event) => {
            this.shown = Number((event.target as HTMLSelectElement).value);
          }}>
            ${[...versions]
              .reverse()
              .map(
                ({ version }) =>
                  html`<option value=${String(version)} ?selected=${version === shown.version}>${version}${version === inForce.version ? " (in force)" : ""}</option>`,
              )}
          </select></label>
      </div>
      <copyable-code label=${`Version ${shown.version}`} .text=${JSON.stringify(shown.schema, null, 2)}></copyable-code>
    </section>`;
  }

  #mode(schema: EventSchema): TemplateResult {
    const words = MODES.find(([mode]) => mode === schema.mode)?.[2] ?? "";
    if (!this.app.may("schemas:edit")) return html`<p><b>${schema.mode}</b>: ${words}</p>`;
    return html`<div class="segments" role="group" aria-label="Mode">
        ${MODES.map(
          ([mode, title]) => html`<button
            type="button"
            aria-pressed=${mode === schema.mode ? "true" : "false"}
            @click=${() => void this.#change({ mode })}
          >${title}</button>`,
        )}
      </div>
      <p class="soft" role="status">${words}</p>
      ${
        schema.mode === "enforce" && this.app.may("dead_letters:read")
          ? html`<a href=${addressOf(["dead-letters"], { event_type: this.eventType, reason: "schema_violation" })}>Dead letters of this type</a>`
          : nothing
      }`;
  }

  #compatibility(schema: EventSchema): TemplateResult {
    const own = schema.compatibility ?? null;
    const words = NEXT[schema.compatibility_in_force ?? "none"];
    if (!this.app.may("schemas:edit")) return html`<p>${words}</p>`;
    const chosen = own ?? "";
    return html`<label class="field"><span class="label">Beside the version in force</span>
        <select name="compatibility" @change=${(event: Event) => {
          const value = (event.target as HTMLSelectElement).value;
          const compatibility = (value === "" ? null : value) as SchemaCompatibility;
          void this.#change({ compatibility });
        }}>
          <option value="" ?selected=${chosen === ""}>As for all schemas</option>
          <option value="backward" ?selected=${chosen === "backward"}>Must accept what this one accepts</option>
          <option value="none" ?selected=${chosen === "none"}>May be stricter</option>
        </select></label>
      <p class="soft" role="status">${words}</p>`;
  }

  async #change(change: { mode?: SchemaMode; compatibility?: SchemaCompatibility }): Promise<void> {
    await this.#attempt.make(async () => {
      const changed = await changeSchema(this.app.client, this.eventType, change);
      const versions = this.#versions.value ?? [];
      this.#versions.put(versions.map((each) => (each.version === changed.version ? changed : each)));
    });
  }
}
