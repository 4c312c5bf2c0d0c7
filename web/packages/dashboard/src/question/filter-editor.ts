import type { Condition, FilterOf, Membership, Operator } from "@tidemark/widgets/questions";
import { html, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { icon } from "../shell/icons";
import { type EditedEvent, Editor, selectField, wrongAt } from "./editor";
import {
  type FilterTest,
  groupOf,
  isPlain,
  type Mode,
  memberPath,
  NEW_CONDITION,
  type Group as TreeGroup,
  type Node as TreeNode,
  treeOf,
} from "./filter-tree";
import { cohortPicker, propertyPicker } from "./pickers";
import { removed, replaced } from "./record";
import { OPERATORS, shapeOf } from "./words";

type Group = TreeGroup<FilterTest>;
type Node = TreeNode<FilterTest>;

export const MODES: readonly (readonly [Mode, string])[] = [
  ["all", "all of"],
  ["any", "any of"],
  ["none", "none of"],
  ["not_all", "not all of"],
];

/** A filter: conditions and memberships in groups within groups. Emits `edited` with the filter, undefined for none. */
export class FilterEditor extends Editor<FilterOf | undefined> {
  /** Whose properties are suggested; empty for any event's. */
  @property() event = "";
  /** The text of the button that adds the first condition. */
  @property() adding = "Filter";
  @state() private cohorts: ReadonlyMap<string, string> = new Map();

  override connectedCallback(): void {
    super.connectedCallback();
    void this.catalog?.cohorts().then((cohorts) => {
      this.cohorts = new Map(cohorts.map((cohort) => [cohort.cohort_id, cohort.name]));
    });
  }

  protected override render(): TemplateResult {
    const group = groupOf<FilterTest>(this.value);
    const change = (next: Group) => this.edit(treeOf(next));
    if (group.members.length === 0) {
      return html`<div class="adders">
        <button type="button" class="small quiet" @click=${() => change({ ...group, members: [NEW_CONDITION] })}>
          ${icon("plus")} ${this.adding}
        </button>
      </div>`;
    }
    return this.#group(group, this.path, change, null);
  }

  #group(
    group: Group,
    path: string,
    change: (group: Group) => void,
    remove: (() => void) | null,
  ): TemplateResult {
    const root = remove === null;
    const { members } = group;
    const wrong = wrongAt(this.complaints, path);
    const plain = root && isPlain(group);
    return html`<div class="group ${root ? "root" : ""}" role="group" aria-label="Filter group">
      ${
        plain
          ? nothing
          : html`<div class="group-head">
              ${selectField("Matches", MODES, group.mode, (mode) => change({ ...group, mode }), { bare: true })}
              <span class="soft">these</span>
              ${remove ? removeButton("Remove this group", remove) : nothing}
            </div>`
      }
      ${wrong ? html`<p class="wrong">${wrong}</p>` : nothing}
      ${members.map((member, at) =>
        this.#node(
          member,
          memberPath(path, group, at, root),
          (next) => change({ ...group, members: replaced(members, at, next) }),
          () => change({ ...group, members: removed(members, at) }),
        ),
      )}
      <div class="adders">
        ${this.#adder("Condition", group, change, NEW_CONDITION)}
        ${this.#adder("Cohort", group, change, { kind: "leaf", test: { cohort: "" } })}
        ${this.#adder("Group", group, change, { kind: "group", mode: "any", members: [NEW_CONDITION, NEW_CONDITION] })}
      </div>
    </div>`;
  }

  #adder(words: string, group: Group, change: (group: Group) => void, node: Node): TemplateResult {
    return html`<button
      type="button"
      class="small quiet"
      @click=${() => change({ ...group, members: [...group.members, node] })}
    >${icon("plus")} ${words}</button>`;
  }

  #node(node: Node, path: string, change: (node: Node) => void, remove: () => void): TemplateResult {
    if (node.kind === "group") return this.#group(node, path, change, remove);
    const { test } = node;
    const set = (next: FilterTest) => change({ kind: "leaf", test: next });
    return html`<div class="condition">
      ${"cohort" in test ? this.#membership(test, path, set) : this.#condition(test, path, set)}
      ${removeButton("Remove this condition", remove)}
    </div>`;
  }

  #membership(test: Membership, path: string, set: (test: FilterTest) => void): TemplateResult {
    const wrong = wrongAt(this.complaints, `${path}.cohort`) || wrongAt(this.complaints, path);
    return html`<span class="member-of">Member of</span>
      ${cohortPicker(
        { label: "Cohort", bare: true, catalog: this.catalog, names: this.cohorts, wrong },
        test.cohort,
        (cohort) => set({ cohort }),
      )}`;
  }

  #condition(test: Condition, path: string, set: (test: FilterTest) => void): TemplateResult {
    const wrong = (member: string) => wrongAt(this.complaints, `${path}.${member}`);
    return html`${propertyPicker(
      {
        label: "Property",
        bare: true,
        catalog: this.catalog,
        event: this.event,
        wrong: wrong("property") || wrongAt(this.complaints, path),
      },
      test.property,
      (property) => set({ property, operator: test.operator, ...blank(test.operator) }),
    )}
      ${selectField("Comparison", OPERATORS, test.operator, (operator) => set(compared(test, operator)), {
        bare: true,
        wrong: wrong("operator"),
      })}
      <value-field
        .value=${test}
        .event=${this.event}
        .catalog=${this.catalog}
        .path=${path}
        .complaints=${this.complaints}
        @edited=${(event: EditedEvent<Condition>) => set(event.detail)}
      ></value-field>`;
  }
}

export function removeButton(label: string, remove: () => void): TemplateResult {
  return html`<button type="button" class="small quiet only-icon" aria-label=${label} title=${label} @click=${remove}>
    ${icon("close")}
  </button>`;
}

function blank(operator: Operator): Pick<Condition, "value"> {
  switch (shapeOf(operator)) {
    case "nothing":
      return {};
    case "one":
      return { value: "" };
    case "list":
    case "pair":
      return { value: [] };
  }
}

/** The same condition with another operator; the value stays as far as the operator takes it. */
function compared(test: Condition, operator: Operator): Condition {
  const { property, value } = test;
  const before = value === undefined ? [] : Array.isArray(value) ? value : [value];
  const kept = before.filter((part) => part !== "");
  switch (shapeOf(operator)) {
    case "nothing":
      return { property, operator };
    case "one":
      return { property, operator, value: kept[0] ?? "" };
    case "list":
      return { property, operator, value: kept };
    case "pair":
      return { property, operator, value: kept.slice(0, 2) };
  }
}
