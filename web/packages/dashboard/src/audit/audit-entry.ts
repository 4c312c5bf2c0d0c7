import { Format } from "@tidemark/widgets/format";
import { html, nothing, type TemplateResult } from "lit";
import type { AuditEntry } from "../api/audit";
import { actorOf, deedOf, targetOf } from "./deeds";

/** One act, which opens to all that was written down of it. */
export function auditEntry(entry: AuditEntry, names: ReadonlyMap<string, string>): TemplateResult {
  const actor = actorOf(entry, names);
  const target = targetOf(entry);
  return html`<li>
    <details>
      <summary>
        <b title=${actor}>${actor}</b>
        <span class="gist" title=${`${deedOf(entry.action)} ${target}`}>${deedOf(entry.action)}${target ? html` <span class="soft">${target}</span>` : nothing}</span>
        <span class="who">${entry.outcome === "done" ? "" : html`<span class="tag bad">${entry.outcome} ${entry.status}</span>`}</span>
        <time datetime=${entry.at} title=${new Date(entry.at).toLocaleString()}>${new Format().ago(Date.parse(entry.at), Date.now())}</time>
      </summary>
      <div class="event-detail">
        <section>
          <h4>Act ${entry.number}</h4>
          <dl class="pairs">
            ${facts(entry).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
          </dl>
        </section>
        ${change("Given", entry.given)} ${change("Before", entry.before)} ${change("After", entry.after)}
      </div>
    </details>
  </li>`;
}

function facts(entry: AuditEntry): readonly (readonly [string, string])[] {
  const { action, at, actor, status, address, forwarded_for, correlation_id, hash } = entry;
  const all: readonly (readonly [string, string | undefined])[] = [
    ["Route", action],
    ["Time", new Date(at).toLocaleString()],
    ["Role", actor.role],
    ["Actor", [actor.kind, actor.id].filter((part) => part).join(" ")],
    ["Status", String(status)],
    ["Address", forwarded_for ? `${address}, for ${forwarded_for}` : address],
    ["Correlation id", correlation_id],
    ["Hash", hash],
  ];
  return all.flatMap(([name, value]) => (value ? [[name, value] as const] : []));
}

function change(
  title: string,
  value: Readonly<Record<string, unknown>> | undefined,
): TemplateResult | typeof nothing {
  if (!value || Object.keys(value).length === 0) return nothing;
  return html`<section><h4>${title}</h4><pre class="entry-json" tabindex="0" aria-label=${title}><code>${JSON.stringify(value, null, 2)}</code></pre></section>`;
}
