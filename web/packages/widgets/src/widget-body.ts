import { html, type TemplateResult } from "lit";
import type { Problem, WidgetAnswer } from "./api";
import type { ChartDisplay } from "./chart-option";
import { emptyMark, errorMark } from "./marks";
import { problemText } from "./problem-text";
import { isEmptyTrend } from "./trend-lines";

/** What surrounds the drawing of a widget. */
export interface WidgetSetting {
  readonly locale: string;
  /** Changes with the colours around the widget. */
  readonly look: string;
}

/** Draws a widget's answer in its display, or says why there is nothing to draw. */
export function widgetBody(widget: WidgetAnswer, setting: WidgetSetting): TemplateResult {
  if (widget.error) return problemMessage(widget.error);
  switch (widget.type) {
    case "trend":
      return widget.data ? trendBody(widget, widget.data, setting) : emptyMessage();
    case "metric":
      return widget.data
        ? html`<tidemark-number .metric=${widget.data} .locale=${setting.locale}></tidemark-number>`
        : emptyMessage();
    case "table":
      return widget.data && widget.data.rows.length > 0
        ? html`<tidemark-table
            .data=${widget.data}
            .caption=${widget.title}
            .locale=${setting.locale}
          ></tidemark-table>`
        : emptyMessage();
  }
}

function trendBody(
  widget: WidgetAnswer & { type: "trend" },
  data: NonNullable<(WidgetAnswer & { type: "trend" })["data"]>,
  setting: WidgetSetting,
): TemplateResult {
  const display = widget.display ?? "line";
  if (display === "number") {
    return html`<tidemark-number .trend=${data} .locale=${setting.locale}></tidemark-number>`;
  }
  if (isEmptyTrend(data)) return emptyMessage();
  if (display === "table") {
    return html`<tidemark-table
      .trend=${data}
      .caption=${widget.title}
      .locale=${setting.locale}
    ></tidemark-table>`;
  }
  const drawn: ChartDisplay = display;
  return html`<tidemark-chart
    .data=${data}
    .display=${drawn}
    .name=${widget.title}
    .locale=${setting.locale}
    .look=${setting.look}
  ></tidemark-chart>`;
}

function emptyMessage(): TemplateResult {
  return html`<div class="message" data-state="empty">
    ${emptyMark}
    <strong>Nothing in this period yet</strong>
    <p>Choose a longer period, or send an event: it appears here by itself.</p>
  </div>`;
}

function problemMessage(problem: Problem): TemplateResult {
  const { title, advice } = problemText(problem);
  return html`<div class="message" data-state="error" role="alert">
    ${errorMark}
    <strong>${title}</strong>
    <p>${advice}</p>
    ${problem.correlation_id ? html`<code>${problem.correlation_id}</code>` : ""}
  </div>`;
}
