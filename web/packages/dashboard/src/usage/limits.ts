import { Format } from "@tidemark/widgets/format";
import type { Limit } from "../api/usage";

const TITLES: Readonly<Record<string, string>> = {
  events_per_month: "Events this month",
  events_per_second: "Events a second",
  storage_bytes: "Storage",
  queries_per_minute: "Questions a minute",
  concurrent_queries: "Questions at once",
  viewers: "Viewers of embedded reports",
};

export function titleOf({ limit }: Limit): string {
  const words = limit.replaceAll("_", " ");
  return TITLES[limit] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

const STEPS = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** A number of bytes in the unit that leaves it short. */
export function bytes(value: number): string {
  const step = Math.min(STEPS.length - 1, Math.floor(Math.log10(Math.max(1, Math.abs(value))) / 3));
  const scaled = value / 1000 ** step;
  const digits = step === 0 || Math.abs(scaled) >= 100 ? 0 : 1;
  return `${new Format().number(Number(scaled.toFixed(digits)))} ${STEPS[step]}`;
}

/** How much of a limit, in its unit. */
export function amount(value: number, { limit, unit }: Limit): string {
  return unit === "bytes" || limit === "storage_bytes" ? bytes(value) : new Format().number(value);
}

/** How full it is, of 1; null where there is no end. */
export function share({ used, hard, soft }: Limit): number | null {
  const end = hard ?? soft;
  return end === null ? null : end <= 0 ? 1 : Math.min(1, used / end);
}

/** What the state means, for whoever has to act; empty where all is well. */
export function warning(limit: Limit): string {
  const { state, used, soft, hard } = limit;
  const title = titleOf(limit);
  switch (state) {
    case "ok":
      return "";
    case "soft":
      return `${title}: ${amount(used, limit)} ${hard === null ? "used" : `of ${amount(hard, limit)}`}, more than the soft limit${
        soft === null ? "" : ` of ${amount(soft, limit)}`
      }. Nothing is refused yet.`;
    case "hard":
      return `${title}: the limit${hard === null ? "" : ` of ${amount(hard, limit)}`} is reached. What goes beyond it is refused.`;
  }
}

/** Those who need attention, the worst first. */
export function troubled(limits: readonly Limit[]): readonly Limit[] {
  return [
    ...limits.filter(({ state }) => state === "hard"),
    ...limits.filter(({ state }) => state === "soft"),
  ];
}
