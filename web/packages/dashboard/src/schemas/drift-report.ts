import { Format } from "@tidemark/widgets/format";
import { html, nothing, type TemplateResult } from "lit";
import type { SchemaDrift } from "../api/schemas";

type Drift = SchemaDrift["drift"][number];

/** In what the events of late differ from the schema. */
export function driftReport(report: SchemaDrift | null): TemplateResult {
  if (!report) return html`<p class="soft">There is no schema to compare with.</p>`;
  const format = new Format();
  const { observed_events, drift, total, version } = report;
  if (observed_events === 0) return html`<p class="soft">No event of this type has been stored yet.</p>`;
  const looked = `${format.number(observed_events)} of the newest events were compared with version ${version}.`;
  if (drift.length === 0) return html`<p class="good-words">All fit.</p><p class="soft">${looked}</p>`;
  return html`<p class="soft">${looked}</p>
    <ul class="findings">
      ${drift.map(
        (each) => html`<li>
          <code>${each.property}</code> <span>${told(each)}</span>
          <span class="soft">in ${format.number(each.events)} (${format.percent(each.events / observed_events)})${
            each.example_event_id ? html`, as in <code>${each.example_event_id}</code>` : nothing
          }</span>
        </li>`,
      )}
    </ul>
    ${total > drift.length ? html`<p class="soft">and ${format.number(total - drift.length)} more</p>` : nothing}`;
}

/** A difference in words. */
export function told({ kind, seen, expected }: Drift): string {
  switch (kind) {
    case "unknown_property":
      return `is not in the schema${seen ? `; it is a ${seen}` : ""}`;
    case "type_mismatch":
      return `is a ${seen ?? "value of another type"} where the schema says ${expected ?? "otherwise"}`;
    case "missing_required":
      return "is required and missing";
  }
}
