import type {
  CohortData,
  FunnelData,
  Period,
  RetentionCell,
  RetentionData,
  RetentionTable,
  StickinessData,
} from "./analysis-api";
import type { Interval } from "./api";
import { displayName, type Format, label } from "./format";
import { extent, type Plot } from "./plot";
import { type DrawnLine, firstPartial } from "./trend-lines";

/** More single cohorts than this would be a tangle: then their average is drawn alone. */
const MOST_CURVES = 12;

interface Curve {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly partialFrom: number;
  readonly behind: boolean;
  readonly rest?: boolean;
}

function lines(curves: readonly Curve[]): readonly DrawnLine[] {
  return curves.map((curve, at) => ({
    id: `${at} ${curve.name}`,
    name: curve.name,
    colour: curve.rest ? null : at,
    compare: curve.behind,
    points: curve.values.map((value) => ({ value })),
    partialFrom: curve.partialFrom,
  }));
}

function percentages(format: Format): Pick<Plot, "value" | "axisValue" | "most" | "additive"> {
  return {
    value: (value) => format.percent(value),
    axisValue: (value) => format.percent(value),
    most: 1,
    additive: false,
  };
}

/** How many of the funnel's entries reached each step, by when they entered. */
export function funnelPlot(data: FunnelData, format: Format): Plot {
  const buckets = data.over_time ?? [];
  const interval: Interval = data.interval ?? "day";
  const later = data.steps.slice(1);
  const curves = later
    .map((step, at) => ({
      name: at === later.length - 1 ? `${step.name} (all steps)` : step.name,
      values: buckets.map((bucket) => {
        const first = bucket.counts[0] ?? 0;
        return first > 0 ? (bucket.counts[at + 1] ?? 0) / first : null;
      }),
      partialFrom: firstPartial(buckets),
      behind: at < later.length - 1,
    }))
    .reverse();
  const time = (at: number) => buckets[at]?.time ?? "";
  const whole = curves[0]?.values ?? [];
  return {
    ...percentages(format),
    lines: lines(curves),
    places: buckets.map((bucket) => bucket.time),
    unit: `Share of the first step, by ${interval} of entry`,
    place: (at) => format.bucket(time(at), interval, data.zone),
    heading: (at) => format.bucketInFull(time(at), interval, data.zone),
    details: (at) => [["Entered", format.number(buckets[at]?.counts[0])]],
    summary: `conversion by ${interval}${extent(whole, (value) => format.percent(value))}`,
  };
}

/** Retention over the periods since the start: the average in front, its cohorts or its groups. */
export function retentionPlot(data: RetentionData, format: Format): Plot {
  const { period, groups = [] } = data;
  const curves = groups.length > 0 ? groupCurves(groups) : cohortCurves(data, format);
  const periods = curves.reduce((most, curve) => Math.max(most, curve.values.length), 0);
  return {
    ...percentages(format),
    lines: lines(curves),
    ...byPeriod(period, periods),
    unit: "Share who returned",
    summary: `retention over ${periods} ${period}s${extent(curves[0]?.values ?? [], (value) => format.percent(value))}`,
  };
}

function groupCurves(groups: NonNullable<RetentionData["groups"]>): readonly Curve[] {
  return groups.map((group) => ({
    ...averageCurve(group, displayName(group.value)),
    rest: group.value === "$other",
  }));
}

function cohortCurves(data: RetentionData, format: Format): readonly Curve[] {
  const cohorts = data.cohorts.filter((cohort) => cohort.size > 0);
  const single = cohorts.length <= MOST_CURVES ? cohorts : [];
  return [
    averageCurve(data, "All cohorts"),
    ...single.map((cohort) => ({
      name: format.bucket(cohort.time, data.period, data.zone),
      values: cohort.cells.map((cell) => cell.rate),
      partialFrom: firstPartial(cohort.cells),
      behind: true,
    })),
  ];
}

/** The average is of complete cells, and ends where there are none. */
function averageCurve(table: RetentionTable, name: string): Curve {
  const values = table.average.map((cell) => (cell.size > 0 ? cell.rate : null));
  while (values.length > 0 && values.at(-1) === null) values.pop();
  return { name, values, partialFrom: values.length, behind: false };
}

/** The measure of each cohort over its periods. */
export function cohortPlot(data: CohortData, format: Format): Plot {
  const curves = data.rows.map((row) => ({
    name: row.name ?? format.bucket(row.time ?? "", data.period, data.zone),
    values: row.cells.map((cell) => cell.value),
    partialFrom: firstPartial(row.cells as readonly Pick<RetentionCell, "partial">[]),
    behind: false,
  }));
  const periods = curves.reduce((most, curve) => Math.max(most, curve.values.length), 0);
  const measure = data.measure ? label(data.measure) : "Value";
  return {
    lines: lines(curves),
    ...byPeriod(data.period, periods),
    additive: false,
    unit: `${measure} per ${data.period}`,
    value: (value) => format.number(value),
    axisValue: (value) => format.compact(value),
    summary: `${curves.length} cohorts over ${periods} ${data.period}s`,
  };
}

/** How many people were active on exactly so many of the periods. */
export function stickinessPlot(data: StickinessData, format: Format): Plot {
  const bars = data.distribution;
  const at = (index: number) => bars[index];
  const periods = (index: number) => {
    const active = at(index)?.active ?? 0;
    return `${format.number(active)} ${data.period}${active === 1 ? "" : "s"}`;
  };
  const values = bars.map((bar) => bar.users);
  return {
    lines: lines([{ name: "People", values, partialFrom: values.length, behind: false }]),
    places: bars.map((bar) => String(bar.active)),
    additive: false,
    unit: `People, by the number of ${data.period}s on which they were active${data.partial ? ", so far" : ""}`,
    place: (index) => String(at(index)?.active ?? ""),
    heading: (index) => `Active on ${periods(index)}`,
    value: (value) => format.number(value),
    axisValue: (value) => format.compact(value),
    details: (index) => {
      const bar = at(index);
      return [
        ["Share", format.percent(bar?.share)],
        ...(bar?.at_least === undefined ? [] : [["Or more", format.number(bar.at_least)] as const]),
      ];
    },
    summary: `${format.number(data.users)} people by active ${data.period}s${extent(values, (value) => format.number(value))}`,
  };
}

function byPeriod(period: Period, periods: number): Pick<Plot, "places" | "place" | "heading"> {
  return {
    places: Array.from({ length: periods }, (_, at) => String(at)),
    place: (at) => String(at),
    heading: (at) => `${label(period)} ${at}`,
  };
}
