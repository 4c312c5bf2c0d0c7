import { Format } from "@tidemark/widgets/format";
import type { Question } from "@tidemark/widgets/questions";
import { html, nothing, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { type ListedReport, listReports } from "../api/reports";
import { Page, whileVisible } from "../page-element";
import { Loader } from "../parts/loader";
import { emptyState } from "../parts/states";
import type { AnswerPreview } from "../question/answer-preview";
import { defineQuestionElements } from "../question/elements";
import { addressOf } from "../shell/route";
import { FirstEvent } from "./first-event";
import { FirstSteps } from "./first-steps";

defineQuestionElements();
customElements.define("first-event", FirstEvent);
customElements.define("first-steps", FirstSteps);

const LOOK_MILLIS = 10_000;
const STARTED = "tidemark.started";

const TILES: readonly { readonly title: string; readonly question: Question }[] = [
  {
    title: "Active now",
    question: {
      type: "metric",
      measures: [{ name: "Active now", measure: "active_users_now", minutes: 5 }],
      range: { last: "1h" },
    },
  },
  {
    title: "People, 24 hours",
    question: {
      type: "metric",
      measures: [{ name: "People", measure: "users" }],
      range: { last: "24h" },
      compare: "previous_period",
      sparkline: true,
    },
  },
  {
    title: "Events, 24 hours",
    question: {
      type: "metric",
      measures: [{ name: "Events", measure: "events" }],
      range: { last: "24h" },
      compare: "previous_period",
      sparkline: true,
    },
  },
];

const LAST_HOUR: Question = {
  type: "trend",
  measures: [{ name: "Events", measure: "events" }],
  interval: "minute",
  range: { last: "60m" },
};

const TOP: Question = {
  type: "table",
  measures: [
    { name: "Events", measure: "events" },
    { name: "People", measure: "users" },
  ],
  breakdowns: ["event_type"],
  limit: 6,
  range: { last: "24h" },
};

/** What is going on at this moment, the reports, and for whoever is new the first steps. */
export class HomePage extends Page {
  @state() private started = localStorage.getItem(STARTED) === "yes";
  readonly #reports = new Loader<readonly ListedReport[]>(this);
  #end: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#reports.load(() => listReports(this.app.client));
    this.#end = whileVisible(LOOK_MILLIS, () => {
      for (const preview of this.querySelectorAll<AnswerPreview>("answer-preview")) preview.refresh();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end?.();
  }

  protected override render(): TemplateResult {
    // The first steps send an event and look for it.
    const steps = this.app.may("events:read") && this.app.may("reports:edit");
    const first = steps && (this.route.rest[0] === "first" || !this.started);
    return html`<div class="page-head"><h1>${first ? "Welcome to Tidemark" : "Home"}</h1>
        <div class="actions">
          ${
            first
              ? html`<button type="button" @click=${this.#start}>Skip the first steps</button>`
              : steps
                ? html`<a class="button" href="#/home/first">First steps</a>`
                : nothing
          }
        </div>
      </div>
      ${first ? this.#reports.view((reports) => html`<first-steps .app=${this.app} .reports=${reports}></first-steps>`) : this.#overview()}`;
  }

  readonly #start = () => {
    localStorage.setItem(STARTED, "yes");
    this.started = true;
    location.hash = "#/home";
  };

  #overview(): TemplateResult {
    return html`${this.app.may("data:query") ? this.#numbers() : nothing}
      <h2 class="between">Reports</h2>
      ${this.#reports.view((reports) => this.#list(reports))}`;
  }

  #numbers(): TemplateResult {
    const { client } = this.app;
    return html`<div class="tiles">
        ${TILES.map(
          ({ title, question }) =>
            html`<answer-preview class="tile" .client=${client} .question=${question} display="number" .caption=${title}></answer-preview>`,
        )}
      </div>
      <div class="two-thirds">
        <answer-preview class="tall" .client=${client} .question=${LAST_HOUR} display="area" caption="Events in the last hour"></answer-preview>
        <answer-preview class="tall" .client=${client} .question=${TOP} display="table" caption="What happens most, 24 hours"></answer-preview>
      </div>`;
  }

  #list(reports: readonly ListedReport[]): TemplateResult {
    if (reports.length === 0) {
      return emptyState(
        "No reports yet",
        this.app.may("reports:edit")
          ? "Begin with a template or an empty report."
          : "Somebody who may edit can make one.",
        this.app.may("reports:edit")
          ? html`<a class="button primary" href="#/reports/new">New report</a>`
          : nothing,
      );
    }
    const newest = [...reports].sort((a, b) => b.updated_at.localeCompare(a.updated_at)).slice(0, 6);
    const format = new Format();
    return html`<ul class="rows in-columns">
      ${newest.map(
        ({ report_id, report_name, widget_count, updated_at }) => html`<li class="row-card">
          <a class="row-link" href=${addressOf(["reports", report_id])}>
            <b title=${report_name}>${report_name}</b>
            <span class="soft">${widget_count === 1 ? "1 widget" : `${widget_count} widgets`}, changed ${format.ago(Date.parse(updated_at), Date.now())}</span>
          </a>
        </li>`,
      )}
    </ul>`;
  }
}

customElements.define("home-page", HomePage);
