/** Milliseconds to wait before the next try after `failures` failures in a row: doubling from 1 s to 60 s, half of it random. */
export function backOff(failures: number, retryAfter: number | null, random: () => number): number {
  const ceiling = Math.min(60_000, 1000 * 2 ** Math.min(failures - 1, 6));
  const jittered = ceiling * (0.5 + 0.5 * random());
  return Math.max(jittered, retryAfter ?? 0);
}
