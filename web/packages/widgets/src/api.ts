/** The parts of Tidemark's HTTP API that the web packages read and write. Times are ISO-8601 with an offset. */

import type { CohortData, FunnelData, PathsData, RetentionData, StickinessData } from "./analysis-api";
import type { Wire } from "./wire";

/** One bucket of a series; `partial` marks a bucket whose end lies in the future. */
export interface Point {
  readonly time: string;
  readonly value: number | null;
  readonly partial?: boolean;
  /** On a compared line: the bucket that the value is of; `time` is the bucket that it is compared with. */
  readonly compared_time?: string;
}

/** What a number is: a share of 1, or a length of time in seconds; absent for plain numbers. */
export type Unit = "percent" | "seconds";

/** One line of a trend. `breakdown` is null for the total, `$other` for the rest, `$none` for an absent property. */
export interface Line {
  readonly measure: string;
  readonly breakdown: string | null;
  readonly compare: boolean;
  readonly unit?: Unit;
  readonly points: readonly Point[];
}

export type Interval = "minute" | "hour" | "day" | "week" | "month";

export interface TrendData {
  readonly series: readonly Point[];
  readonly lines: readonly Line[];
  readonly interval: Interval;
  readonly zone: string;
  readonly start_time: string;
  readonly end_time: string;
}

export interface MeasuredValue {
  readonly measure: string;
  readonly unit?: Unit;
  readonly value: number | null;
  readonly previous?: number | null;
  /** Relative change against `previous`: 0.25 is a quarter more. */
  readonly change?: number | null;
}

export interface MetricData {
  readonly value: number | null;
  readonly values: readonly MeasuredValue[];
  /** The first measure over the buckets of the range, where the question asks for it. */
  readonly sparkline?: Sparkline;
  readonly start_time?: string;
  readonly end_time?: string;
  readonly zone?: string;
}

export interface Sparkline {
  readonly interval: Interval;
  readonly points: readonly Point[];
}

export type Cell = string | number | boolean | null;

export interface TableColumn {
  readonly name: string;
  readonly kind: "breakdown" | "measure";
  readonly unit?: Unit;
}

export interface TableData {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly Cell[])[];
  /** One cell a column, or one a measure. */
  readonly totals?: readonly Cell[];
  readonly total_rows: number;
}

/** Problem details (RFC 9457) as every error answer carries them. */
export type Problem = Pick<Wire<"Problem">, "title" | "status"> & Partial<Wire<"Problem">>;

export type WidgetType =
  | "trend"
  | "metric"
  | "table"
  | "funnel"
  | "retention"
  | "cohort"
  | "stickiness"
  | "paths";
export type Display = "line" | "bar" | "area" | "number" | "table" | "funnel" | "grid" | "flow";

/** A place on the report's 12-column grid; a row is about 80 pixels high. */
export interface Layout {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** How a widget of a report that moves by itself is kept up to date: with every event, or by being computed anew now and then. */
export interface WidgetLiveness {
  readonly mode: "standing" | "refresh";
  readonly every_seconds?: number;
  readonly reason?: "not_incremental" | "too_large" | "starting";
}

interface WidgetHead {
  readonly widget_id: string;
  readonly title: string;
  readonly display?: Display;
  readonly layout?: Layout;
  readonly error?: Problem;
  /** Present where the server keeps the report up to date. */
  readonly live?: WidgetLiveness;
}

/** A widget's answer: `data` when it could be computed, else `error`. */
export type WidgetAnswer =
  | (WidgetHead & { readonly type: "trend"; readonly data?: TrendData })
  | (WidgetHead & { readonly type: "metric"; readonly data?: MetricData })
  | (WidgetHead & { readonly type: "table"; readonly data?: TableData })
  | (WidgetHead & { readonly type: "funnel"; readonly data?: FunnelData })
  | (WidgetHead & { readonly type: "retention"; readonly data?: RetentionData })
  | (WidgetHead & { readonly type: "cohort"; readonly data?: CohortData })
  | (WidgetHead & { readonly type: "stickiness"; readonly data?: StickinessData })
  | (WidgetHead & { readonly type: "paths"; readonly data?: PathsData });

/** What somebody who sees a report may choose in it. */
export interface Controls {
  readonly date_range: boolean;
  readonly max_days: number;
  readonly breakdown: readonly string[];
  readonly filters: readonly string[];
  readonly drill_down: "none" | "events" | "people";
}

export interface ReportAnswer {
  readonly report_id: string;
  readonly report_name: string;
  readonly generated_at: string;
  /** True when the engine could not be asked and the numbers come from the cache. */
  readonly stale: boolean;
  readonly widgets: readonly WidgetAnswer[];
  /** Absent where there is nothing to choose. */
  readonly controls?: Controls;
}

export interface EmbedAnswer {
  readonly embed_code: string;
  readonly embed_url: string;
  readonly javascript_sdk: string;
}

/** What `GET /api/v1/reports` lists. */
export interface ReportHead {
  readonly report_id: string;
  readonly report_name: string;
}

/** What `GET /api/v1/events` lists, newest first. */
export interface RecentEvent {
  readonly event_id: string;
  readonly event_type: string;
  readonly timestamp: string;
}
