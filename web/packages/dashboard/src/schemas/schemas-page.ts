import { Format } from "@tidemark/widgets/format";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { changeSettings, readSettings, type Settings } from "../api/account";
import { sentenceOf } from "../api/client";
import { type EventSchema, listSchemas } from "../api/schemas";
import { Page } from "../page-element";
import { askText } from "../parts/dialog";
import { defineGovernanceElements } from "../parts/governance-elements";
import { Loader } from "../parts/loader";
import { emptyState } from "../parts/states";
import { icon } from "../shell/icons";
import { addressOf, go } from "../shell/route";
import { SchemaForm } from "./schema-form";
import { SchemaView } from "./schema-view";

defineGovernanceElements();
customElements.define("schema-form", SchemaForm);
customElements.define("schema-view", SchemaView);

/** An event type with its schema in force, its events, or both. */
interface Planned {
  readonly eventType: string;
  readonly schema: EventSchema | null;
  readonly events: number | null;
}

/** The tracking plan: which event types there are, and what of each is checked. */
export class SchemasPage extends Page {
  @state() private failed = "";
  readonly #plan = new Loader<readonly Planned[]>(this);
  readonly #settings = new Loader<Settings>(this);

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("route") || this.route.rest.length > 0) return;
    if (this.app.may("settings:read")) this.#settings.load(() => readSettings(this.app.client));
    this.#plan.load(async () => {
      const [schemas, seen] = await Promise.all([
        listSchemas(this.app.client),
        this.app.may("catalog:read") ? this.app.catalog.eventTypes() : [],
      ]);
      return planned(schemas, new Map(seen.map((each) => [each.event_type, each.events])));
    });
  }

  protected override render(): TemplateResult {
    const [eventType, deed] = this.route.rest;
    if (eventType !== undefined) {
      return deed === "edit"
        ? html`<schema-form .app=${this.app} .eventType=${eventType}></schema-form>`
        : html`<schema-view .app=${this.app} .eventType=${eventType}></schema-view>`;
    }
    return html`<div class="page-head"><h1>Schemas</h1>
        <div class="actions">
          ${
            this.app.may("schemas:edit")
              ? html`<button type="button" class="primary" @click=${() => void this.#another()}>${icon("plus")} Schema for another event type</button>`
              : nothing
          }
        </div>
      </div>
      ${this.failed ? html`<p class="problem card" role="alert">${this.failed}</p>` : nothing}
      ${this.#plan.view((plan) => html`${this.#list(plan)}${plan.length > 0 && this.app.may("settings:read") ? this.#settings.view((settings) => this.#forAll(settings)) : nothing}`)}`;
  }

  #forAll(settings: Settings): TemplateResult {
    const chosen = settings.schema_compatibility ?? "none";
    return html`<section class="card">
      <label class="field"><span class="label">New versions, where a schema has no rule of its own</span>
        <select name="schema_compatibility" ?disabled=${!this.app.may("settings:edit")} @change=${(
          event: Event,
        ) =>
          void this.#choose((event.target as HTMLSelectElement).value === "backward" ? "backward" : "none")}>
          <option value="none" ?selected=${chosen === "none"}>May be stricter than the version in force</option>
          <option value="backward" ?selected=${chosen === "backward"}>Must accept what the version in force accepts</option>
        </select></label>
    </section>`;
  }

  async #choose(compatibility: "backward" | "none"): Promise<void> {
    try {
      this.#settings.put(await changeSettings(this.app.client, { schema_compatibility: compatibility }));
      this.failed = "";
      this.app.notify({ text: "Saved" });
    } catch (cause) {
      this.failed = sentenceOf(cause);
    }
  }

  #list(plan: readonly Planned[]): TemplateResult {
    if (plan.length === 0) {
      return emptyState(
        "No event type yet",
        "A schema says what the properties of an event type are. What breaks it is counted, or kept out. Event types show here once the first event has arrived.",
      );
    }
    const format = new Format();
    return html`<p class="soft lead">What breaks the schema of a type is counted (warn) or goes to the dead letters (enforce).</p>
      <ul class="rows">
        ${plan.map(
          ({ eventType, schema, events }) => html`<li class="row-card">
            <a class="row-link" href=${addressOf(["schemas", eventType])}>
              <b title=${eventType}>${eventType}</b>
              <span class="soft">${schema ? `Version ${schema.version}` : "No schema"}${events === null ? ", no events yet" : `, ${format.number(events)} events`}</span>
            </a>
            ${modeTag(schema)}
          </li>`,
        )}
      </ul>`;
  }

  async #another(): Promise<void> {
    const eventType = await askText("Schema", "Event type", "", "Write its schema");
    if (eventType) go(["schemas", eventType, "edit"]);
  }
}

function modeTag(schema: EventSchema | null): TemplateResult | typeof nothing {
  if (!schema) return nothing;
  const look = schema.mode === "enforce" ? "good" : schema.mode === "warn" ? "warn" : "";
  return html`<span class="tag ${look}">${schema.mode}</span>`;
}

/** Those with a schema first, then those with the most events. */
export function planned(
  schemas: readonly EventSchema[],
  seen: ReadonlyMap<string, number>,
): readonly Planned[] {
  const byType = new Map(schemas.map((schema) => [schema.event_type, schema]));
  return [...new Set([...byType.keys(), ...seen.keys()])]
    .map((eventType) => ({
      eventType,
      schema: byType.get(eventType) ?? null,
      events: seen.get(eventType) ?? null,
    }))
    .sort(
      (one, other) =>
        Number(other.schema !== null) - Number(one.schema !== null) ||
        (other.events ?? -1) - (one.events ?? -1) ||
        (one.eventType < other.eventType ? -1 : 1),
    );
}

customElements.define("schemas-page", SchemasPage);
