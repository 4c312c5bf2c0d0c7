/** The answers of funnels, retention, cohorts, stickiness and paths. Rates and shares are fractions of 1. */

import type { Interval } from "./api";

export type Period = "day" | "week" | "month";

interface Ranged {
  readonly zone: string;
  readonly start_time: string;
  readonly end_time: string;
}

/** Seconds since the step before, over those who took both. */
export interface StepSeconds {
  readonly median: number;
  readonly avg: number;
  readonly p90: number;
}

export interface FunnelStep {
  /** 1 for the first. */
  readonly step: number;
  readonly name: string;
  readonly count: number;
  readonly from_first: number | null;
  readonly from_previous: number | null;
  /** How many of the step before did not take this one. */
  readonly dropped: number;
  readonly seconds: StepSeconds | null;
}

/** The funnel of one value of the breakdown; `$other` is the rest, `$none` an absent property. */
export interface FunnelGroup {
  readonly value: string | null;
  readonly steps: readonly FunnelStep[];
}

/** The funnel of those who entered in one bucket. */
export interface FunnelBucket {
  readonly time: string;
  readonly partial?: boolean;
  readonly counts: readonly number[];
  readonly conversion: number | null;
}

export interface FunnelData extends Ranged {
  readonly steps: readonly FunnelStep[];
  readonly groups?: readonly FunnelGroup[];
  readonly over_time?: readonly FunnelBucket[];
  readonly interval?: Interval;
}

export interface RetentionCell {
  readonly period: number;
  readonly returned: number;
  readonly rate: number | null;
  /** The period has not fully passed. */
  readonly partial?: boolean;
}

/** Those who started in one period. */
export interface RetentionCohort {
  readonly time: string;
  readonly size: number;
  readonly cells: readonly RetentionCell[];
}

/** A column over all cohorts, from complete cells alone. */
export interface RetentionAverage {
  readonly period: number;
  readonly rate: number | null;
  readonly returned: number;
  readonly size: number;
}

export interface RetentionTable {
  readonly cohorts: readonly RetentionCohort[];
  readonly average: readonly RetentionAverage[];
}

export interface RetentionData extends Ranged, RetentionTable {
  readonly period: Period;
  readonly groups?: readonly (RetentionTable & { readonly value: string | null })[];
}

export interface CohortCell {
  readonly period: number;
  readonly time?: string;
  readonly value: number | null;
  readonly partial?: boolean;
}

/** A stored cohort by its name, or those who started in one period by its time. */
export interface CohortRow {
  readonly name?: string;
  readonly time?: string;
  readonly size: number;
  readonly cells: readonly CohortCell[];
}

export interface CohortData extends Ranged {
  readonly rows: readonly CohortRow[];
  readonly period: Period;
  readonly measure?: string;
}

/** Persons who were active in exactly `active` of the periods; `at_least` counts those of more periods too. */
export interface StickinessBar {
  readonly active: number;
  readonly users: number;
  readonly share: number | null;
  readonly at_least?: number;
}

export interface StickinessData extends Ranged {
  readonly distribution: readonly StickinessBar[];
  readonly users: number;
  readonly period: Period;
  /** The last period has not fully passed. */
  readonly partial?: boolean;
}

export interface Path {
  readonly events: readonly string[];
  readonly count: number;
  readonly share: number;
}

/** From the event at `step - 1` to the one at `step`, both counted away from the anchor, which is step 0. */
export interface PathLink {
  readonly step: number;
  readonly from: string;
  readonly to: string;
  readonly count: number;
}

/** Sequences that ended before this step. */
export interface PathDrop {
  readonly step: number;
  readonly count: number;
  readonly share: number;
}

export interface PathsData extends Ranged {
  readonly total: number;
  readonly direction?: "after" | "before";
  readonly paths: readonly Path[];
  readonly links: readonly PathLink[];
  readonly drop_off: readonly PathDrop[];
}
