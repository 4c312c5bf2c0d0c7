import type { Display, WidgetType } from "@tidemark/widgets/api";
import type { Compare, MeasureKind, Operator } from "@tidemark/widgets/questions";

export type Word<T extends string> = readonly [T, string];

/** The kinds of question with the displays of their answers; the first display is the usual one. */
export const KINDS: readonly {
  readonly type: WidgetType;
  readonly name: string;
  readonly about: string;
  readonly displays: readonly Display[];
}[] = [
  {
    type: "trend",
    name: "Trend",
    about: "How numbers change over time",
    displays: ["line", "area", "bar", "number", "table"],
  },
  { type: "metric", name: "Number", about: "One number, with what it was before", displays: ["number"] },
  { type: "table", name: "Table", about: "Numbers by the values of properties", displays: ["table"] },
  {
    type: "funnel",
    name: "Funnel",
    about: "How far people get through steps",
    displays: ["funnel", "line", "table"],
  },
  {
    type: "retention",
    name: "Retention",
    about: "Who comes back, and when",
    displays: ["grid", "line"],
  },
  { type: "cohort", name: "Cohorts", about: "How groups of people fare", displays: ["grid", "line"] },
  {
    type: "stickiness",
    name: "Stickiness",
    about: "On how many days people are active",
    displays: ["bar", "table"],
  },
  { type: "paths", name: "Paths", about: "What people do before or after", displays: ["flow", "table"] },
];

export function displaysOf(type: WidgetType): readonly Display[] {
  return KINDS.find((kind) => kind.type === type)?.displays ?? ["table"];
}

export const DISPLAYS: Readonly<Record<Display, string>> = {
  line: "Line",
  area: "Area",
  bar: "Bars",
  number: "Number",
  table: "Table",
  funnel: "Funnel",
  grid: "Grid",
  flow: "Flow",
};

export const COUNTS: readonly Word<MeasureKind>[] = [
  ["events", "Events"],
  ["users", "People"],
  ["sessions", "Sessions"],
  ["events_per_user", "Events per person"],
];
export const OF_PROPERTIES: readonly Word<MeasureKind>[] = [
  ["sum", "Sum of"],
  ["avg", "Average of"],
  ["median", "Median of"],
  ["p90", "90th percentile of"],
  ["p95", "95th percentile of"],
  ["p99", "99th percentile of"],
  ["max", "Largest"],
  ["min", "Smallest"],
  ["distinct", "Different values of"],
];
export const ACTIVE: readonly Word<MeasureKind>[] = [
  ["dau", "Daily active people"],
  ["wau", "Weekly active people"],
  ["mau", "Monthly active people"],
  ["stickiness", "Stickiness (daily / monthly)"],
];
export const OF_SESSIONS: readonly Word<MeasureKind>[] = [
  ["session_duration", "Session length, average"],
  ["median_session_duration", "Session length, median"],
  ["p90_session_duration", "Session length, 90%"],
  ["bounce_rate", "Bounce rate"],
  ["engagement_rate", "Engagement rate"],
  ["events_per_session", "Events per session"],
  ["pages_per_session", "Pages per session"],
];
export const NOW: readonly Word<MeasureKind>[] = [["active_users_now", "Active right now"]];

export const MEASURES: readonly Word<MeasureKind>[] = [
  ...COUNTS,
  ...OF_PROPERTIES,
  ...ACTIVE,
  ...OF_SESSIONS,
  ...NOW,
];

const needProperty = new Set<MeasureKind>(OF_PROPERTIES.map(([kind]) => kind));

export function isOfProperty(kind: MeasureKind | undefined): boolean {
  return kind !== undefined && needProperty.has(kind);
}

const exactly = new Set<MeasureKind>([
  "users",
  "sessions",
  "events_per_user",
  "distinct",
  "dau",
  "wau",
  "mau",
  "stickiness",
  "active_users_now",
]);

/** Whether a measure is estimated above a thousand unless it is asked for exactly. */
export function isEstimated(kind: MeasureKind | undefined): boolean {
  return kind !== undefined && exactly.has(kind);
}

export const OPERATORS: readonly Word<Operator>[] = [
  ["eq", "is"],
  ["neq", "is not"],
  ["in", "is one of"],
  ["not_in", "is none of"],
  ["contains", "contains"],
  ["not_contains", "does not contain"],
  ["starts_with", "begins with"],
  ["matches", "matches (RE2)"],
  ["gt", "is more than"],
  ["gte", "is at least"],
  ["lt", "is less than"],
  ["lte", "is at most"],
  ["between", "is between"],
  ["is_set", "is set"],
  ["is_not_set", "is not set"],
];

export type Shape = "nothing" | "one" | "list" | "pair";

/** How many values an operator takes. */
export function shapeOf(operator: Operator): Shape {
  if (operator === "is_set" || operator === "is_not_set") return "nothing";
  if (operator === "in" || operator === "not_in") return "list";
  return operator === "between" ? "pair" : "one";
}

export const COMPARISONS: readonly Word<Compare | "">[] = [
  ["", "Nothing"],
  ["previous_period", "The period before"],
  ["week", "A week before"],
  ["month", "A month before"],
  ["year", "A year before"],
];

export const INTERVALS = [
  ["auto", "Automatic"],
  ["minute", "Minute"],
  ["hour", "Hour"],
  ["day", "Day"],
  ["week", "Week"],
  ["month", "Month"],
] as const;

export const PERIODS = [
  ["day", "Day"],
  ["week", "Week"],
  ["month", "Month"],
] as const;

export const ENTRIES = [
  ["recurring", "In each period anew"],
  ["first_time", "For the first time ever"],
] as const;

export function wordOf<T extends string>(words: readonly Word<T>[], value: T | undefined): string {
  return words.find(([word]) => word === value)?.[1] ?? value ?? "";
}
