import type { Interval } from "@tidemark/widgets/api";
import type { MeasureKind, TrendQuestion } from "@tidemark/widgets/questions";
import { datesOf, type Range } from "./period";

/** The measures that are taken of a property. */
export const OF_PROPERTY: ReadonlySet<MeasureKind> = new Set([
  "sum",
  "avg",
  "median",
  "p95",
  "max",
  "min",
  "distinct",
]);

/** What the form of the explorer holds. */
export interface Exploration {
  readonly event: string;
  readonly measure: MeasureKind;
  readonly property: string;
  readonly interval: Interval | "auto";
  readonly breakdown: string;
  readonly range: Range;
}

/** The question of an exploration, or null while a property is still missing. */
export function questionOf(form: Exploration, today: Date): TrendQuestion | null {
  const property = form.property.trim();
  const event = form.event.trim();
  const breakdown = form.breakdown.trim();
  if (OF_PROPERTY.has(form.measure) && property === "") return null;
  const dates = datesOf(form.range, today);
  return {
    type: "trend",
    measures: [
      {
        name: form.measure,
        measure: form.measure,
        ...(OF_PROPERTY.has(form.measure) ? { property } : {}),
        ...(event ? { event } : {}),
      },
    ],
    interval: form.interval,
    range:
      form.range.preset === "7d" || form.range.preset === "30d" || form.range.preset === "90d"
        ? { last: form.range.preset }
        : { start_time: dates.start, end_time: dates.end },
    ...(breakdown ? { breakdown: { property: breakdown, limit: 8 } } : {}),
  };
}
