import type { Interval, TrendData } from "./api";
import { type Format, label } from "./format";
import { extent, type Plot } from "./plot";
import { type DrawnTrend, drawnTrend } from "./trend-lines";

/** The unit of the value axis: "Views per day". */
export function valueUnit(trend: DrawnTrend, interval: Interval): string {
  return trend.measure === null ? `per ${interval}` : `${label(trend.measure)} per ${interval}`;
}

/** A trend over its buckets. */
export function trendPlot(data: TrendData, format: Format): Plot {
  const trend = drawnTrend(data);
  const { interval, zone } = data;
  const unit = valueUnit(trend, interval);
  const units = new Set(data.lines.map((line) => line.unit));
  const shared = units.size === 1 ? [...units][0] : undefined;
  const time = (index: number) => trend.times[index] ?? "";
  const from = format.day(data.start_time, zone);
  const to = format.day(data.end_time, zone);
  const values = data.series.map((point) => point.value);
  return {
    lines: trend.lines,
    places: trend.times,
    additive: trend.additive,
    unit,
    place: (index) =>
      (interval === "hour" || interval === "minute") && format.startsDay(time(index), zone)
        ? format.bucket(time(index), "day", zone)
        : format.bucket(time(index), interval, zone),
    heading: (index) => format.bucketInFull(time(index), interval, zone),
    value: (value) => format.inUnit(value, shared),
    axisValue: (value) => format.compactIn(value, shared),
    comparedWith: (before) => format.bucket(before, interval, zone),
    summary: `${unit}, ${trend.lines.length} lines, ${from} to ${to}${extent(values, (value) => format.inUnit(value, shared))}`,
  };
}
