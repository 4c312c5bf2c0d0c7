import type { RangeOf } from "@tidemark/widgets/questions";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { readReport, type StoredReport } from "../api/reports";
import type { App } from "../app";
import { PageElement } from "../page-element";
import { Loader } from "../parts/loader";
import { emptyState } from "../parts/states";
import type { EditedEvent } from "../question/editor";
import { localDate } from "../question/range-editor";
import { icon } from "../shell/icons";
import { addressOf, go } from "../shell/route";

/** A report to look at: live, for the period that is chosen, with the way to its editor and to sharing it. */
export class ReportView extends PageElement {
  @property({ attribute: false }) app!: App;
  @property() report = "";
  @property({ type: Boolean }) sharing = false;
  @state() private range: RangeOf | undefined = undefined;
  @state() private theme = document.documentElement.dataset.theme ?? "auto";
  readonly #loader = new Loader<StoredReport>(this);

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("tidemark-look", this.#look);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("tidemark-look", this.#look);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("report")) this.#loader.load(() => readReport(this.app.client, this.report));
  }

  protected override render(): TemplateResult {
    return this.#loader.view((report) => this.#show(report));
  }

  #show(report: StoredReport): TemplateResult {
    const { start, end } = datesOf(this.range, new Date());
    return html`<div class="page-head">
        <h1 title=${report.report_name}>${report.report_name}</h1>
        <div class="actions">
          ${
            this.sharing
              ? nothing
              : html`<range-editor
            label="Period"
            none="As designed"
            .value=${this.range}
            @edited=${(event: EditedEvent<RangeOf | undefined>) => {
              this.range = event.detail;
            }}
          ></range-editor>`
          }
          ${
            this.app.may("reports:edit")
              ? html`<a class="button" href=${addressOf(["reports", this.report, "edit"])}>${icon("edit")} Edit</a>`
              : nothing
          }
          ${this.app.may("reports:share") ? this.#share() : nothing}
        </div>
      </div>
      ${
        this.sharing && this.app.may("reports:share")
          ? html`<share-panel .app=${this.app} .report=${this.report}></share-panel>`
          : report.widgets.length === 0
            ? emptyState(
                "This report has no widgets yet",
                this.app.may("reports:edit")
                  ? "Add the first one in the editor."
                  : "Somebody who may edit can add one.",
                this.app.may("reports:edit")
                  ? html`<a class="button primary" href=${addressOf(["reports", this.report, "edit"])}>Edit this report</a>`
                  : nothing,
              )
            : html`<tidemark-report
                hide-title
                hide-controls
                .report=${this.report}
                .token=${this.app.client.session.token}
                .src=${location.origin}
                .theme=${this.theme}
                .startTime=${start}
                .endTime=${end}
                .interval=${this.range === undefined ? "" : "auto"}
              ></tidemark-report>`
      }`;
  }

  #share(): TemplateResult {
    return html`<button
      type="button"
      aria-expanded=${this.sharing ? "true" : "false"}
      @click=${() => go(this.sharing ? ["reports", this.report] : ["reports", this.report, "share"])}
    >${this.sharing ? "Close sharing" : "Share"}</button>`;
  }

  readonly #look = () => {
    this.theme = document.documentElement.dataset.theme ?? "auto";
  };
}

const MINUTE_MILLIS = 60_000;
const HOUR_MILLIS = 60 * MINUTE_MILLIS;

/** The start and end of a chosen period as the report's address takes them; empty where the report's own holds. */
export function datesOf(
  range: RangeOf | undefined,
  now: Date,
): { readonly start: string; readonly end: string } {
  if (range === undefined) return { start: "", end: "" };
  if (!("last" in range)) {
    return range.start_time && range.end_time
      ? { start: range.start_time, end: range.end_time }
      : { start: "", end: "" };
  }
  const [, count = "1", unit = "d"] = /^(\d+)([mhdwM])$/.exec(range.last) ?? [];
  const number = Number(count);
  if (unit === "m" || unit === "h") {
    const start = new Date(now.getTime() - number * (unit === "m" ? MINUTE_MILLIS : HOUR_MILLIS));
    return { start: start.toISOString(), end: "" };
  }
  const first = new Date(now);
  if (unit === "M") first.setMonth(first.getMonth() - number);
  else first.setDate(first.getDate() - number * (unit === "w" ? 7 : 1));
  first.setDate(first.getDate() + 1);
  return { start: localDate(first), end: localDate(now) };
}
