import { html, type TemplateResult } from "lit";
import type { CohortData, FunnelData, PathsData, RetentionData, StickinessData } from "./analysis-api";
import { cohortPlot, funnelPlot, retentionPlot, stickinessPlot } from "./analysis-plots";
import { funnelTable, pathsTable, stickinessTable } from "./analysis-tables";
import type { WidgetAnswer } from "./api";
import { chartBody, emptyMessage, tableBody, type WidgetSetting } from "./body-parts";
import { Format } from "./format";

type Analysis = Exclude<WidgetAnswer, { readonly type: "trend" | "metric" | "table" }>;

/** Draws the answer of an analysis in its display, or says what to do when there is nothing in it. */
export function analysisBody(widget: Analysis, setting: WidgetSetting): TemplateResult {
  switch (widget.type) {
    case "funnel":
      return widget.data ? funnelBody(widget, widget.data, setting) : emptyMessage();
    case "retention":
      return widget.data ? retentionBody(widget, widget.data, setting) : emptyMessage();
    case "cohort":
      return widget.data ? cohortBody(widget, widget.data, setting) : emptyMessage();
    case "stickiness":
      return widget.data ? stickinessBody(widget, widget.data, setting) : emptyMessage();
    case "paths":
      return widget.data ? pathsBody(widget, widget.data, setting) : emptyMessage();
  }
}

function funnelBody(widget: WidgetAnswer, data: FunnelData, setting: WidgetSetting): TemplateResult {
  const first = data.steps[0];
  if (!first || first.count === 0) {
    return emptyMessage(
      "Nobody has entered this funnel",
      `There is no “${shortened(first?.name ?? "first step")}” in this period. Choose a longer one, or another first step.`,
    );
  }
  if (widget.display === "table") return tableBody(widget, funnelTable(data), setting);
  if (widget.display === "line") {
    return data.over_time
      ? chartBody(widget, funnelPlot(data, formatOf(setting)), "line", setting)
      : emptyMessage(
          "This funnel was not asked over time",
          "Give its question an interval, such as day, to see the conversion of each.",
        );
  }
  return html`<tidemark-funnel .data=${data} .name=${widget.title} .locale=${setting.locale}></tidemark-funnel>`;
}

function retentionBody(widget: WidgetAnswer, data: RetentionData, setting: WidgetSetting): TemplateResult {
  if (data.cohorts.every((cohort) => cohort.size === 0)) {
    return emptyMessage(
      "Nobody has started in this period",
      "Choose a longer period, or another start event: each period in which somebody does it becomes a row here.",
    );
  }
  if (widget.display === "line") {
    return chartBody(widget, retentionPlot(data, formatOf(setting)), "line", setting);
  }
  return html`<tidemark-grid .retention=${data} .name=${widget.title} .locale=${setting.locale}></tidemark-grid>`;
}

function cohortBody(widget: WidgetAnswer, data: CohortData, setting: WidgetSetting): TemplateResult {
  if (data.rows.every((row) => row.size === 0)) {
    return emptyMessage(
      "These cohorts have nobody in them",
      "Choose other cohorts or a longer period, or loosen what their members must have done.",
    );
  }
  if (widget.display === "line") {
    return chartBody(widget, cohortPlot(data, formatOf(setting)), "line", setting);
  }
  return html`<tidemark-grid .cohorts=${data} .name=${widget.title} .locale=${setting.locale}></tidemark-grid>`;
}

function stickinessBody(widget: WidgetAnswer, data: StickinessData, setting: WidgetSetting): TemplateResult {
  if (data.users === 0) {
    return emptyMessage(
      "Nobody was active in this period",
      "Choose a longer period. Events count here when they carry a user_id or an anonymous_id.",
    );
  }
  return widget.display === "table"
    ? tableBody(widget, stickinessTable(data), setting)
    : chartBody(widget, stickinessPlot(data, formatOf(setting)), "bar", setting);
}

function pathsBody(widget: WidgetAnswer, data: PathsData, setting: WidgetSetting): TemplateResult {
  if (data.total === 0) {
    return emptyMessage(
      "No path was found",
      "The anchor event is in no session of this period. Choose another one or a longer period; events need a session_id.",
    );
  }
  if (widget.display === "table") return tableBody(widget, pathsTable(data), setting);
  return html`<tidemark-flow .data=${data} .name=${widget.title} .locale=${setting.locale}></tidemark-flow>`;
}

function formatOf(setting: WidgetSetting): Format {
  return new Format(setting.locale || undefined);
}

function shortened(name: string): string {
  return name.length > 40 ? `${name.slice(0, 39)}…` : name;
}
