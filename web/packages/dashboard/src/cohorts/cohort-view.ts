import { Format } from "@tidemark/widgets/format";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { sentenceOf } from "../api/client";
import { addMembers, type Cohort, type CohortPeople, cohortPeople } from "../api/cohorts";
import { personOf } from "../api/events";
import type { App } from "../app";
import { PageElement } from "../page-element";
import { askText } from "../parts/dialog";
import { Loader } from "../parts/loader";
import { emptyState } from "../parts/states";
import { addressOf } from "../shell/route";

/** A cohort: how many are in it now, and who. */
export class CohortView extends PageElement {
  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) cohort!: Cohort;
  @state() private size: number | null = null;
  readonly #people = new Loader<CohortPeople>(this);

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("cohort")) return;
    this.size = this.cohort.size;
    this.#people.load(() => cohortPeople(this.app.client, this.cohort.cohort_id));
  }

  protected override render(): TemplateResult {
    const { cohort } = this;
    const format = new Format();
    return html`<div class="page-head">
        <h1 title=${cohort.name}>${cohort.name}</h1>
        <div class="actions" ?hidden=${!this.app.may("cohorts:edit")}>
          ${cohort.kind === "static" ? html`<button type="button" @click=${() => void this.#add()}>Add people</button>` : nothing}
          <a class="button" href=${addressOf(["cohorts", cohort.cohort_id, "edit"])}>Edit</a>
        </div>
      </div>
      ${cohort.description ? html`<p>${cohort.description}</p>` : nothing}
      <p class="big-number"><b>${format.number(this.size)}</b>
        <span class="soft">${this.size === 1 ? "person" : "people"} with an event, as of ${new Date(cohort.as_of).toLocaleTimeString()}${
          cohort.listed === undefined ? "" : `; ${format.number(cohort.listed)} in the list`
        }</span></p>
      ${this.#people.view((page) =>
        page.people.length === 0
          ? emptyState(
              "Nobody is in this cohort",
              "Loosen its rule, or add people to its list. Who has no event yet is not shown.",
            )
          : this.#list(page),
      )}`;
  }

  #list(page: CohortPeople): TemplateResult {
    const format = new Format();
    const told = page.people.some((person) => Object.keys(person.traits).length > 0);
    return html`<div class="scroll card" tabindex="0" role="region" aria-label="People">
        <table class="plain">
          <thead><tr><th scope="col">Person</th><th scope="col">First seen</th><th scope="col">Last seen</th>${told ? html`<th scope="col">Traits</th>` : nothing}</tr></thead>
          <tbody>
            ${page.people.map((person) => {
              const id = personOf(person);
              const traits = Object.entries(person.traits)
                .map(([name, value]) => `${name}: ${String(value)}`)
                .join(" · ");
              return html`<tr>
                <td title=${id}>${this.app.may("events:read") ? html`<a href=${addressOf(["people", id])}>${id}</a>` : id}</td>
                <td>${format.ago(Date.parse(person.first_seen), Date.now())}</td>
                <td>${format.ago(Date.parse(person.last_seen), Date.now())}</td>
                ${told ? html`<td class="gist" title=${traits}>${traits || "–"}</td>` : nothing}
              </tr>`;
            })}
          </tbody>
        </table>
      </div>
      ${page.next_cursor ? html`<button type="button" class="more" @click=${() => void this.#more(page)}>More</button>` : nothing}`;
  }

  async #more(page: CohortPeople): Promise<void> {
    try {
      const next = await cohortPeople(this.app.client, this.cohort.cohort_id, page.next_cursor ?? undefined);
      this.#people.put({ ...next, people: [...page.people, ...next.people] });
    } catch (cause) {
      this.app.notify({ text: sentenceOf(cause), bad: true });
    }
  }

  async #add(): Promise<void> {
    const text = await askText("Add people to the list", "User ids, with commas", "", "Add");
    const ids = text?.split(/[\s,]+/).filter((id) => id !== "") ?? [];
    if (ids.length === 0) return;
    try {
      const cohort = await addMembers(this.app.client, this.cohort.cohort_id, ids);
      this.size = cohort.size;
      this.cohort = cohort;
    } catch (cause) {
      this.app.notify({ text: sentenceOf(cause), bad: true });
    }
  }
}
