import type { CohortData } from "./analysis-api";
import type { Cell, MetricData, TableData, TrendData, WidgetAnswer } from "./api";
import { displayName, Format, label } from "./format";
import type { Where } from "./pointing";
import { ofPaths } from "./walk-spots";

/** One number of an answer, as the API names it. */
export interface Spot {
  readonly name: string;
  readonly at: Readonly<Record<string, unknown>>;
}

/** A place in a picture, with the numbers that stand there. */
export interface Place {
  readonly title: string;
  readonly spots: readonly Spot[];
}

/** What stands at a place of a widget's picture; null where there is nothing to look behind. */
export function placeOf(widget: WidgetAnswer, where: Where, locale: string): Place | null {
  const format = new Format(locale || undefined);
  const { index } = where;
  switch (widget.type) {
    case "trend":
      return widget.data
        ? ofTrend(widget.data, widget.display === "number" ? newest(widget.data) : index, format)
        : null;
    case "metric":
      return widget.data ? ofMetric(widget.title, widget.data) : null;
    case "table":
      return widget.data ? ofRow(widget.data, index) : null;
    case "funnel": {
      const { data } = widget;
      if (!data || widget.display === "line") return null;
      const groups = data.groups ?? [];
      const inTable = widget.display === "table" && groups.length > 0;
      const step = data.steps[inTable ? index % data.steps.length : index];
      if (!step) return null;
      const group = inTable ? groups[Math.floor(index / data.steps.length)] : undefined;
      const own = group ? { breakdown: String(group.value) } : {};
      return {
        title: group ? `${step.name}, ${displayName(group.value)}` : step.name,
        spots: [
          { name: "Got here", at: { step: step.step, ...own } },
          ...(step.step > 1
            ? [{ name: "Lost since the step before", at: { step: step.step, dropped: true, ...own } }]
            : []),
          ...(inTable
            ? []
            : groups.map(({ value }) => ({
                name: `Got here: ${displayName(value)}`,
                at: { step: step.step, breakdown: String(value) },
              }))),
        ],
      };
    }
    case "retention": {
      const { data } = widget;
      const cohort = data?.cohorts[index - 1];
      if (!data || !cohort || widget.display === "line") return null;
      const name = format.bucketInFull(cohort.time, data.period, data.zone);
      const period = where.column ?? 0;
      const group = where.group ? data.groups?.[Number(where.group)] : undefined;
      const at = { cohort: index - 1, ...(group ? { breakdown: String(group.value) } : {}) };
      return {
        title: group ? `${name}, ${displayName(group.value)}` : name,
        spots: [
          { name: `Came back, ${data.period} ${period}`, at: { ...at, period } },
          { name: "All who started", at },
        ],
      };
    }
    case "stickiness": {
      const bar = widget.data?.distribution[index];
      if (!widget.data || !bar) return null;
      const title = `Active on ${format.number(bar.active)} ${widget.data.period}${bar.active === 1 ? "" : "s"}`;
      return { title, spots: [{ name: title, at: { periods: bar.active } }] };
    }
    case "cohort":
      return widget.data && widget.display !== "line" ? ofCohort(widget.data, where, format) : null;
    case "paths":
      return widget.data ? ofPaths(widget.data, where, widget.display === "table") : null;
  }
}

function ofTrend(data: TrendData, index: number, format: Format): Place | null {
  const time = data.series.at(index)?.time;
  if (time === undefined) return null;
  const own = data.lines.filter((line) => !line.compare);
  const measures = [...new Set(own.map((line) => line.measure))];
  const several = measures.length > 1;
  const broken = own.filter((line) => line.breakdown !== null);
  return {
    title: format.bucketInFull(time, data.interval, data.zone),
    spots: [
      ...measures.map((measure) => ({ name: label(measure), at: { time, measure } })),
      ...broken.map(({ measure, breakdown }) => ({
        name: several ? `${displayName(breakdown)} · ${label(measure)}` : displayName(breakdown),
        at: { time, measure, breakdown },
      })),
    ],
  };
}

/** The bucket whose number is shown where a trend is one. */
function newest(data: TrendData): number {
  return data.series.findLastIndex((point) => point.value !== null);
}

function ofMetric(title: string, data: MetricData): Place {
  return { title, spots: data.values.map(({ measure }) => ({ name: label(measure), at: { measure } })) };
}

function ofCohort(data: CohortData, { index, column = 0 }: Where, format: Format): Place | null {
  const row = data.rows[index];
  const cell = row?.cells[column];
  if (!row || !cell) return null;
  const time = cell.time
    ? format.bucketInFull(cell.time, data.period, data.zone)
    : `${data.period} ${column}`;
  return {
    title:
      row.name === undefined
        ? format.bucketInFull(row.time ?? "", data.period, data.zone)
        : displayName(row.name),
    spots: [
      {
        name: `${data.measure ? label(data.measure) : "Measured"}, ${time}`,
        at: { row: index, period: cell.period },
      },
      { name: "Everybody in it", at: { row: index } },
    ],
  };
}

function ofRow(data: TableData, index: number): Place | null {
  const row = data.rows[index];
  if (!row) return null;
  const values = data.columns.flatMap((column, at) => (column.kind === "breakdown" ? [asText(row[at])] : []));
  return {
    title: values.map((value) => displayName(value)).join(", ") || "All",
    spots: data.columns
      .filter((column) => column.kind === "measure")
      .map((column) => ({ name: label(column.name), at: { row: values, measure: column.name } })),
  };
}

function asText(cell: Cell | undefined): string {
  return cell === null || cell === undefined ? "$none" : String(cell);
}
