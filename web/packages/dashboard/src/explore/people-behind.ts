import { Format } from "@tidemark/widgets/format";
import type { FunnelQuestion } from "@tidemark/widgets/questions";
import { html, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { type Behind, type FunnelPeople, peopleBehind } from "../api/ask";
import { sentenceOf } from "../api/client";
import { createCohort } from "../api/cohorts";
import { personOf } from "../api/events";
import type { App } from "../app";
import { PageElement } from "../page-element";
import { askText } from "../parts/dialog";
import { Loader } from "../parts/loader";
import { emptyState } from "../parts/states";
import { selectField } from "../question/editor";
import { eventsOf } from "../question/title";
import { addressOf, go } from "../shell/route";

/** Who reached a step of a funnel or was lost before it, by page, and the way to keep them as a cohort. */
export class PeopleBehind extends PageElement {
  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) question!: FunnelQuestion;
  @state() private open = false;
  @state() private choice = "1";
  readonly #people = new Loader<FunnelPeople>(this);

  protected override willUpdate(changed: PropertyValues): void {
    if (this.open && (changed.has("question") || changed.has("choice") || changed.has("open"))) {
      const behind = this.#behind;
      this.#people.load(() => peopleBehind(this.app.client, behind));
    }
  }

  get #behind(): Behind {
    const dropped = this.choice.startsWith("-");
    const step = Math.min(Math.abs(Number(this.choice)), this.question.steps.length);
    return { question: this.question, step, dropped };
  }

  protected override render(): TemplateResult {
    return html`<details class="card" @toggle=${(event: Event) => {
      this.open = (event.target as HTMLDetailsElement).open;
    }}>
      <summary>People behind the steps</summary>
      ${this.open ? this.#body() : ""}
    </details>`;
  }

  #body(): TemplateResult {
    const names = this.question.steps.map((step, at) => `${at + 1}. ${step.name ?? eventsOf(step)}`);
    const choices = [
      ...names.map((name, at) => [String(at + 1), `Reached ${name}`] as const),
      ...names.slice(1).map((name, at) => [String(-(at + 2)), `Lost before ${name}`] as const),
    ];
    return html`<div class="row">
        ${selectField("Who", choices, this.choice, (choice) => {
          this.choice = choice;
        })}
        ${
          this.app.may("cohorts:edit")
            ? html`<button type="button" @click=${() => void this.#keep()}>Save people as a cohort</button>`
            : ""
        }
      </div>
      ${this.#people.view((page) =>
        page.people.length === 0
          ? emptyState("Nobody", "No person is at this step in this period.")
          : this.#list(page),
      )}`;
  }

  #list(page: FunnelPeople): TemplateResult {
    const format = new Format();
    const when = (time: string | undefined) => (time ? format.ago(Date.parse(time), Date.now()) : "");
    return html`<p class="soft">${format.number(page.total)} in all</p>
      <div class="scroll" tabindex="0" role="region" aria-label="People">
        <table class="plain">
          <thead><tr><th scope="col">Person</th><th scope="col">Entered</th><th scope="col">Got there</th></tr></thead>
          <tbody>
            ${page.people.map((person) => {
              const id = personOf(person);
              return html`<tr>
                <td>${id ? (this.app.may("events:read") ? html`<a href=${addressOf(["people", id])}>${id}</a>` : id) : html`<span class="soft">session ${person.session_id}</span>`}</td>
                <td>${when(person.entered_at)}</td>
                <td>${when(person.reached_at)}</td>
              </tr>`;
            })}
          </tbody>
        </table>
      </div>
      ${page.next_cursor ? html`<button type="button" @click=${() => void this.#more(page)}>More</button>` : ""}`;
  }

  async #more(page: FunnelPeople): Promise<void> {
    try {
      const next = await peopleBehind(this.app.client, this.#behind, page.next_cursor ?? undefined);
      this.#people.put({ ...next, people: [...page.people, ...next.people] });
    } catch (cause) {
      this.app.notify({ text: sentenceOf(cause), bad: true });
    }
  }

  async #keep(): Promise<void> {
    const name = await askText("Save these people as a cohort", "Name of the cohort", "", "Save");
    if (name === null) return;
    try {
      const cohort = await createCohort(this.app.client, { name, kind: "static", from: this.#behind });
      this.app.catalog.forgetCohorts();
      this.app.notify({
        text: `Cohort “${name.slice(0, 60)}” has ${cohort.size} people`,
        action: { label: "Look at it", run: () => go(["cohorts", cohort.cohort_id]) },
      });
    } catch (cause) {
      this.app.notify({ text: sentenceOf(cause), bad: true });
    }
  }
}
