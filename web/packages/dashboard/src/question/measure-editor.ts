import type { EventScope, MeasureKind, MeasureOf } from "@tidemark/widgets/questions";
import { html, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { countField, type EditedEvent, Editor, textField, tickField } from "./editor";
import { eventOf, eventPicker, listOf, propertyPicker } from "./pickers";
import { withMember } from "./record";
import { nameOf } from "./title";
import {
  ACTIVE,
  COUNTS,
  isEstimated,
  isOfProperty,
  NOW,
  OF_PROPERTIES,
  OF_SESSIONS,
  type Word,
} from "./words";

const GROUPS: readonly (readonly [string, readonly Word<MeasureKind>[]])[] = [
  ["Counts", COUNTS],
  ["Of a property", OF_PROPERTIES],
  ["Active people", ACTIVE],
  ["Of sessions", OF_SESSIONS],
];

/** A measure of events, or a formula over other measures. Its name follows what it measures until somebody writes one. */
export class MeasureEditor extends Editor<MeasureOf> {
  /** The names that a formula may use. */
  @property({ attribute: false }) others: readonly string[] = [];
  /** Offers what is measured of this moment only. */
  @property({ type: Boolean }) live = false;
  /** Leaves the name out, where nothing refers to it. */
  @property({ type: Boolean }) nameless = false;

  protected override render(): TemplateResult {
    const { value } = this;
    return html`${this.wrong()}
      ${value.formula === undefined ? this.#measure(value) : this.#formula(value, value.formula)}`;
  }

  #formula(value: MeasureOf, formula: string): TemplateResult {
    return html`<div class="fields">
      ${this.#name(value)}
      ${textField("Formula", formula, (text) => this.edit({ ...value, formula: text }), {
        wrong: this.wrongWith("formula"),
        placeholder: "a / b",
        most: 500,
      })}
    </div>
    <p class="soft hint">
      With + − × ÷ as <code>+ - * /</code>, parentheses and numbers over ${this.others.length === 0 ? "the names of other measures" : nothing}
      ${this.others.map(
        (name, at) => html`${at > 0 ? ", " : ""}<button
          type="button"
          class="word"
          @click=${() => this.edit({ ...value, formula: `${formula}${formula === "" ? "" : " "}${quoted(name)}` })}
        >${quoted(name)}</button>`,
      )}
    </p>`;
  }

  #measure(value: MeasureOf): TemplateResult {
    const kind = value.measure ?? "events";
    const [event = ""] = listOf(value.event);
    return html`<div class="fields">
        <label class="field">
          <span class="label">Measure</span>
          <select @change=${(change: Event) => this.#turn((change.target as HTMLSelectElement).value as MeasureKind)}>
            ${[...GROUPS, ...(this.live ? [["Live", NOW] as const] : [])].map(
              ([label, words]) => html`<optgroup label=${label}>
                ${words.map(([word, name]) => html`<option value=${word} ?selected=${word === kind}>${name}</option>`)}
              </optgroup>`,
            )}
          </select>
        </label>
        ${
          isOfProperty(kind)
            ? propertyPicker(
                {
                  label: "Property",
                  catalog: this.catalog,
                  event,
                  numeric: kind !== "distinct",
                  wrong: this.wrongWith("property"),
                },
                value.property ?? "",
                (path) => this.#set({ ...value, property: path }),
              )
            : nothing
        }
        ${
          kind === "active_users_now"
            ? countField(
                "Minutes",
                value.minutes ?? 5,
                [1, 60],
                (minutes) => this.#set({ ...value, minutes }),
                this.wrongWith("minutes"),
              )
            : nothing
        }
      </div>
      <scope-editor
        .label=${kind === "events" ? "Of" : "Who or which did"}
        .value=${value}
        .catalog=${this.catalog}
        .path=${this.path}
        .complaints=${this.complaints}
        @edited=${(edited: EditedEvent<EventScope>) => this.#set(edited.detail as MeasureOf)}
      ></scope-editor>
      ${
        kind === "engagement_rate"
          ? eventPicker(
              {
                label: "Also engaged by",
                catalog: this.catalog,
                placeholder: "no event",
                wrong: this.wrongWith("conversion"),
              },
              listOf(value.conversion),
              (list) => this.#set(withMember<MeasureOf, "conversion">(value, "conversion", eventOf(list))),
            )
          : nothing
      }
      <div class="fields">
        ${this.nameless ? nothing : this.#name(value)}
        ${
          isEstimated(kind)
            ? tickField("Count exactly", value.exact ?? false, (exact) =>
                this.#set(withMember<MeasureOf, "exact">(value, "exact", exact || undefined)),
              )
            : nothing
        }
      </div>`;
  }

  #name(value: MeasureOf): TemplateResult {
    return textField("Name", value.name, (name) => this.edit({ ...value, name }), {
      wrong: this.wrongWith("name"),
      most: 100,
    });
  }

  #turn(measure: MeasureKind): void {
    const { name, event, filter, exact } = this.value;
    this.#set({
      name,
      measure,
      ...(event === undefined ? {} : { event }),
      ...(filter ? { filter } : {}),
      ...(isOfProperty(measure) ? { property: this.value.property ?? "" } : {}),
      ...(exact && isEstimated(measure) ? { exact } : {}),
      ...(measure === "active_users_now" ? { minutes: 5 } : {}),
    });
  }

  /** Takes a change, and renames the measure with it where its name is still the one that it was given by itself. */
  #set(next: MeasureOf): void {
    const before = this.value;
    const given = before.name !== "" && before.name !== nameOf(before);
    this.edit(given ? next : { ...next, name: this.#free(nameOf(next)) });
  }

  #free(name: string): string {
    let free = name;
    for (let count = 2; this.others.includes(free); count++) free = `${name} ${count}`;
    return free;
  }
}

/** A name as it stands in a formula. */
export function quoted(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : `\`${name}\``;
}
