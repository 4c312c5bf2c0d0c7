/** The questions of `POST /api/v1/query` as the web packages ask them. */

import type { Period } from "./analysis-api";
import type { Interval } from "./api";

export type MeasureKind =
  | "events"
  | "users"
  | "sessions"
  | "events_per_user"
  | "sum"
  | "avg"
  | "min"
  | "max"
  | "median"
  | "p90"
  | "p95"
  | "p99"
  | "distinct"
  | "dau"
  | "wau"
  | "mau"
  | "stickiness"
  | "session_duration"
  | "median_session_duration"
  | "p90_session_duration"
  | "bounce_rate"
  | "engagement_rate"
  | "events_per_session"
  | "pages_per_session"
  | "active_users_now";

export type RangeOf = { readonly last: string } | { readonly start_time: string; readonly end_time: string };

export type Operator =
  | "eq"
  | "neq"
  | "in"
  | "not_in"
  | "contains"
  | "not_contains"
  | "starts_with"
  | "matches"
  | "gt"
  | "gte"
  | "lt"
  | "lte"
  | "between"
  | "is_set"
  | "is_not_set";

export type Scalar = string | number | boolean;

export interface Condition {
  readonly property: string;
  readonly operator: Operator;
  readonly value?: Scalar | readonly Scalar[];
}

/** Members of a stored cohort. */
export interface Membership {
  readonly cohort: string;
}

export type FilterOf =
  | Condition
  | Membership
  | { readonly and: readonly FilterOf[] }
  | { readonly or: readonly FilterOf[] }
  | { readonly not: FilterOf };

/** Which events are meant: of one type, of any of several or of any at all, that meet the filter. */
export interface EventScope {
  readonly event?: string | readonly string[];
  readonly filter?: FilterOf;
}

export interface BreakdownOf {
  readonly property: string;
  readonly limit?: number;
}

/** A measure of events, or a formula over the names of other measures. */
export interface MeasureOf extends EventScope {
  readonly name: string;
  readonly measure?: MeasureKind;
  readonly formula?: string;
  readonly property?: string;
  readonly exact?: boolean;
  /** Of `active_users_now`. */
  readonly minutes?: number;
  /** Of `engagement_rate`. */
  readonly conversion?: string | readonly string[];
}

interface Asked {
  readonly range: RangeOf;
  readonly zone?: string;
  readonly filter?: FilterOf;
}

export interface TrendQuestion extends Asked {
  readonly type: "trend";
  readonly measures: readonly MeasureOf[];
  readonly interval: Interval | "auto";
  readonly breakdown?: BreakdownOf;
  readonly compare?: Compare;
}

export type Compare = "previous_period" | "week" | "month" | "year";

export interface MetricQuestion extends Asked {
  readonly type: "metric";
  readonly measures: readonly MeasureOf[];
  readonly compare?: Compare;
  readonly sparkline?: boolean | Interval;
}

/** By the name of a measure or the path of a breakdown. */
export interface SortOf {
  readonly measure?: string;
  readonly breakdown?: string;
  readonly direction?: "asc" | "desc";
}

export interface TableQuestion extends Asked {
  readonly type: "table";
  readonly measures: readonly MeasureOf[];
  readonly breakdowns: readonly string[];
  readonly sort?: SortOf;
  readonly limit?: number;
  readonly offset?: number;
}

export interface StepOf extends EventScope {
  readonly name?: string;
}

/** Such an event after step `from` and before step `to` ends the attempt. */
export interface ExclusionOf extends EventScope {
  readonly from: number;
  readonly to: number;
}

export interface FunnelQuestion extends Asked {
  readonly type: "funnel";
  readonly steps: readonly StepOf[];
  readonly window?: string;
  readonly order?: "ordered" | "strict" | "any";
  readonly entry?: "any_entry" | "first_entry";
  readonly count?: "users" | "sessions" | "totals";
  readonly exclusions?: readonly ExclusionOf[];
  readonly breakdown?: BreakdownOf & { readonly step?: "first" | "last" | number };
  readonly interval?: Interval | "auto";
}

export interface RetentionQuestion extends Asked {
  readonly type: "retention";
  readonly start: EventScope;
  readonly return: EventScope;
  readonly period?: Period;
  readonly periods?: number;
  readonly entry?: "recurring" | "first_time";
  readonly alignment?: "calendar" | "rolling";
  readonly criterion?: "on" | "on_or_after";
  readonly breakdown?: BreakdownOf;
}

export interface CohortQuestion extends Asked {
  readonly type: "cohort";
  readonly cohorts?: readonly string[];
  readonly start?: EventScope;
  readonly entry?: "recurring" | "first_time";
  readonly period?: Period;
  readonly periods?: number;
  readonly measure?: MeasureOf;
  readonly per_member?: boolean;
}

export interface StickinessQuestion extends Asked, EventScope {
  readonly type: "stickiness";
  readonly period?: Period;
}

export interface PathsQuestion extends Asked {
  readonly type: "paths";
  readonly anchor: EventScope;
  readonly direction?: "after" | "before";
  readonly steps?: number;
  readonly limit?: number;
  readonly by?: string;
  readonly repeats?: "keep" | "collapse";
}

export type Question =
  | TrendQuestion
  | MetricQuestion
  | TableQuestion
  | FunnelQuestion
  | RetentionQuestion
  | CohortQuestion
  | StickinessQuestion
  | PathsQuestion;
