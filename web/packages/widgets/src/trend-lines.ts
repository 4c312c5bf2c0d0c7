import type { Line, Point, TrendData, Unit } from "./api";
import { displayName, label } from "./format";

/** A line of a trend as it is drawn: named, with its colour slot and its points. */
export interface DrawnLine {
  readonly id: string;
  readonly name: string;
  /** Index into the palette; null for "Other", which is grey. */
  readonly colour: number | null;
  /** In the background: another period, or one of the parts of what is drawn in front. */
  readonly compare: boolean;
  readonly unit?: Unit;
  readonly points: readonly DrawnPoint[];
  /** The first point that is not complete yet, or the number of points. */
  readonly partialFrom: number;
}

/** A point of a drawn line; a compared one says which bucket it is of. */
export type DrawnPoint = Pick<Point, "value" | "compared_time">;

/** The lines of a trend in drawing order, and whether the lines of one bucket add up to its total. */
export interface DrawnTrend {
  readonly lines: readonly DrawnLine[];
  readonly times: readonly string[];
  readonly partialFrom: number;
  readonly additive: boolean;
  /** What the value axis counts, when all lines share it. */
  readonly measure: string | null;
}

/** Turns the answer of a trend into lines to draw. A breakdown's own lines replace the total, which is in `series`. */
export function drawnTrend(data: TrendData): DrawnTrend {
  const broken = data.lines.some((line) => line.breakdown !== null);
  const kept: readonly Line[] = broken ? data.lines.filter((line) => line.breakdown !== null) : data.lines;
  const source: readonly Line[] =
    kept.length > 0 ? kept : [{ measure: "events", breakdown: null, compare: false, points: data.series }];
  const measures = [...new Set(source.map((line) => line.measure))];
  const slots = new Map<string, number>();
  const lines = source.map((line): DrawnLine => {
    const key = JSON.stringify([line.measure, line.breakdown]);
    const other = line.breakdown === "$other" && measures.length === 1;
    if (!slots.has(key) && !other) slots.set(key, slots.size);
    return {
      id: `${key}${line.compare ? "~" : ""}`,
      name: lineName(line, measures.length > 1),
      colour: other ? null : (slots.get(key) ?? 0),
      compare: line.compare,
      ...(line.unit ? { unit: line.unit } : {}),
      points: line.points,
      partialFrom: line.compare ? line.points.length : firstPartial(line.points),
    };
  });
  const longest = source.reduce<readonly Point[]>(
    (most, line) => (!line.compare && line.points.length > most.length ? line.points : most),
    [],
  );
  return {
    lines,
    times: longest.map((point) => point.time),
    partialFrom: firstPartial(longest),
    additive: broken && measures.length === 1 && addsUp(data.series, lines),
    measure: measures.length === 1 ? (measures[0] ?? null) : null,
  };
}

/** The index of the first point that is not complete, or the number of points. */
export function firstPartial(points: readonly { readonly partial?: boolean }[]): number {
  const partial = points.findIndex((point) => point.partial === true);
  return partial < 0 ? points.length : partial;
}

/** True when nothing was measured in any bucket of any line, so that a chart would be an empty box. */
export function isEmptyTrend(data: TrendData): boolean {
  const empty = (points: readonly Point[]) => points.every((point) => !point.value);
  return empty(data.series) && data.lines.every((line) => empty(line.points));
}

function lineName(line: Line, severalMeasures: boolean): string {
  const measure = label(line.measure);
  const base =
    line.breakdown === null
      ? measure
      : severalMeasures
        ? `${displayName(line.breakdown)} · ${measure}`
        : displayName(line.breakdown);
  return line.compare ? `${base} (before)` : base;
}

/** Counts of a breakdown add up to the total, distinct counts overlap: only what adds up may be stacked. */
function addsUp(total: readonly Point[], lines: readonly DrawnLine[]): boolean {
  const current = lines.filter((line) => !line.compare);
  return (
    total.length > 0 &&
    total.every((point, index) => {
      const sum = current.reduce((all, line) => all + (line.points[index]?.value ?? 0), 0);
      const whole = point.value ?? 0;
      return Math.abs(sum - whole) <= Math.max(1e-6, Math.abs(whole) * 1e-9);
    })
  );
}
