import { Format } from "@tidemark/widgets/format";
import { html, type TemplateResult } from "lit";
import type { LetterCount } from "../api/letters";
import { dayOf } from "../parts/day";
import { type Facet, perDay, tally, total } from "./tally";

const DAYS = 14;
const SHOWN = 5;
const TITLES: readonly (readonly [Facet, string, string])[] = [
  ["reason", "Reason", "no reason"],
  ["field", "Field", "no field"],
  ["event_type", "Event type", "no event type"],
];

/** How many there are by day, and of what kind; each kind narrows the list. */
export function letterTallies(
  counts: readonly LetterCount[],
  chosen: URLSearchParams,
  narrow: (facet: Facet, value: string) => void,
): TemplateResult {
  const format = new Format();
  const days = perDay(counts, DAYS, Date.now());
  const most = Math.max(1, ...days.map(({ count }) => count));
  return html`<div class="tallies">
    <section class="card">
      <h2>By day</h2>
      <p class="big-number"><b>${format.number(total(counts))}</b> <span class="soft">in all</span></p>
      <ol class="day-bars" aria-label=${`Dead letters by day (UTC), the last ${DAYS} days`}>
        ${days.map(
          ({ day, count }) => html`<li title=${`${dayOf(day)}: ${format.number(count)}`}>
            <svg viewBox="0 0 10 60" preserveAspectRatio="none" aria-hidden="true">
              <rect x="1" width="8" y=${60 - (58 * count) / most} height=${(58 * count) / most} />
            </svg>
            <span class="unseen">${dayOf(day)}: ${format.number(count)}</span>
          </li>`,
        )}
      </ol>
      <div class="row soft small-print"><span>${dayOf(days[0]?.day)}</span><span>${dayOf(days.at(-1)?.day)}</span></div>
    </section>
    ${TITLES.map(([facet, title, none]) => {
      const rows = tally(counts, facet);
      const top = rows[0]?.count ?? 1;
      return html`<section class="card">
        <h2>${title}</h2>
        <ul class="tally">
          ${rows.slice(0, SHOWN).map(
            ({ value, count }) => html`<li>
              <button
                type="button"
                class="quiet"
                ?disabled=${value === ""}
                aria-pressed=${chosen.get(facet) === value && value !== "" ? "true" : "false"}
                title=${value || none}
                @click=${() => narrow(facet, chosen.get(facet) === value ? "" : value)}
              >
                <span>${facet === "reason" ? value.replaceAll("_", " ") : value || none}</span><b>${format.number(count)}</b>
              </button>
              <progress max=${top} value=${count} aria-hidden="true"></progress>
            </li>`,
          )}
        </ul>
        ${rows.length > SHOWN ? html`<p class="soft small-print">and ${format.number(rows.length - SHOWN)} more</p>` : ""}
      </section>`;
    })}
  </div>`;
}
