import { Format } from "@tidemark/widgets/format";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { sentenceOf } from "../api/client";
import { type Cohort, type ListedCohort, listCohorts, readCohort, removeCohort } from "../api/cohorts";
import { Page } from "../page-element";
import { Loader } from "../parts/loader";
import { emptyState } from "../parts/states";
import { defineQuestionElements } from "../question/elements";
import { small } from "../question/measures-editor";
import { icon } from "../shell/icons";
import { addressOf, go } from "../shell/route";
import { CohortForm } from "./cohort-form";
import { CohortView } from "./cohort-view";
import { RuleEditor } from "./rule-editor";

defineQuestionElements();
customElements.define("rule-editor", RuleEditor);
customElements.define("cohort-form", CohortForm);
customElements.define("cohort-view", CohortView);

/** Cohorts: the list, one with its people, one to change, a new one. */
export class CohortsPage extends Page {
  @state() private gone: ReadonlySet<string> = new Set();
  readonly #cohorts = new Loader<readonly ListedCohort[]>(this);
  readonly #cohort = new Loader<Cohort>(this);

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("route")) return;
    const [id = ""] = this.route.rest;
    if (id === "") this.#cohorts.load(() => listCohorts(this.app.client));
    else if (id !== "new") this.#cohort.load(() => readCohort(this.app.client, id));
  }

  protected override render(): TemplateResult {
    const [id = "", action = ""] = this.route.rest;
    if (id === "new") return html`<cohort-form .app=${this.app}></cohort-form>`;
    if (id !== "") {
      return this.#cohort.view((cohort) =>
        action === "edit"
          ? html`<cohort-form .app=${this.app} .cohort=${cohort}></cohort-form>`
          : html`<cohort-view .app=${this.app} .cohort=${cohort}></cohort-view>`,
      );
    }
    return html`<div class="page-head">
        <h1>Cohorts</h1>
        <div class="actions">${
          this.app.may("cohorts:edit")
            ? html`<a class="button primary" href="#/cohorts/new">${icon("plus")} New cohort</a>`
            : nothing
        }</div>
      </div>
      ${this.#cohorts.view((cohorts) => this.#list(cohorts.filter((cohort) => !this.gone.has(cohort.cohort_id))))}`;
  }

  #list(cohorts: readonly ListedCohort[]): TemplateResult {
    if (cohorts.length === 0) {
      return emptyState(
        "No cohorts yet",
        "A cohort is a group of people, by what they did or are, or by a list. Reports can be asked about its members alone.",
        this.app.may("cohorts:edit")
          ? html`<a class="button primary" href="#/cohorts/new">New cohort</a>`
          : nothing,
      );
    }
    const format = new Format();
    return html`<ul class="rows">
      ${cohorts.map(
        (cohort) => html`<li class="row-card">
          <a class="row-link" href=${addressOf(["cohorts", cohort.cohort_id])}>
            <b title=${cohort.name}>${cohort.name}</b>
            <span class="soft">${cohort.kind === "dynamic" ? "By a rule" : "A list"}, changed ${format.ago(Date.parse(cohort.updated_at), Date.now())}</span>
          </a>
          <div class="actions" ?hidden=${!this.app.may("cohorts:edit")}>
            ${small("edit", `Edit ${cohort.name}`, () => go(["cohorts", cohort.cohort_id, "edit"]))}
            ${small("remove", `Delete ${cohort.name}`, () => this.#remove(cohort))}
          </div>
        </li>`,
      )}
    </ul>`;
  }

  #remove({ cohort_id, name }: ListedCohort): void {
    const restore = () => {
      this.gone = new Set([...this.gone].filter((other) => other !== cohort_id));
    };
    this.gone = new Set([...this.gone, cohort_id]);
    this.app.notify({
      text: `Deleted “${name.slice(0, 60)}”`,
      action: { label: "Undo", run: restore },
      unless: (leaving) =>
        void removeCohort(this.app.client, cohort_id, leaving)
          .then(() => this.app.catalog.forgetCohorts())
          .catch((cause: unknown) => {
            restore();
            this.app.notify({ text: sentenceOf(cause), bad: true });
          }),
    });
  }
}

customElements.define("cohorts-page", CohortsPage);
