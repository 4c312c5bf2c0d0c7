import type { Display } from "@tidemark/widgets/api";
import type { Question } from "@tidemark/widgets/questions";
import { html } from "lit";
import { sentenceOf } from "../api/client";
import { addWidget, createReport, type ListedReport, listReports } from "../api/reports";
import type { App } from "../app";
import { openDialog } from "../parts/dialog";
import { asSent } from "../question/lacking";
import { newWidget } from "../report/add-widget";
import { below } from "../report/grid";
import { go } from "../shell/route";

interface Picture {
  readonly question: Question;
  readonly display: Display;
  readonly title: string;
}

/** Asks for a report and a title, and adds what is shown to it as a widget. */
export async function saveAsWidget(app: App, picture: Picture): Promise<void> {
  let reports: readonly ListedReport[];
  try {
    reports = await listReports(app.client);
  } catch (cause) {
    app.notify({ text: sentenceOf(cause), bad: true });
    return;
  }
  const target = await askTarget(reports, picture.title);
  if (!target) return;
  const { question, display } = picture;
  const widget = { type: question.type, title: target.title, display, question: asSent(question) };
  try {
    let report = target.report;
    if (report === "") {
      const layout = { ...below([], 0, 0), ...newWidget(question).size };
      const made = await createReport(app.client, {
        report_name: target.title,
        widgets: [{ ...widget, layout }],
      });
      report = made.report_id;
    } else {
      await addWidget(app.client, report, widget);
    }
    app.notify({
      text: "Saved to the report",
      action: { label: "Look at it", run: () => go(["reports", report]) },
    });
  } catch (cause) {
    app.notify({ text: sentenceOf(cause), bad: true });
  }
}

function askTarget(
  reports: readonly ListedReport[],
  title: string,
): Promise<{ readonly report: string; readonly title: string } | null> {
  return openDialog("Save to a report", (close) => {
    const submit = (event: SubmitEvent) => {
      event.preventDefault();
      const form = new FormData(event.target as HTMLFormElement);
      close({ report: String(form.get("report")), title: String(form.get("title")).trim() });
    };
    return html`<form @submit=${submit}>
      <label class="field"><span class="label">Report</span>
        <select name="report">
          ${reports.map(({ report_id, report_name }) => html`<option value=${report_id}>${report_name}</option>`)}
          <option value="">A new report</option>
        </select>
      </label>
      <label class="field"><span class="label">Title of the widget</span>
        <input name="title" required maxlength="200" autocomplete="off" .value=${title.slice(0, 200)} />
      </label>
      <div class="row end">
        <button type="button" @click=${() => close(null)}>Cancel</button>
        <button type="submit" class="primary">Save</button>
      </div>
    </form>`;
  });
}
