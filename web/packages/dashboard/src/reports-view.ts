import type { ReportHead } from "@tidemark/widgets/api";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { PageElement } from "./page-element";
import { datesOf, type Range } from "./period";
import type { Server } from "./server";

/** The list of reports, the chosen one live, and how to embed it. */
export class ReportsView extends PageElement {
  @property({ attribute: false }) server: Server | null = null;
  @property({ attribute: false }) reports: readonly ReportHead[] = [];
  /** The chosen report; empty for the first. */
  @property() chosen = "";
  @state() private range: Range = { preset: "default", start: "", end: "" };
  @state() private embedding = false;
  @state() private choosing = false;
  @state() private templates = false;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("chosen")) this.choosing = false;
    if (changed.has("server")) {
      void this.server?.offers().then((offers) => {
        this.templates = offers.templates;
      });
    }
  }

  protected override render(): TemplateResult {
    const report = this.reports.find((entry) => entry.report_id === this.chosen) ?? this.reports[0];
    if (!report || !this.server) {
      return this.templates ? html`<div class="lone-templates">${this.#templates()}</div>` : noReports();
    }
    const { start, end } = datesOf(this.range, new Date());
    return html`<div class="reports">
      ${
        this.reports.length > 1
          ? html`<nav class="list" aria-label="Reports">
              <h2>Reports</h2>
              <ul>
                ${this.reports.map(
                  (entry) => html`<li>
                    <a
                      href="#/reports/${encodeURIComponent(entry.report_id)}"
                      title=${entry.report_name}
                      aria-current=${entry.report_id === report.report_id ? "page" : "false"}
                      >${entry.report_name}</a
                    >
                  </li>`,
                )}
              </ul>
            </nav>`
          : nothing
      }
      <div class="chosen">
        <div class="row">
          <range-picker
            .range=${this.range}
            @range-change=${(event: CustomEvent<Range>) => {
              this.range = event.detail;
            }}
          ></range-picker>
          <div class="range">
          ${
            this.templates
              ? html`<button
                  type="button"
                  class="template-toggle"
                  aria-expanded=${this.choosing ? "true" : "false"}
                  @click=${() => {
                    this.choosing = !this.choosing;
                  }}
                >
                  ${this.choosing ? "Close templates" : "New report from template"}
                </button>`
              : nothing
          }
          <button
            type="button"
            class="embed-toggle"
            aria-expanded=${this.embedding ? "true" : "false"}
            @click=${() => {
              this.embedding = !this.embedding;
            }}
          >
            ${this.embedding ? "Close embed" : "Embed"}
          </button>
          </div>
        </div>
        ${this.choosing ? this.#templates() : nothing}
        ${
          this.embedding
            ? html`<embed-panel .server=${this.server} .report=${report.report_id}></embed-panel>`
            : html`<tidemark-report
                .report=${report.report_id}
                .token=${this.server.key}
                .src=${location.origin}
                .startTime=${start}
                .endTime=${end}
                .interval=${this.range.preset === "default" ? "" : "auto"}
              ></tidemark-report>`
        }
      </div>
    </div>`;
  }

  #templates(): TemplateResult {
    return html`<templates-panel
      .server=${this.server}
      @made=${(event: CustomEvent<string>) => {
        this.choosing = false;
        this.dispatchEvent(new CustomEvent<string>("made", { detail: event.detail }));
      }}
    ></templates-panel>`;
  }
}

function noReports(): TemplateResult {
  return html`<section class="card lone">
    <h2>No reports yet</h2>
    <p class="soft">
      A report is made with <code>POST /api/v1/reports</code>; the API is described at <a href="/openapi">/openapi</a>. Until
      then, <a href="#/events">send an event</a> and look at it under <a href="#/explore">Explore</a>.
    </p>
  </section>`;
}
