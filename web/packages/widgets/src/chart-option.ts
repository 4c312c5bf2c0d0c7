import type { EChartsCoreOption } from "echarts/core";
import type { Plot } from "./plot";
import type { DrawnLine } from "./trend-lines";

export type ChartDisplay = "line" | "area" | "bar";

/** The colours a chart is drawn with, resolved from the custom properties of its host. */
export interface ChartColours {
  readonly series: readonly string[];
  readonly other: string;
  readonly text: string;
  readonly muted: string;
  readonly border: string;
  readonly grid: string;
  readonly surface: string;
  readonly font: string;
}

export interface ChartInput {
  readonly plot: Plot;
  readonly hidden: ReadonlySet<string>;
  readonly display: ChartDisplay;
  readonly colours: ChartColours;
  readonly animate: boolean;
  /** Of the whole picture, in pixels. */
  readonly width: number;
}

type SeriesOption = Record<string, unknown>;

/** The colour of a line; slots past the palette's end come round again, which the line's own dash tells apart. */
export function lineColour(line: DrawnLine, colours: ChartColours): string {
  return line.colour === null
    ? colours.other
    : (colours.series[line.colour % colours.series.length] ?? colours.other);
}

/** Describes a plot to ECharts. */
export function chartOption(input: ChartInput): EChartsCoreOption {
  const { plot, colours } = input;
  const shown = plot.lines.filter((line) => !input.hidden.has(line.id));
  const series =
    input.display === "bar"
      ? shown.map((line) => bar(line, input))
      : shown.flatMap((line, index) => strokes(line, index, input));
  return {
    animation: input.animate,
    animationDuration: 350,
    animationDurationUpdate: 350,
    textStyle: { fontFamily: colours.font },
    grid: { left: 4, right: 14, top: 26, bottom: 6, containLabel: true },
    xAxis: {
      type: "category",
      data: [...plot.places],
      boundaryGap: input.display === "bar",
      axisLine: { lineStyle: { color: colours.border } },
      axisTick: { show: false },
      axisLabel: {
        color: colours.muted,
        fontSize: 11,
        hideOverlap: true,
        margin: 10,
        formatter: (_: string, index: number) => plot.place(index),
      },
    },
    yAxis: {
      type: "value",
      name: plot.unit,
      nameLocation: "end",
      nameGap: 12,
      nameTextStyle: { color: colours.muted, fontSize: 11, align: "left" },
      nameTruncate: { maxWidth: nameRoom(input), ellipsis: "…" },
      splitNumber: 4,
      ...ceiling(shown, plot.most),
      axisLabel: { color: colours.muted, fontSize: 11, formatter: (value: number) => plot.axisValue(value) },
      splitLine: { lineStyle: { color: colours.grid } },
    },
    series,
  };
}

/** What the axis's labels may take beside its name, and the longest that a name gets. */
const LABELS_PIXELS = 64;
const MOST_NAME_PIXELS = 260;

function nameRoom({ width }: ChartInput): number {
  return Math.min(MOST_NAME_PIXELS, Math.max(LABELS_PIXELS, width - LABELS_PIXELS));
}

/** An axis that comes close to the largest value that can be ends there, in quarters; so does one of nothing but zeros. */
function ceiling(lines: readonly DrawnLine[], most: number | undefined): { max?: number; interval?: number } {
  if (most === undefined) return {};
  const values = lines.flatMap((line) => line.points.map((point) => point.value ?? 0));
  const highest = values.reduce((high, value) => Math.max(high, value), 0);
  return highest === 0 || highest > most * 0.8 ? { max: most, interval: most / 4 } : {};
}

/** A line is two strokes: solid up to the last complete bucket, dashed from there through the partial ones. */
function strokes(line: DrawnLine, index: number, input: ChartInput): SeriesOption[] {
  const { plot, colours, display } = input;
  const stacked = display === "area" && plot.additive && !line.compare;
  const values = line.points.map((point) => point.value);
  const complete = line.partialFrom;
  const lone = values.filter((value) => value !== null).length === 1;
  const filled = display === "area" && !line.compare;
  const common: SeriesOption = {
    type: "line",
    symbol: "circle",
    symbolSize: 6,
    itemStyle: { opacity: line.compare ? 0.5 : 1 },
    showSymbol: lone,
    emphasis: { disabled: true },
    z: line.compare ? 2 : 3 + (plot.lines.length - index),
    color: lineColour(line, colours),
  };
  const lineStyle = {
    width: line.compare ? 1.5 : 2,
    opacity: line.compare ? 0.55 : 1,
    type: (line.colour ?? 0) >= colours.series.length ? "dotted" : "solid",
    join: "round",
  };
  const areaStyle = filled ? { opacity: stacked ? 0.65 : plot.lines.length > 1 ? 0.1 : 0.16 } : null;
  const stack = (name: string) => (stacked ? { stack: name } : {});
  const width = stacked ? 1.5 : lineStyle.width;
  const solid: SeriesOption = {
    ...common,
    ...stack("complete"),
    id: line.id,
    name: line.name,
    data: values.map((value, at) => (at < complete ? value : null)),
    lineStyle: { ...lineStyle, width },
    ...(areaStyle ? { areaStyle } : {}),
  };
  if (complete >= values.length) return [solid];
  return [
    solid,
    {
      ...common,
      ...stack("partial"),
      id: `${line.id}…`,
      name: line.name,
      data: values.map((value, at) => (at >= complete - 1 ? value : null)),
      lineStyle: { ...lineStyle, width, type: [4, 4] },
      ...(areaStyle ? { areaStyle: { opacity: areaStyle.opacity * 0.4 } } : {}),
    },
  ];
}

function bar(line: DrawnLine, input: ChartInput): SeriesOption {
  const { plot, colours } = input;
  const colour = lineColour(line, colours);
  const stacked = plot.additive;
  return {
    type: "bar",
    id: line.id,
    name: line.name,
    barMaxWidth: 44,
    barGap: "8%",
    barCategoryGap: "28%",
    emphasis: { disabled: true },
    color: colour,
    ...(stacked ? { stack: line.compare ? "before" : "now" } : {}),
    itemStyle: {
      opacity: line.compare ? 0.35 : 1,
      borderRadius: stacked ? 0 : [3, 3, 0, 0],
    },
    data: line.points.map((point, at) =>
      at >= line.partialFrom
        ? {
            value: point.value,
            itemStyle: {
              color: colour,
              opacity: 0.4,
              borderColor: colour,
              borderWidth: 1,
              borderType: [4, 3],
            },
          }
        : point.value,
    ),
  };
}
