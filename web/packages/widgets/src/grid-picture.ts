import type { CohortData, Period, RetentionCell, RetentionData, RetentionTable } from "./analysis-api";
import { displayName, type Format, label } from "./format";

/** A cell as it is written and shaded. */
export interface GridCell {
  readonly text: string;
  /** From 0 to 1. */
  readonly shade: number;
  readonly partial: boolean;
}

export interface GridRow {
  readonly name: string;
  readonly inFull: string;
  readonly size: number;
  /** Over all rows rather than one of them. */
  readonly average: boolean;
}

/** Rows by periods. Cells are made when they are asked for: a year of days has a hundred thousand of them. */
export interface GridPicture {
  readonly corner: string;
  readonly rows: readonly GridRow[];
  readonly columns: readonly string[];
  /** The value of the lightest and the darkest shade. */
  readonly scale: readonly [string, string];
  cell(row: number, column: number): GridCell | null;
  /** What the tooltip says of a cell. */
  rowsOf(row: number, column: number): readonly (readonly [string, string])[];
}

export type GridMode = "percent" | "count";

const CORNER: Readonly<Record<Period, string>> = { day: "Day", week: "Week of", month: "Month" };

/** Cohorts by periods since their start; the first row is the average. */
export function retentionPicture(
  data: RetentionData,
  table: RetentionTable,
  mode: GridMode,
  format: Format,
): GridPicture {
  const { period, zone } = data;
  const periods = table.cohorts.reduce(
    (most, cohort) => Math.max(most, cohort.cells.length),
    table.average.length,
  );
  const byPeriod = (cells: readonly RetentionCell[]) => new Map(cells.map((cell) => [cell.period, cell]));
  const average = new Map(table.average.map((cell) => [cell.period, cell]));
  const cells = table.cohorts.map((cohort) => byPeriod(cohort.cells));
  const later = table.cohorts.flatMap((cohort) => cohort.cells.filter((cell) => cell.period > 0));
  const darkest = later.reduce((most, cell) => Math.max(most, cell.rate ?? 0), 0) || 1;
  // More than a year of days has two of the same name.
  const years = table.cohorts.length > { day: 365, week: 52, month: Number.POSITIVE_INFINITY }[period];
  const people = table.cohorts.reduce((all, cohort) => all + cohort.size, 0);
  const find = (row: number, column: number) =>
    row === 0 ? average.get(column) : cells[row - 1]?.get(column);
  const partial = (row: number, column: number) => cells[row - 1]?.get(column)?.partial === true;
  return {
    corner: CORNER[period],
    columns: Array.from({ length: periods }, (_, at) => `${label(period)} ${at}`),
    rows: [
      { name: "Average", inFull: "All cohorts", size: people, average: true },
      ...table.cohorts.map((cohort) => ({
        name: years ? format.day(cohort.time, zone) : format.bucket(cohort.time, period, zone),
        inFull: format.bucketInFull(cohort.time, period, zone),
        size: cohort.size,
        average: false,
      })),
    ],
    scale: [format.percent(0), format.percent(darkest)],
    cell: (row, column) => {
      const found = find(row, column);
      if (!found) return null;
      const text = mode === "percent" ? format.percent(found.rate) : format.compact(found.returned);
      return { text, shade: Math.min(1, (found.rate ?? 0) / darkest), partial: partial(row, column) };
    },
    rowsOf: (row, column) => {
      const found = find(row, column);
      if (!found) return [];
      const size = "size" in found ? found.size : (table.cohorts[row - 1]?.size ?? 0);
      return [
        ["Returned", format.number(found.returned)],
        [row === 0 ? "Of, in complete periods" : "Of", format.number(size)],
        ["Rate", format.percent(found.rate)],
      ];
    },
  };
}

/** Cohorts or start periods by periods, shaded by the measure. */
export function cohortPicture(data: CohortData, format: Format): GridPicture {
  const { period, zone } = data;
  const cells = data.rows.map((row) => new Map(row.cells.map((cell) => [cell.period, cell])));
  const values = data.rows.flatMap((row) => row.cells.map((cell) => cell.value ?? 0));
  const darkest = values.reduce((most, value) => Math.max(most, value), 0) || 1;
  const periods = data.rows.reduce((most, row) => Math.max(most, row.cells.length), 0);
  const dated = data.rows.find((row) => row.cells.some((cell) => cell.time !== undefined));
  const column = (at: number) => {
    const time = dated?.cells.find((cell) => cell.period === at)?.time;
    return time === undefined ? `${label(period)} ${at}` : format.bucket(time, period, zone);
  };
  const stored = data.rows.some((row) => row.name !== undefined);
  return {
    corner: stored ? "Cohort" : CORNER[period],
    columns: Array.from({ length: periods }, (_, at) => (stored ? column(at) : `${label(period)} ${at}`)),
    rows: data.rows.map((row) => ({
      name: row.name !== undefined ? displayName(row.name) : format.bucket(row.time ?? "", period, zone),
      inFull:
        row.name !== undefined ? displayName(row.name) : format.bucketInFull(row.time ?? "", period, zone),
      size: row.size,
      average: false,
    })),
    scale: [format.number(0), format.compact(darkest)],
    cell: (row, at) => {
      const found = cells[row]?.get(at);
      if (!found) return null;
      return {
        text: format.compact(found.value),
        shade: Math.max(0, found.value ?? 0) / darkest,
        partial: found.partial === true,
      };
    },
    rowsOf: (row, at) => {
      const found = cells[row]?.get(at);
      if (!found) return [];
      return [
        [data.measure ? label(data.measure) : "Value", format.number(found.value)],
        ["People in the cohort", format.number(data.rows[row]?.size)],
        ...(found.time ? [["Period", format.bucketInFull(found.time, period, zone)] as const] : []),
      ];
    },
  };
}
