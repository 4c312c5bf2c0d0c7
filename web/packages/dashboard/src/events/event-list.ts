import { Format } from "@tidemark/widgets/format";
import { html, nothing, type TemplateResult } from "lit";
import { type Properties, personOf, type StoredEvent } from "../api/events";
import { addressOf } from "../shell/route";

/** Events, each of which opens to all that it carries. */
export function eventRows(
  events: readonly StoredEvent[],
  now: number,
  fresh: ReadonlySet<string> = new Set(),
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
            <time datetime=${event.timestamp} title=${new Date(event.timestamp).toLocaleString()}>${format.ago(Date.parse(event.timestamp), now)}</time>
          </summary>
          ${eventDetail(event, person)}
        </details>
      </li>`;
    })}
  </ol>`;
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
