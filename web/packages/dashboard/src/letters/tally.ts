import type { LetterCount, LetterFilter } from "../api/letters";

/** By what dead letters are told apart, under the name of the filter. */
export type Facet = "reason" | "field" | "event_type" | "source" | "key";

export interface Tally {
  /** Empty for those that have none. */
  readonly value: string;
  readonly count: number;
}

export const total = (counts: readonly LetterCount[]): number =>
  counts.reduce((sum, { count }) => sum + count, 0);

/** How many there are of each value, the most first. */
export function tally(counts: readonly LetterCount[], facet: Facet): readonly Tally[] {
  const sums = new Map<string, number>();
  for (const each of counts) {
    const value = each[facet] ?? "";
    sums.set(value, (sums.get(value) ?? 0) + each.count);
  }
  return [...sums]
    .map(([value, count]) => ({ value, count }))
    .sort((one, other) => other.count - one.count || (one.value < other.value ? -1 : 1));
}

const DAY_MILLIS = 86_400_000;

/** How many came on each of the last days (UTC), days without any included, the oldest first. */
export function perDay(
  counts: readonly LetterCount[],
  days: number,
  now: number,
): readonly { readonly day: string; readonly count: number }[] {
  const sums = new Map<string, number>();
  for (const { time, count } of counts) {
    const day = (time ?? "").slice(0, 10);
    sums.set(day, (sums.get(day) ?? 0) + count);
  }
  return Array.from({ length: days }, (_, back) => {
    const day = new Date(now - (days - 1 - back) * DAY_MILLIS).toISOString().slice(0, 10);
    return { day, count: sums.get(day) ?? 0 };
  });
}

const FACETS: readonly Facet[] = ["reason", "field", "event_type", "source", "key"];

/** The filter that an address names, with the period in its own words. */
export function filterOf(
  query: URLSearchParams,
  period: { readonly start: string; readonly end: string },
): LetterFilter {
  const state = query.get("state");
  const facets = FACETS.flatMap((facet) => {
    const value = query.get(facet);
    return value === null || value === "" ? [] : [[facet, value] as const];
  });
  return {
    state: state === "replayed" || state === "all" ? state : "open",
    ...Object.fromEntries(facets),
    ...(period.start ? { since: period.start } : {}),
    ...(period.end ? { until: period.end } : {}),
  };
}

/** Whether a filter leaves anything out. */
export function isNarrow({ state: _, ...narrow }: LetterFilter): boolean {
  return Object.keys(narrow).length > 0;
}

/** What is meant, in words that stand before a deed. */
export function wordsOf(filter: LetterFilter, count: number, counted: string): string {
  const { state, ...narrow } = filter;
  const what = `${counted} ${state === "all" || state === undefined ? "" : `${state} `}dead letter${count === 1 ? "" : "s"}`;
  const names: Readonly<Record<string, string>> = {
    reason: "reason",
    field: "field",
    event_type: "event type",
    source: "source",
    key: "key",
    since: "since",
    until: "until",
  };
  const parts = Object.entries(narrow).map(([name, value]) => `${names[name] ?? name} ${value}`);
  return parts.length === 0 ? what : `${what} with ${parts.join(", ")}`;
}
