import { Format } from "@tidemark/widgets/format";
import { html, nothing, type TemplateResult } from "lit";
import { type Limit, readUsage, type Usage } from "../api/usage";
import { Page, whileVisible } from "../page-element";
import { dayOf } from "../parts/day";
import { Loader } from "../parts/loader";
import { emptyState } from "../parts/states";
import { amount, share, titleOf } from "./limits";

const LOOK_MILLIS = 15_000;

/** What the tenant used of its plan, and what is left. */
export class UsagePage extends Page {
  readonly #usage = new Loader<Usage>(this);
  #end: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#usage.load(() => readUsage(this.app.client));
    this.#end = whileVisible(LOOK_MILLIS, () => void this.#usage.refresh());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end?.();
  }

  protected override render(): TemplateResult {
    return html`<div class="page-head"><h1>Usage &amp; limits</h1></div>
      ${this.#usage.view((usage) => this.#show(usage))}`;
  }

  #show({ plan, at, limits, days }: Usage): TemplateResult {
    return html`<p class="soft lead">Plan <b>${plan}</b>, as of ${new Date(at).toLocaleTimeString()}</p>
      <ul class="limits">${limits.map((limit) => this.#limit(limit))}</ul>
      <section class="card">
        <h2>By day</h2>
        ${
          days.every(({ events, queries }) => events === 0 && queries === 0)
            ? emptyState("Nothing was used yet", "The events and questions of each day show here.")
            : html`<div class="two-columns">${this.#days(days, "events", "Events")} ${this.#days(days, "queries", "Questions")}</div>`
        }
      </section>`;
  }

  #limit(limit: Limit): TemplateResult {
    const part = share(limit);
    const { hard, soft, used, state, resets_at, window } = limit;
    const format = new Format();
    return html`<li class="card limit at-${state}">
      <div class="row"><h2>${titleOf(limit)}</h2>${state === "ok" ? nothing : html`<span class="tag ${state === "hard" ? "bad" : "warn"}">${state} limit</span>`}</div>
      <p class="value">${amount(used, limit)} <span class="soft">${hard === null ? "no limit" : `of ${amount(hard, limit)}`}</span></p>
      ${
        part === null
          ? nothing
          : html`<meter
              min="0"
              max="1"
              .value=${part}
              aria-label=${`${titleOf(limit)}: ${format.percent(part)} used`}
            >${format.percent(part)}</meter>`
      }
      <p class="soft small-print">${[
        soft === null ? "" : `Warned from ${amount(soft, limit)} on`,
        resets_at && /^\d{4}-\d\d$/.test(window ?? "")
          ? `begins anew ${new Date(resets_at).toLocaleDateString()}`
          : "",
      ]
        .filter((each) => each !== "")
        .join(", ")}</p>
      ${state === "hard" ? html`<p class="wrong">What goes beyond it is refused.</p>` : nothing}
    </li>`;
  }

  #days(days: Usage["days"], what: "events" | "queries", title: string): TemplateResult {
    const format = new Format();
    const most = Math.max(1, ...days.map((day) => day[what]));
    return html`<div>
      <h3>${title}, at most ${format.number(most)} on a day</h3>
      <ol class="day-bars" aria-label=${`${title} by day`}>
        ${days.map(
          (day) => html`<li title=${`${dayOf(day.date)}: ${format.number(day[what])}`}>
            <svg viewBox="0 0 10 60" preserveAspectRatio="none" aria-hidden="true">
              <rect x="1" width="8" y=${60 - (58 * day[what]) / most} height=${(58 * day[what]) / most} />
            </svg>
            <span class="unseen">${dayOf(day.date)}: ${format.number(day[what])}</span>
          </li>`,
        )}
      </ol>
      <div class="row soft small-print"><span>${dayOf(days[0]?.date)}</span><span>${dayOf(days.at(-1)?.date)}</span></div>
    </div>`;
  }
}

customElements.define("usage-page", UsagePage);
