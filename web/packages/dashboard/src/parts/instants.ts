import type { RangeOf } from "@tidemark/widgets/questions";
import { datesOf } from "./dates";

/** A period as instants in the reader's own zone. */
export function instantsOf(range: RangeOf | undefined): { readonly start: string; readonly end: string } {
  const { start, end } = datesOf(range, new Date());
  const instant = (day: string, time: string) =>
    day.length === 10 ? new Date(`${day}T${time}`).toISOString() : day;
  return {
    start: start ? instant(start, "00:00:00") : "",
    end: end ? instant(end, "23:59:59.999") : "",
  };
}
