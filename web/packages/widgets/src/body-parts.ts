import { html, type TemplateResult } from "lit";
import type { TableData, WidgetAnswer } from "./api";
import type { ChartDisplay } from "./chart-option";
import { emptyMark } from "./marks";
import type { Plot } from "./plot";

/** What surrounds the drawing of a widget. */
export interface WidgetSetting {
  readonly locale: string;
  /** Changes with the colours around the widget. */
  readonly look: string;
  /** Whether there is something behind the numbers to look at. */
  readonly drill: boolean;
}

export function chartBody(
  widget: WidgetAnswer,
  plot: Plot,
  display: ChartDisplay,
  setting: WidgetSetting,
): TemplateResult {
  return html`<tidemark-chart
    .plot=${plot}
    .display=${display}
    .name=${widget.title}
    .look=${setting.look}
  ></tidemark-chart>`;
}

export function tableBody(widget: WidgetAnswer, data: TableData, setting: WidgetSetting): TemplateResult {
  return html`<tidemark-table
    .data=${data}
    .caption=${widget.title}
    .locale=${setting.locale}
    .drill=${setting.drill}
  ></tidemark-table>`;
}

export function emptyMessage(
  title = "Nothing in this period yet",
  advice = "Choose a longer period, or send an event: it appears here by itself.",
): TemplateResult {
  return html`<div class="message" data-state="empty">
    ${emptyMark}
    <strong>${title}</strong>
    <p>${advice}</p>
  </div>`;
}
