import type { EventScope, Operator, RangeOf } from "@tidemark/widgets/questions";
import { html, nothing, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import type { CohortRule, Deed, Times } from "../api/cohorts";
import { countField, type EditedEvent, Editor, selectField, wrongAt } from "../question/editor";
import { MODES, removeButton } from "../question/filter-editor";
import { type Group, groupOf, isPlain, memberPath, type Node, treeOf } from "../question/filter-tree";
import { cohortPicker, propertyPicker } from "../question/pickers";
import { removed, replaced, withMember } from "../question/record";
import { OPERATORS, shapeOf } from "../question/words";
import { icon } from "../shell/icons";

type Trait = Extract<CohortRule, { readonly operator: Operator }>;
type Did = Extract<CohortRule, { readonly did: Deed }>;
type DidNot = Extract<CohortRule, { readonly did_not: unknown }>;
type FirstDid = Extract<CohortRule, { readonly first_did: unknown }>;
type Member = Extract<CohortRule, { readonly cohort: string }>;
export type RuleTest = Trait | Did | DidNot | FirstDid | Member;

const KINDS = [
  ["did", "Did"],
  ["did_not", "Did not do"],
  ["first_did", "Did for the first time"],
  ["trait", "Is, by a trait"],
  ["cohort", "Is in a cohort"],
] as const;
const TIMES = [
  ["at_least", "at least"],
  ["at_most", "at most"],
  ["exactly", "exactly"],
] as const;
const MOST_TIMES = 1_000_000;

const NEW_RULE: RuleTest = { did: { event: "", range: { last: "30d" } } };

/** What makes a person a member of a cohort. Emits `edited` with the rule, undefined for none. */
export class RuleEditor extends Editor<CohortRule | undefined> {
  @state() private names: ReadonlyMap<string, string> = new Map();

  override connectedCallback(): void {
    super.connectedCallback();
    void this.catalog?.cohorts().then((cohorts) => {
      this.names = new Map(cohorts.map((cohort) => [cohort.cohort_id, cohort.name]));
    });
  }

  protected override render(): TemplateResult {
    const group = groupOf<RuleTest>(this.value);
    return this.#group(group, this.path, (next) => this.edit(treeOf(next)), null);
  }

  #group(
    group: Group<RuleTest>,
    path: string,
    change: (group: Group<RuleTest>) => void,
    remove: (() => void) | null,
  ): TemplateResult {
    const { members } = group;
    const root = remove === null;
    const wrong = wrongAt(this.complaints, path);
    const add = (node: Node<RuleTest>) => () => change({ ...group, members: [...members, node] });
    return html`<div class="group ${root ? "root" : ""}" role="group" aria-label="People who">
      ${
        root && (isPlain(group) || members.length === 0)
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
        <button type="button" class="small quiet" @click=${add({ kind: "leaf", test: NEW_RULE })}>${icon("plus")} Condition</button>
        <button
          type="button"
          class="small quiet"
          @click=${add({ kind: "group", mode: "any", members: [{ kind: "leaf", test: NEW_RULE }] })}
        >${icon("plus")} Group</button>
      </div>
    </div>`;
  }

  #node(
    node: Node<RuleTest>,
    path: string,
    change: (node: Node<RuleTest>) => void,
    remove: () => void,
  ): TemplateResult {
    if (node.kind === "group") return this.#group(node, path, change, remove);
    const { test } = node;
    const set = (next: RuleTest) => change({ kind: "leaf", test: next });
    const wrong = wrongAt(this.complaints, path);
    return html`<div class="part">
      <div class="part-head">
        ${selectField("Condition", KINDS, kindOf(test), (kind) => set(turned(test, kind)), { bare: true })}
        ${removeButton("Remove this condition", remove)}
      </div>
      ${wrong ? html`<p class="wrong">${wrong}</p>` : nothing}
      ${this.#test(test, path, set)}
    </div>`;
  }

  #test(test: RuleTest, path: string, set: (test: RuleTest) => void): TemplateResult {
    if ("did" in test) {
      return html`${this.#scope(
        test.did,
        `${path}.did`,
        (did) => set({ did: { ...test.did, ...did } }),
        (did) => set({ did }),
      )}
        ${this.#times(test.did, `${path}.did.times`, (times) => set({ did: { ...test.did, times } }))}`;
    }
    if ("did_not" in test) {
      return this.#scope(
        test.did_not,
        `${path}.did_not`,
        (deed) => set({ did_not: { ...test.did_not, ...deed } }),
        (deed) => set({ did_not: deed }),
      );
    }
    if ("first_did" in test) {
      return this.#scope(
        test.first_did,
        `${path}.first_did`,
        (deed) => set({ first_did: { ...test.first_did, ...deed } }),
        (deed) => set({ first_did: { ...deed, range: deed.range ?? { last: "30d" } } }),
        false,
      );
    }
    if ("cohort" in test) {
      return cohortPicker(
        {
          label: "Cohort",
          catalog: this.catalog,
          names: this.names,
          wrong: wrongAt(this.complaints, `${path}.cohort`),
        },
        test.cohort,
        (cohort) => set({ cohort }),
      );
    }
    return this.#trait(test, path, set);
  }

  #trait(test: Trait, path: string, set: (test: RuleTest) => void): TemplateResult {
    const blank = (operator: Operator) => {
      const shape = shapeOf(operator);
      return shape === "nothing" ? {} : { value: shape === "one" ? "" : [] };
    };
    return html`<div class="condition">
      ${propertyPicker(
        {
          label: "Trait",
          bare: true,
          catalog: this.catalog,
          placeholder: "user.plan",
          wrong: wrongAt(this.complaints, `${path}.property`),
        },
        test.property,
        (property) => set({ property, operator: test.operator, ...blank(test.operator) }),
      )}
      ${selectField("Comparison", OPERATORS, test.operator, (operator) => set({ property: test.property, operator, ...blank(operator) }), { bare: true })}
      <value-field
        .value=${test}
        .catalog=${this.catalog}
        .path=${path}
        .complaints=${this.complaints}
        @edited=${(event: EditedEvent<Trait>) => set(event.detail)}
      ></value-field>
    </div>`;
  }

  #scope(
    deed: Deed,
    path: string,
    change: (deed: EventScope) => void,
    replace: (deed: Deed) => void,
    always = true,
  ): TemplateResult {
    return html`<scope-editor
        label="Event"
        .value=${deed}
        .catalog=${this.catalog}
        .path=${path}
        .complaints=${this.complaints}
        @edited=${(event: EditedEvent<Deed>) => replace(event.detail)}
      ></scope-editor>
      <range-editor
        label="When"
        none=${always ? "At any time" : ""}
        .value=${deed.range}
        .path=${`${path}.range`}
        .complaints=${this.complaints}
        @edited=${(event: EditedEvent<RangeOf | undefined>) =>
          event.detail
            ? change({ range: event.detail } as EventScope)
            : replace(withMember<Deed, "range">(deed, "range", undefined))}
      ></range-editor>`;
  }

  #times(deed: Deed, path: string, set: (times: Times) => void): TemplateResult {
    const times = deed.times ?? { at_least: 1 };
    const [word = "at_least", count = 1] = (Object.entries(times)[0] ?? []) as [keyof Times, number];
    return html`<div class="pair">
      ${selectField("How often", TIMES, word, (next) => set({ [next]: count }))}
      ${countField("Times", count, [word === "at_least" ? 1 : 0, MOST_TIMES], (number) => set({ [word]: number }), wrongAt(this.complaints, path))}
    </div>`;
  }
}

function kindOf(test: RuleTest): (typeof KINDS)[number][0] {
  if ("did" in test) return "did";
  if ("did_not" in test) return "did_not";
  if ("first_did" in test) return "first_did";
  return "cohort" in test ? "cohort" : "trait";
}

function turned(test: RuleTest, kind: (typeof KINDS)[number][0]): RuleTest {
  const deed =
    "did" in test ? test.did : "did_not" in test ? test.did_not : "first_did" in test ? test.first_did : {};
  const { times: _, ...plain } = deed as Deed;
  switch (kind) {
    case "did":
      return { did: plain };
    case "did_not":
      return { did_not: plain };
    case "first_did":
      return { first_did: { ...plain, range: plain.range ?? { last: "30d" } } };
    case "trait":
      return { property: "", operator: "eq", value: "" };
    case "cohort":
      return { cohort: "" };
  }
}
