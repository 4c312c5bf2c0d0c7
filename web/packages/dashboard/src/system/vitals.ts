import type { Sample } from "../api/operate";

/** The sum of a metric over all its labels; null where the server does not tell it. */
export function total(samples: readonly Sample[], name: string): number | null {
  const found = samples.filter((sample) => sample.name === name);
  return found.length === 0 ? null : found.reduce((sum, sample) => sum + sample.value, 0);
}

/** The largest over all its labels. */
export function largest(samples: readonly Sample[], name: string): number | null {
  const found = samples.filter((sample) => sample.name === name);
  return found.length === 0 ? null : Math.max(...found.map((sample) => sample.value));
}

/** How much a counter rose a second between two looks; null before the second, or where it was reset between them. */
export function rate(before: Look | null, now: Look, name: string): number | null {
  const was = before ? total(before.samples, name) : null;
  const is = total(now.samples, name);
  if (!before || was === null || is === null || is < was || now.at <= before.at) return null;
  return ((is - was) * 1000) / (now.at - before.at);
}

/** The mean of what was measured between two looks; null where nothing was. */
export function mean(before: Look | null, now: Look, name: string): number | null {
  const grown = (part: string) =>
    (total(now.samples, `${name}_${part}`) ?? 0) -
    (before ? (total(before.samples, `${name}_${part}`) ?? 0) : 0);
  const count = grown("count");
  return count > 0 ? grown("sum") / count : null;
}

/** The metrics as of a moment, in Unix milliseconds. */
export interface Look {
  readonly at: number;
  readonly samples: readonly Sample[];
}
