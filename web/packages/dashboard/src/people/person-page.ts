import type { MetricData } from "@tidemark/widgets/api";
import { Format } from "@tidemark/widgets/format";
import { html, type PropertyValues, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { ask } from "../api/ask";
import { sentenceOf } from "../api/client";
import { type EventPage, listEvents, type Properties } from "../api/events";
import { eventRows, propertyTable } from "../events/event-list";
import { Page } from "../page-element";
import { Loader } from "../parts/loader";
import { emptyState } from "../parts/states";
import { definePersonDeeds } from "../privacy/person-elements";
import { defineQuestionElements } from "../question/elements";
import { eventPicker } from "../question/pickers";

defineQuestionElements();
definePersonDeeds();

const SHOWN = 50;

interface Person {
  readonly page: EventPage;
  readonly events: number | null;
  readonly sessions: number | null;
}

/** One person: who it is, how often it came, and all that it did, newest first. */
export class PersonPage extends Page {
  @state() private types: readonly string[] = [];
  readonly #person = new Loader<Person>(this);

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("route")) {
      this.types = [];
      this.#look();
    }
  }

  get #id(): string {
    return this.route.rest[0] ?? "";
  }

  #look(): void {
    const id = this.#id;
    this.#person.load(async () => {
      const [page, counts] = await Promise.all([this.#page(id), this.#counts(id)]);
      return { page, ...counts };
    });
  }

  #page(id: string, cursor?: string): Promise<EventPage> {
    const [type] = this.types;
    return listEvents(
      this.app.client,
      {
        person: id,
        ...(this.types.length === 1 && type ? { event_type: type } : {}),
        ...(this.types.length > 1
          ? { filter: { property: "event_type", operator: "in" as const, value: this.types } }
          : {}),
      },
      SHOWN,
      cursor,
    );
  }

  async #counts(id: string): Promise<{ readonly events: number | null; readonly sessions: number | null }> {
    const answer = (await ask(this.app.client, {
      type: "metric",
      measures: [
        { name: "events", measure: "events" },
        { name: "sessions", measure: "sessions" },
      ],
      range: { last: "365d" },
      filter: {
        or: [
          { property: "user_id", operator: "eq", value: id },
          {
            and: [
              { property: "user_id", operator: "is_not_set" },
              { property: "anonymous_id", operator: "eq", value: id },
            ],
          },
        ],
      },
    })) as MetricData;
    const [events, sessions] = answer.values;
    return { events: events?.value ?? null, sessions: sessions?.value ?? null };
  }

  protected override render(): TemplateResult {
    return html`<div class="page-head"><h1 title=${this.#id}>${this.#id}</h1>
        <div class="actions"><a class="button" href="#/events">All events</a></div></div>
      ${this.#person.view((person) => this.#show(person))}`;
  }

  #show({ page, events, sessions }: Person): TemplateResult {
    const [last] = page.events;
    if (!last && this.types.length === 0) {
      return emptyState("Nobody is called so", "No stored event carries this user_id or anonymous_id.");
    }
    const format = new Format();
    const traits: Properties = last?.user ?? {};
    return html`<div class="person">
      <aside class="card">
        <dl class="pairs">
          <div><dt>Events, 1 year</dt><dd>${format.number(events)}</dd></div>
          <div><dt>Sessions, 1 year</dt><dd>${format.number(sessions)}</dd></div>
          ${last ? html`<div><dt>Last seen</dt><dd>${format.ago(Date.parse(last.timestamp), Date.now())}</dd></div>` : ""}
        </dl>
        ${propertyTable("Traits", traits)} ${last ? propertyTable("Last seen with", last.context) : ""}
        ${
          this.app.may("privacy:manage") && last?.user_id
            ? html`<h2>A person asks</h2>
                <person-deeds .app=${this.app} .person=${last.user_id} @erased=${() => this.#look()}></person-deeds>`
            : ""
        }
      </aside>
      <div class="history">
        ${eventPicker({ label: "Only events of", catalog: this.app.catalog }, this.types, (types) => {
          this.types = types;
          this.#look();
        })}
        ${
          page.events.length === 0
            ? emptyState("None of these", "This person has done nothing of the kind.")
            : eventRows(page.events, Date.now(), new Set(), true)
        }
        ${
          page.next_cursor
            ? html`<button type="button" class="more" @click=${() => void this.#older({ page, events, sessions })}>Older events</button>`
            : ""
        }
      </div>
    </div>`;
  }

  async #older(person: Person): Promise<void> {
    try {
      const next = await this.#page(this.#id, person.page.next_cursor ?? undefined);
      this.#person.put({ ...person, page: { ...next, events: [...person.page.events, ...next.events] } });
    } catch (cause) {
      this.app.notify({ text: sentenceOf(cause), bad: true });
    }
  }
}

customElements.define("person-page", PersonPage);
