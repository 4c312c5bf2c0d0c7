import type { FilterOf, RangeOf } from "@tidemark/widgets/questions";
import { html, nothing, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { sentenceOf } from "../api/client";
import { type EventChoice, type EventPage, listEvents } from "../api/events";
import { Page, whileVisible } from "../page-element";
import { instantsOf } from "../parts/instants";
import { emptyState, failedState, loadingState } from "../parts/states";
import type { EditedEvent } from "../question/editor";
import { defineQuestionElements } from "../question/elements";
import { conjuncts, joined } from "../question/filter-tree";
import { ofFilter } from "../question/lacking";
import { eventPicker } from "../question/pickers";
import { eventRows } from "./event-list";

defineQuestionElements();

const POLL_MILLIS = 1_500;
const SHOWN = 50;

/** Events as they arrive, and the search through all of them. */
export class EventsPage extends Page {
  @state() private types: readonly string[] = [];
  @state() private person = "";
  @state() private range: RangeOf | undefined = undefined;
  @state() private filter: FilterOf | undefined = undefined;
  @state() private live = true;
  @state() private page: EventPage | null = null;
  @state() private failed: unknown = null;
  @state() private more = false;
  @state() private fresh: ReadonlySet<string> = new Set();
  @state() private now = Date.now();
  #end: (() => void) | null = null;
  #asked = 0;
  #looking = false;
  /** Whether what is in view is of another choice than the one that is asked for. */
  #outdated = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#end = whileVisible(POLL_MILLIS, () => {
      // A slow answer is waited for: asking again would put it off for ever.
      if (!this.#looking && (this.live || !this.page)) void this.#look(false);
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end?.();
    clearTimeout(this.#timer);
  }

  protected override render(): TemplateResult {
    return html`<div class="page-head"><h1>Events</h1>
        <div class="actions">
          <button
            type="button"
            aria-pressed=${this.live ? "true" : "false"}
            @click=${() => {
              this.live = !this.live;
              if (this.live) void this.#look(true);
            }}
          ><span class="dot ${this.live ? "beating" : ""}"></span> ${this.live ? "Live" : "Paused"}</button>
        </div>
      </div>
      <div class="card search-form" role="search" aria-label="Events">
        ${eventPicker({ label: "Event types", catalog: this.app.catalog }, this.types, (types) => this.#narrow({ types }))}
        <label class="field"><span class="label">Person</span>
          <input
            type="search"
            placeholder="user or anonymous id"
            .value=${this.person}
            @input=${(event: Event) => this.#narrow({ person: (event.target as HTMLInputElement).value.trim() })}
          /></label>
        <range-editor
          label="Received"
          none="Any time"
          .value=${this.range}
          @edited=${(event: EditedEvent<RangeOf | undefined>) => this.#narrow({ range: event.detail })}
        ></range-editor>
        <div class="field grow">
          <span class="label">Properties</span>
          <filter-editor
            adding="Filter by a property"
            .value=${this.filter}
            .event=${this.types.length === 1 ? (this.types[0] ?? "") : ""}
            .catalog=${this.app.catalog}
            path="filter"
            @edited=${(event: EditedEvent<FilterOf | undefined>) => this.#narrow({ filter: event.detail })}
          ></filter-editor>
        </div>
      </div>
      ${this.#list()}`;
  }

  #list(): TemplateResult {
    const { page } = this;
    if (!page) return this.failed ? failedState(this.failed, () => void this.#look(true)) : loadingState();
    const trouble = this.failed
      ? html`<p class="problem" role="alert">${sentenceOf(this.failed)}</p>`
      : nothing;
    if (page.events.length === 0) {
      const narrowed =
        this.types.length > 0 || this.person !== "" || this.range !== undefined || this.filter !== undefined;
      return html`${trouble}${
        narrowed
          ? emptyState(
              "No event is like this",
              "Loosen what you search for: leave out the filter or choose a longer time.",
            )
          : emptyState(
              "No event has arrived yet",
              "The first one shows here within a second of being sent.",
              html`<a class="button primary" href="#/home/first">Send your first event</a>`,
            )
      }`;
    }
    return html`${trouble}${eventRows(page.events, this.now, this.fresh)}
      ${
        page.next_cursor
          ? html`<button type="button" class="more" ?disabled=${this.more} @click=${() => void this.#older(page)}>
              ${this.more ? "Looking…" : "Older events"}
            </button>`
          : html`<p class="soft">That is all.</p>`
      }`;
  }

  #narrow(part: {
    types?: readonly string[];
    person?: string;
    range?: RangeOf | undefined;
    filter?: FilterOf | undefined;
  }): void {
    if (part.types) this.types = part.types;
    if (part.person !== undefined) this.person = part.person;
    if ("range" in part) this.range = part.range;
    if ("filter" in part) this.filter = part.filter;
    this.#outdated = true;
    if (ofFilter(this.filter, "filter").length > 0) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(true), 250);
  }

  get #choice(): EventChoice {
    const { start, end } = instantsOf(this.range);
    const [only] = this.types;
    const several: FilterOf | undefined =
      this.types.length > 1 ? { property: "event_type", operator: "in", value: this.types } : undefined;
    const filter = joined([...conjuncts(this.filter), ...conjuncts(several)]);
    return {
      ...(only !== undefined && this.types.length === 1 ? { event_type: only } : {}),
      ...(this.person ? { person: this.person } : {}),
      ...(start ? { since: start } : {}),
      ...(end ? { until: end } : {}),
      ...(filter ? { filter } : {}),
    };
  }

  /** Looks for the newest; older ones that were turned to stay below them. */
  async #look(anew: boolean): Promise<void> {
    if (ofFilter(this.filter, "filter").length > 0) return;
    this.#asked += 1;
    const asked = this.#asked;
    this.#looking = true;
    this.#outdated ||= anew;
    try {
      const found = await listEvents(this.app.client, this.#choice, SHOWN);
      if (asked !== this.#asked) return;
      this.failed = null;
      this.now = Date.now();
      const before = this.#outdated ? null : this.page;
      this.#outdated = false;
      const known = new Set(before?.events.map((event) => event.event_id));
      const arrived = found.events.filter((event) => !known.has(event.event_id));
      this.fresh = new Set(before ? arrived.map((event) => event.event_id) : []);
      const reaches = before !== null && arrived.length < found.events.length;
      this.page =
        before && reaches
          ? { events: [...arrived, ...before.events], next_cursor: before.next_cursor }
          : found;
    } catch (cause) {
      if (asked === this.#asked) this.failed = cause;
    } finally {
      if (asked === this.#asked) this.#looking = false;
    }
  }

  async #older(page: EventPage): Promise<void> {
    this.more = true;
    this.live = false;
    try {
      const next = await listEvents(this.app.client, this.#choice, SHOWN, page.next_cursor ?? undefined);
      this.page = { events: [...page.events, ...next.events], next_cursor: next.next_cursor };
    } catch (cause) {
      this.failed = cause;
    }
    this.more = false;
  }
}

customElements.define("events-page", EventsPage);
