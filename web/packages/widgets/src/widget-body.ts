import { html, type TemplateResult } from "lit";
import { analysisBody } from "./analysis-body";
import type { Problem, TrendData, WidgetAnswer } from "./api";
import { chartBody, emptyMessage, tableBody, type WidgetSetting } from "./body-parts";
import { Format } from "./format";
import { errorMark } from "./marks";
import { problemText } from "./problem-text";
import { isEmptyTrend } from "./trend-lines";
import { trendPlot } from "./trend-plot";

/** Draws a widget's answer in its display, or says why there is nothing to draw. */
export function widgetBody(widget: WidgetAnswer, setting: WidgetSetting): TemplateResult {
  if (widget.error) return problemMessage(widget.error);
  switch (widget.type) {
    case "trend":
      return widget.data ? trendBody(widget, widget.data, setting) : emptyMessage();
    case "metric":
      return widget.data
        ? html`<tidemark-number .metric=${widget.data} .locale=${setting.locale} .drill=${setting.drill}></tidemark-number>`
        : emptyMessage();
    case "table":
      return widget.data && widget.data.rows.length > 0
        ? tableBody(widget, widget.data, setting)
        : emptyMessage();
    case "funnel":
    case "retention":
    case "cohort":
    case "stickiness":
    case "paths":
      return analysisBody(widget, setting);
  }
}

function trendBody(widget: WidgetAnswer, data: TrendData, setting: WidgetSetting): TemplateResult {
  if (widget.display === "number") {
    return html`<tidemark-number .trend=${data} .locale=${setting.locale} .drill=${setting.drill}></tidemark-number>`;
  }
  if (isEmptyTrend(data)) return emptyMessage();
  if (widget.display === "table") {
    return html`<tidemark-table
      .trend=${data}
      .caption=${widget.title}
      .locale=${setting.locale}
      .drill=${setting.drill}
    ></tidemark-table>`;
  }
  const display = widget.display === "area" || widget.display === "bar" ? widget.display : "line";
  return chartBody(widget, trendPlot(data, new Format(setting.locale || undefined)), display, setting);
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
