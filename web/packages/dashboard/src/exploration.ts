import type { Period } from "@tidemark/widgets/analysis-api";
import type { Display, Interval, WidgetType } from "@tidemark/widgets/api";
import type { Compare, MeasureKind } from "@tidemark/widgets/questions";
import type { Range } from "./period";

/** One line of a filter; it counts once it names a property. */
export interface ConditionForm {
  readonly property: string;
  readonly operator: string;
  readonly value: string;
}

/** Which events are meant; no type is any type. */
export interface EventForm {
  readonly event: string;
  readonly where: readonly ConditionForm[];
}

/** What the forms of the explorer hold. What one kind of question does not ask stays for the next. */
export interface Exploration {
  readonly type: WidgetType;
  readonly range: Range;
  readonly breakdown: string;
  /** The cohort whose members alone are asked about; empty for everyone. */
  readonly among: string;

  readonly subject: EventForm;
  readonly measure: MeasureKind;
  readonly property: string;
  readonly interval: Interval | "auto";
  readonly compare: Compare | "";

  readonly steps: readonly EventForm[];
  readonly windowLength: number;
  readonly windowUnit: "m" | "h" | "d" | "w";
  readonly order: "ordered" | "strict" | "any";
  readonly reentry: "any_entry" | "first_entry";
  readonly count: "users" | "sessions" | "totals";
  readonly overTime: "" | "day" | "week" | "month";

  readonly start: EventForm;
  readonly comeback: EventForm;
  readonly period: Period;
  readonly periods: number;
  readonly entry: "recurring" | "first_time";
  readonly alignment: "calendar" | "rolling";
  readonly criterion: "on" | "on_or_after";
  readonly cohorts: readonly string[];
  readonly perMember: boolean;

  readonly anchor: EventForm;
  readonly direction: "after" | "before";
  readonly length: number;
  readonly by: string;
}

export const ANY_EVENT: EventForm = { event: "", where: [] };

export const FIRST_EXPLORATION: Exploration = {
  type: "trend",
  range: { preset: "30d", start: "", end: "" },
  breakdown: "",
  among: "",
  subject: ANY_EVENT,
  measure: "events",
  property: "",
  interval: "auto",
  compare: "",
  steps: [ANY_EVENT, ANY_EVENT],
  windowLength: 7,
  windowUnit: "d",
  order: "ordered",
  reentry: "any_entry",
  count: "users",
  overTime: "",
  start: ANY_EVENT,
  comeback: ANY_EVENT,
  period: "week",
  periods: 8,
  entry: "recurring",
  alignment: "calendar",
  criterion: "on",
  cohorts: [],
  perMember: false,
  anchor: ANY_EVENT,
  direction: "after",
  length: 3,
  by: "event_type",
};

/** The measures that are taken of a property. */
export const OF_PROPERTY: ReadonlySet<MeasureKind> = new Set([
  "sum",
  "avg",
  "median",
  "p90",
  "p95",
  "p99",
  "max",
  "min",
  "distinct",
]);

/** The kinds of question with their names and the displays of their answers; the first display is the usual one. */
export const KINDS: readonly {
  readonly type: WidgetType;
  readonly name: string;
  readonly displays: readonly Display[];
}[] = [
  { type: "trend", name: "Trend", displays: ["line", "area", "bar", "table"] },
  { type: "metric", name: "Number", displays: ["number"] },
  { type: "table", name: "Table", displays: ["table"] },
  { type: "funnel", name: "Funnel", displays: ["funnel", "line", "table"] },
  { type: "retention", name: "Retention", displays: ["grid", "line"] },
  { type: "cohort", name: "Cohorts", displays: ["grid", "line"] },
  { type: "stickiness", name: "Stickiness", displays: ["bar", "table"] },
  { type: "paths", name: "Paths", displays: ["flow", "table"] },
];
