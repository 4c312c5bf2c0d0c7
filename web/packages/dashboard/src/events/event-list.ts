import { Format } from "@tidemark/widgets/format";
import { html, nothing, type TemplateResult } from "lit";
import { type Properties, personOf, type StoredEvent } from "../api/events";
import { addressOf } from "../shell/route";

const LATE_MILLIS = 60_000;

/**
 * Events, each of which opens to all that it carries.
 *
 * @param history whether it is of interest when they happened rather than when they came
 */
export function eventRows(
  events: readonly StoredEvent[],
  now: number,
  fresh: ReadonlySet<string> = new Set(),
  history = false,
): TemplateResult {
  const format = new Format();
  return html`<ol class="event-rows">
    ${events.map((event) => {
      const person = personOf(event);
      return html`<li class=${fresh.has(event.event_id) ? "fresh" : ""}>
        <details>
          <summary>
            <b title=${event.event_type}>${event.event_type}</b>
            <span class="gist" title=${gistOf(event)}>${gistOf(event)}</span>
            <span class="who" title=${person}>${person || "nobody"}</span>
            ${timeOf(event, format, now, history)}
          </summary>
          ${eventDetail(event, person)}
        </details>
      </li>`;
    })}
  </ol>`;
}

/** When an event was received, by which lists are sorted, and when it happened where that was a good while before; in a history the other way round. */
function timeOf(
  { timestamp, received_at }: StoredEvent,
  format: Format,
  now: number,
  history: boolean,
): TemplateResult {
  const happened = Date.parse(timestamp);
  const received = Date.parse(received_at);
  const title = `Happened ${new Date(happened).toLocaleString()}, received ${new Date(received).toLocaleString()}`;
  const [first, besides] = history
    ? [happened, `received ${format.ago(received, now)}`]
    : [received, `of ${format.ago(happened, now)}`];
  return html`<time datetime=${new Date(first).toISOString()} title=${title}
    >${format.ago(first, now)}${received - happened > LATE_MILLIS ? html`<small>${besides}</small>` : nothing}</time
  >`;
}

function eventDetail(event: StoredEvent, person: string): TemplateResult {
  const heads: Properties = {
    event_id: event.event_id,
    timestamp: event.timestamp,
    received_at: event.received_at,
    user_id: event.user_id,
    anonymous_id: event.anonymous_id,
    session_id: event.session_id,
  };
  return html`<div class="event-detail">
    ${person ? html`<p><a href=${addressOf(["people", person])}>All of ${person}</a></p>` : nothing}
    ${propertyTable("Properties", event.properties)} ${propertyTable("Person", event.user)}
    ${propertyTable("Context", event.context)} ${propertyTable("Event", heads)}
  </div>`;
}

/** Names and values; nothing where there are none. */
export function propertyTable(title: string, properties: Properties): TemplateResult | typeof nothing {
  const entries = Object.entries(properties).filter(([, value]) => value !== null);
  if (entries.length === 0) return nothing;
  return html`<section>
    <h4>${title}</h4>
    <dl class="pairs">
      ${entries.map(([name, value]) => html`<div><dt title=${name}>${name}</dt><dd>${textOf(value)}</dd></div>`)}
    </dl>
  </section>`;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The first of its properties; of an event without any, where it happened. */
function gistOf({ properties, context }: StoredEvent): string {
  const entries = Object.entries(properties).slice(0, 4);
  const { page_path, page_url, country } = context;
  const told = entries.length > 0 ? entries : Object.entries({ page: page_path ?? page_url, country });
  return told
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${textOf(value)}`)
    .join(" · ");
}
