import type { Controls } from "@tidemark/widgets/api";
import {
  type Choices,
  choicesIn,
  NO_CHOICES,
  picksIn,
  propertyName,
  putChoices,
  sameChoices,
} from "@tidemark/widgets/choices";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { readReport, type StoredReport } from "../api/reports";
import type { App } from "../app";
import { PageElement } from "../page-element";
import { Loader } from "../parts/loader";
import { emptyState } from "../parts/states";
import { icon } from "../shell/icons";
import { addressOf, go } from "../shell/route";
import { NO_CONTROLS } from "./draft";

const LONGEST_DAYS = 3660;

/**
 * A report to look at: live, with everything to choose that the server lets the session ask, and the way to its editor and to
 * sharing it. What is chosen stands in the address.
 */
export class ReportView extends PageElement {
  @property({ attribute: false }) app!: App;
  @property() report = "";
  @property({ type: Boolean }) sharing = false;
  @property({ attribute: false }) query = new URLSearchParams();
  @state() private properties: readonly string[] = [];
  /** Properties by which somebody is about to filter. */
  @state() private added: readonly string[] = [];
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
    if (!changed.has("report")) return;
    this.added = [];
    this.#loader.load(() => readReport(this.app.client, this.report));
    if (this.app.may("data:query")) {
      void this.app.catalog.properties().then((found) => {
        this.properties = found.map(({ property: name }) => name);
      });
    }
  }

  protected override render(): TemplateResult {
    return this.#loader.view((report) => this.#show(report));
  }

  #show(report: StoredReport): TemplateResult {
    const choices = choicesIn(this.query);
    const offer = this.#offer(report, choices);
    return html`<div class="page-head">
        <h1 title=${report.report_name}>${report.report_name}</h1>
        <div class="actions">
          ${this.sharing || report.widgets.length === 0 ? nothing : this.#addFilter(offer)}
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
                .offer=${offer}
                .report=${this.report}
                .token=${this.app.client.session.token}
                .src=${location.origin}
                .theme=${this.theme}
                .last=${live(choices.last)}
                .startTime=${live(choices.startTime)}
                .endTime=${live(choices.endTime)}
                .breakdown=${live(choices.breakdown)}
                .filters=${live(choices.filters)}
                .interval=${choices.last || choices.startTime ? "auto" : ""}
                @tidemark-change=${(event: CustomEvent<Choices>) => this.#chosen(event.detail)}
              ></tidemark-report>`
      }`;
  }

  /** Who may ask the server anything is offered anything; others what the author allows, of any period. */
  #offer(report: StoredReport, choices: Choices): Controls {
    const allowed = report.controls ?? NO_CONTROLS;
    const own = { ...allowed, date_range: true, max_days: LONGEST_DAYS };
    if (!this.app.may("data:query")) return own;
    const filters = [...allowed.filters, ...Object.keys(picksIn(choices.filters)), ...this.added];
    const split = choices.breakdown && choices.breakdown !== "none" ? [choices.breakdown] : [];
    return {
      ...own,
      breakdown: [...new Set([...allowed.breakdown, ...this.properties, ...split])],
      filters: [...new Set(filters)],
      drill_down: "people",
    };
  }

  #addFilter({ filters }: Controls): TemplateResult | typeof nothing {
    const more = this.properties.filter((name) => !filters.includes(name));
    if (more.length === 0) return nothing;
    return html`<select
      aria-label="Filter by a property"
      @change=${(event: Event) => {
        const select = event.target as HTMLSelectElement;
        this.added = [...this.added, select.value];
        select.value = "";
      }}
    >
      <option value="">Filter by…</option>
      ${more.map((name) => html`<option value=${name}>${propertyName(name)}</option>`)}
    </select>`;
  }

  #chosen(choices: Choices): void {
    if (sameChoices(choices, NO_CHOICES)) this.added = [];
    const parameters = new URLSearchParams();
    putChoices(parameters, choices);
    go(["reports", this.report], Object.fromEntries(parameters));
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
