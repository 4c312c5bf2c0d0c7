import { html, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { ListedReport } from "../api/reports";
import type { App } from "../app";
import { PageElement } from "../page-element";
import { emptyState } from "../parts/states";
import { pageSnippet } from "../share/snippets";
import { icon } from "../shell/icons";
import { addressOf } from "../shell/route";

/** The page that a new server opens with: a report that moves, an event to send, and the report in one's own page. */
export class FirstSteps extends PageElement {
  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) reports: readonly ListedReport[] = [];
  @state() private arrived = false;

  protected override render(): TemplateResult {
    const sample = this.reports.find((report) => report.widget_count > 0);
    return html`<ol class="first-steps">
      <li class="card">
        ${head(1, "Send your first event", this.arrived)}
        <p class="soft">Paste this where you work. Its light turns green within a second or two.</p>
        <first-event
          .app=${this.app}
          @arrived=${() => {
            this.arrived = true;
          }}
        ></first-event>
      </li>
      <li class="card">
        ${head(2, "Embed a report in your product", false)}
        ${
          sample
            ? html`<p class="soft">
                  Two lines in your page show <b>${sample.report_name}</b>, live. Your server answers the token-provider; the code for it is on the report’s
                  share page, with a preview.
                </p>
                <copyable-code label="Your page" .text=${pageSnippet(location.origin, sample.report_id, "auto")}></copyable-code>
                <div class="row">
                  <a class="button primary" href=${addressOf(["reports", sample.report_id, "share"])}>Share ${sample.report_name.slice(0, 40)}</a>
                </div>`
            : html`<p class="soft">Make a report first: a template takes a minute.</p>
                <div class="row"><a class="button primary" href="#/reports/new">New report</a></div>`
        }
      </li>
      <li class="card wide">
        ${head(3, sample ? `A report that moves: ${sample.report_name}` : "A report that moves", false)}
        ${
          sample
            ? html`<p class="soft">
                  It changes by itself within a second of an event.
                  <a href=${addressOf(["reports", sample.report_id, "edit"])}>Change it</a>, or <a href="#/reports/new">make one of your own</a>.
                </p>
                <tidemark-report
                  hide-title
                  .report=${sample.report_id}
                  .token=${this.app.client.session.token}
                  .src=${location.origin}
                  .theme=${document.documentElement.dataset.theme ?? "auto"}
                ></tidemark-report>`
            : emptyState("No report yet", "It appears here once you have made one.", nothing)
        }
      </li>
    </ol>`;
  }
}

function head(step: number, title: string, done: boolean): TemplateResult {
  return html`<h2><span class="step-mark ${done ? "done" : ""}">${done ? icon("check") : step}</span> ${title}</h2>`;
}
