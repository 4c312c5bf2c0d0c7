import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import { putChoices } from "./choices";
import { controlsSheet } from "./controls-sheet";
import type { Drilled } from "./drill";
import { knownZone } from "./format";
import { RequestFailure } from "./request";
import type { Place } from "./spots";
import { stateSheet } from "./state-sheet";
import { themeSheet } from "./theme";

interface Person {
  readonly user_id: string | null;
  readonly anonymous_id: string | null;
  readonly last_at?: string;
  readonly reached_at?: string;
  readonly events?: number;
}

interface BehindEvent {
  readonly event_id: string;
  readonly event_type: string;
  readonly timestamp: string;
  readonly user_id?: string | null;
  readonly anonymous_id?: string | null;
  readonly context: Readonly<Record<string, unknown>>;
  readonly properties: Readonly<Record<string, unknown>>;
}

interface Page {
  readonly people?: readonly Person[];
  readonly events?: readonly BehindEvent[];
  readonly next_cursor: string | null;
}

type Show = "people" | "events";

const PAGE = 50;
const MOST_HEIGHT = 572;

/** The people or events behind a number, by page, in a dialog that gives the focus back when it closes. */
export class TidemarkDrill extends LitElement {
  @property({ attribute: false }) place: Place | null = null;
  @property({ attribute: false }) drilled: Drilled | null = null;
  @property({ reflect: true }) theme = "auto";
  @state() private spot = 0;
  @state() private show: Show = "events";
  @state() private pages: readonly Page[] = [];
  @state() private busy = true;
  @state() private problem = "";
  @query("dialog") private readonly dialog!: HTMLDialogElement;
  #asked = 0;

  static override styles = [
    themeSheet,
    stateSheet,
    controlsSheet,
    css`
      dialog {
        width: min(720px, calc(100vw - 24px));
        max-height: min(560px, calc(100vh - 24px));
        padding: 0;
        border: 1px solid var(--_border);
        border-radius: var(--_radius);
        background: var(--_surface);
        color: var(--_text);
        overflow: hidden;
      }
      dialog::backdrop {
        background: rgb(10 15 26 / 45%);
      }
      .sheet {
        display: flex;
        flex-direction: column;
        max-height: min(558px, calc(100vh - 26px));
      }
      header {
        display: flex;
        align-items: flex-start;
        gap: 12px;
        padding: 14px 16px 10px;
      }
      h2 {
        flex: 1;
        min-width: 0;
        margin: 0;
        font-size: 15px;
        overflow-wrap: anywhere;
      }
      .tools {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        padding: 0 16px 12px;
        border-bottom: 1px solid var(--_border);
      }
      .switch button[aria-pressed="true"] {
        border-color: var(--_accent);
        font-weight: 600;
      }
      .body {
        flex: 1;
        min-height: 0;
        overflow: auto;
      }
      table {
        width: 100%;
        border-collapse: collapse;
        font-size: 13px;
      }
      .wide {
        min-width: 540px;
      }
      th,
      td {
        padding: 7px 8px;
        text-align: left;
        vertical-align: top;
        border-bottom: 1px solid var(--_grid);
      }
      th {
        position: sticky;
        top: 0;
        background: var(--_surface);
        color: var(--_muted);
        font-weight: 500;
      }
      th:first-child,
      td:first-child {
        padding-left: 16px;
      }
      td {
        overflow-wrap: anywhere;
      }
      .when {
        white-space: nowrap;
        font-variant-numeric: tabular-nums;
      }
      @media (max-width: 520px) {
        .wide {
          min-width: 0;
        }
        thead {
          position: absolute;
          width: 1px;
          height: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }
        tbody tr {
          display: grid;
          grid-template-columns: minmax(0, 1fr) auto;
          gap: 2px 12px;
          padding: 8px 16px;
          border-bottom: 1px solid var(--_grid);
        }
        tbody td,
        tbody td:first-child {
          padding: 0;
          border: 0;
        }
        tbody td:first-child {
          font-weight: 600;
        }
        tbody td:nth-child(n + 3) {
          grid-column: 1 / -1;
        }
        .count::after {
          content: " " attr(data-unit);
        }
      }
      .facts {
        color: var(--_muted);
        font-size: 12px;
      }
      .end {
        padding: 12px 16px;
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("drilled") || !this.drilled) return;
    this.show = this.drilled.people ? "people" : "events";
    this.#again();
  }

  protected override firstUpdated(): void {
    this.dialog.showModal();
    // A frame can be much higher than the screen: its middle may be out of sight.
    if (window.parent !== window) {
      const top = Math.min(this.drilled?.placed.top ?? 0, innerHeight - MOST_HEIGHT);
      this.dialog.style.marginTop = `${Math.max(12, top)}px`;
    }
  }

  protected override render(): TemplateResult | typeof nothing {
    const { drilled, place } = this;
    if (!drilled || !place) return nothing;
    const { people } = drilled;
    return html`<dialog aria-labelledby="title" @close=${() => this.remove()} @click=${this.#beside}>
      <div class="sheet">
        <header>
          <h2 id="title">${place.title}</h2>
          <button type="button" aria-label="Close" @click=${() => this.dialog.close()}>✕</button>
        </header>
        <div class="tools">
          ${
            place.spots.length > 1
              ? html`<select
                  aria-label="Which number"
                  @change=${(event: Event) => {
                    this.spot = Number((event.target as HTMLSelectElement).value);
                    this.#again();
                  }}
                >
                  ${place.spots.map((spot, at) => html`<option value=${at} ?selected=${at === this.spot}>${spot.name}</option>`)}
                </select>`
              : nothing
          }
          ${
            people
              ? html`<div class="switch" role="group" aria-label="Show">
                  ${(["people", "events"] as const).map(
                    (show) => html`<button
                      type="button"
                      aria-pressed=${show === this.show ? "true" : "false"}
                      @click=${() => {
                        this.show = show;
                        this.#again();
                      }}
                    >${show === "people" ? "People" : "Events"}</button>`,
                  )}
                </div>`
              : nothing
          }
        </div>
        <div class="body" tabindex="0" role="region" aria-label="List" aria-busy=${this.busy ? "true" : "false"}>
          ${this.#list()}
        </div>
      </div>
    </dialog>`;
  }

  #list(): TemplateResult {
    if (this.problem) {
      return html`<div class="message" data-state="error" role="alert"><p>${this.problem}</p></div>`;
    }
    const people = this.pages.flatMap((page) => page.people ?? []);
    const events = this.pages.flatMap((page) => page.events ?? []);
    if (people.length + events.length === 0) {
      return this.busy
        ? html`<div class="message"><p>Loading…</p></div>`
        : html`<div class="message" data-state="empty"><p>Nobody and nothing is behind this number.</p></div>`;
    }
    const more = this.pages.at(-1)?.next_cursor ?? null;
    return html`${this.show === "people" ? this.#people(people) : this.#events(events)}
    ${
      more
        ? html`<div class="end"><button type="button" ?disabled=${this.busy} @click=${() => void this.#load(more)}>Show more</button></div>`
        : nothing
    }`;
  }

  #people(people: readonly Person[]): TemplateResult {
    const counted = people.some((person) => person.events !== undefined);
    return html`<table class="wide">
      <thead><tr><th scope="col">Person</th><th scope="col">${counted ? "Last seen here" : "Got there"}</th>${counted ? html`<th scope="col">Events</th>` : nothing}</tr></thead>
      <tbody>
        ${people.map(
          (person) => html`<tr>
            <td>${person.user_id ?? person.anonymous_id ?? "Unknown"}</td>
            <td class="when">${this.#time(person.last_at ?? person.reached_at)}</td>
            ${counted ? html`<td class="count" data-unit=${person.events === 1 ? "event" : "events"}>${person.events}</td>` : nothing}
          </tr>`,
        )}
      </tbody>
    </table>`;
  }

  #events(events: readonly BehindEvent[]): TemplateResult {
    const named = events.some((event) => event.user_id !== undefined);
    return html`<table>
      <thead><tr><th scope="col">Event</th><th scope="col">Time</th>${named ? html`<th scope="col">Person</th>` : nothing}<th scope="col">With</th></tr></thead>
      <tbody>
        ${events.map(
          (event) => html`<tr>
            <td>${event.event_type}</td>
            <td class="when">${this.#time(event.timestamp)}</td>
            ${named ? html`<td>${event.user_id ?? event.anonymous_id ?? "–"}</td>` : nothing}
            <td class="facts">${factsOf(event)}</td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }

  /** In the zone of the numbers, so that an event is listed on the day in whose number it is. */
  #time(time: string | undefined): string {
    if (time === undefined) return "–";
    const data = this.drilled?.placed.widget.data;
    const zone = data && "zone" in data ? data.zone : undefined;
    return new Intl.DateTimeFormat(this.drilled?.locale || undefined, {
      dateStyle: "medium",
      timeStyle: "short",
      ...(zone && { timeZone: knownZone(zone) }),
    }).format(new Date(time));
  }

  /** A click beside the sheet closes it. */
  readonly #beside = (event: Event) => {
    if (event.target === this.dialog) this.dialog.close();
  };

  #again(): void {
    this.pages = [];
    void this.#load(null);
  }

  async #load(cursor: string | null): Promise<void> {
    const { drilled } = this;
    const spot = this.place?.spots[this.spot];
    if (!drilled || !spot) return;
    this.#asked += 1;
    const asked = this.#asked;
    this.busy = true;
    this.problem = "";
    const parameters = new URLSearchParams({
      widget: drilled.placed.widget.widget_id,
      show: this.show,
      at: JSON.stringify(spot.at),
      limit: String(PAGE),
      ...(cursor === null ? {} : { cursor }),
    });
    putChoices(parameters, drilled.choices);
    parameters.set("interval", drilled.choices.interval);
    try {
      const page = await drilled.ask<Page>("behind", Object.fromEntries(parameters));
      if (asked === this.#asked) this.pages = [...this.pages, page];
    } catch (cause) {
      if (asked === this.#asked) {
        this.problem = cause instanceof RequestFailure ? cause.message : "The list could not be read.";
      }
    } finally {
      if (asked === this.#asked) this.busy = false;
    }
  }
}

export { placeOf } from "./spots";

function factsOf({ properties, context }: BehindEvent): string {
  return Object.entries({ ...properties, ...context })
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join(", ");
}
