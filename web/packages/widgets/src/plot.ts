import type { DrawnLine } from "./trend-lines";

/** What a chart draws: lines over named places, with the words of its axes and its tooltip. */
export interface Plot {
  readonly lines: readonly DrawnLine[];
  /** One key a place on the horizontal axis. */
  readonly places: readonly string[];
  /** Whether the lines of one place add up to a whole. */
  readonly additive: boolean;
  /** The unit of the value axis. */
  readonly unit: string;
  /** The place under the axis. */
  readonly place: (index: number) => string;
  /** The place as the tooltip's heading. */
  readonly heading: (index: number) => string;
  readonly value: (value: number | null) => string;
  readonly axisValue: (value: number) => string;
  /** The largest value that can be, where there is one. */
  readonly most?: number;
  /** What a compared point is of. */
  readonly comparedWith?: (time: string) => string;
  /** Further rows of the tooltip. */
  readonly details?: (index: number) => readonly (readonly [string, string])[];
  /** The picture in one sentence. */
  readonly summary: string;
}

/** A summary's end: the extent of what is drawn. */
export function extent(values: readonly (number | null)[], write: (value: number) => string): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return "";
  const low = known.reduce((a, b) => Math.min(a, b));
  const high = known.reduce((a, b) => Math.max(a, b));
  return `, lowest ${write(low)}, highest ${write(high)}`;
}
