import { Format } from "@tidemark/widgets/format";
import { html, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { sentenceOf } from "../api/client";
import { duplicateReport, type ListedReport, listReports, removeReport } from "../api/reports";
import type { App } from "../app";
import { PageElement } from "../page-element";
import { Loader } from "../parts/loader";
import { emptyState } from "../parts/states";
import { small } from "../question/measures-editor";
import { icon } from "../shell/icons";
import { addressOf, go } from "../shell/route";

/** All reports: to open, to duplicate and to delete, which can be taken back for a while. */
export class ReportList extends PageElement {
  @property({ attribute: false }) app!: App;
  @state() private search = "";
  /** Deleted here, and not on the server while it can be taken back. */
  @state() private gone: ReadonlySet<string> = new Set();
  readonly #reports = new Loader<readonly ListedReport[]>(this);

  override connectedCallback(): void {
    super.connectedCallback();
    this.#reports.load(() => listReports(this.app.client));
  }

  protected override render(): TemplateResult {
    return html`<div class="page-head">
        <h1>Reports</h1>
        <div class="actions">
          ${this.app.may("reports:edit") ? html`<a class="button primary" href="#/reports/new">${icon("plus")} New report</a>` : nothing}
        </div>
      </div>
      ${this.#reports.view((reports) => this.#list(reports.filter((report) => !this.gone.has(report.report_id))))}`;
  }

  #list(reports: readonly ListedReport[]): TemplateResult {
    if (reports.length === 0) {
      return emptyState(
        "No reports yet",
        this.app.may("reports:edit")
          ? "Begin with a template that fits your events, or with an empty report."
          : "Somebody who may edit can make one.",
        this.app.may("reports:edit")
          ? html`<a class="button primary" href="#/reports/new">New report</a>`
          : nothing,
      );
    }
    const wanted = this.search.trim().toLowerCase();
    const found = reports.filter((report) => report.report_name.toLowerCase().includes(wanted));
    return html`${
      reports.length > 5
        ? html`<label class="field search"><span class="unseen">Search reports</span>
            <input
              type="search"
              placeholder="Search reports"
              .value=${this.search}
              @input=${(event: Event) => {
                this.search = (event.target as HTMLInputElement).value;
              }}
            /></label>`
        : ""
    }
    ${found.length === 0 ? html`<p class="soft">No report is called so.</p>` : html`<ul class="rows">${found.map((report) => this.#row(report))}</ul>`}`;
  }

  #row(report: ListedReport): TemplateResult {
    const { report_id, report_name, widget_count, updated_at } = report;
    const ago = new Format().ago(Date.parse(updated_at), Date.now());
    return html`<li class="row-card">
      <a class="row-link" href=${addressOf(["reports", report_id])}>
        <b title=${report_name}>${report_name}</b>
        <span class="soft">${widget_count === 1 ? "1 widget" : `${widget_count} widgets`}, changed ${ago}</span>
      </a>
      ${this.app.may("reports:edit") ? this.#deeds(report) : nothing}
    </li>`;
  }

  #deeds(report: ListedReport): TemplateResult {
    const { report_id, report_name } = report;
    return html`<div class="actions">
        ${small("edit", `Edit ${report_name}`, () => go(["reports", report_id, "edit"]))}
        ${small("copy", `Duplicate ${report_name}`, () => void this.#duplicate(report))}
        ${small("remove", `Delete ${report_name}`, () => this.#remove(report))}
      </div>`;
  }

  async #duplicate(report: ListedReport): Promise<void> {
    try {
      const made = await duplicateReport(this.app.client, report.report_id);
      await this.#reports.refresh();
      this.app.notify({
        text: "Duplicated",
        action: { label: "Edit the copy", run: () => go(["reports", made.report_id, "edit"]) },
      });
    } catch (cause) {
      this.app.notify({ text: sentenceOf(cause), bad: true });
    }
  }

  #remove(report: ListedReport): void {
    const { report_id, report_name } = report;
    this.gone = new Set([...this.gone, report_id]);
    this.app.notify({
      text: `Deleted “${report_name.slice(0, 60)}”`,
      action: { label: "Undo", run: () => this.#restore(report_id) },
      unless: (leaving) =>
        void removeReport(this.app.client, report_id, leaving).catch((cause: unknown) => {
          this.#restore(report_id);
          this.app.notify({ text: sentenceOf(cause), bad: true });
        }),
    });
  }

  #restore(id: string): void {
    this.gone = new Set([...this.gone].filter((other) => other !== id));
  }
}
