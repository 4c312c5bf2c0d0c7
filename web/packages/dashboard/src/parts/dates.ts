import type { RangeOf } from "@tidemark/widgets/questions";
import { localDate } from "../question/range-editor";

const MINUTE_MILLIS = 60_000;
const HOUR_MILLIS = 60 * MINUTE_MILLIS;

/** The start and end of a chosen period as the report's address takes them; empty where the report's own holds. */
export function datesOf(
  range: RangeOf | undefined,
  now: Date,
): { readonly start: string; readonly end: string } {
  if (range === undefined) return { start: "", end: "" };
  if (!("last" in range)) {
    return range.start_time && range.end_time
      ? { start: range.start_time, end: range.end_time }
      : { start: "", end: "" };
  }
  const [, count = "1", unit = "d"] = /^(\d+)([mhdwM])$/.exec(range.last) ?? [];
  const number = Number(count);
  if (unit === "m" || unit === "h") {
    const start = new Date(now.getTime() - number * (unit === "m" ? MINUTE_MILLIS : HOUR_MILLIS));
    return { start: start.toISOString(), end: "" };
  }
  const first = new Date(now);
  if (unit === "M") first.setMonth(first.getMonth() - number);
  else first.setDate(first.getDate() - number * (unit === "w" ? 7 : 1));
  first.setDate(first.getDate() + 1);
  return { start: localDate(first), end: localDate(now) };
}
