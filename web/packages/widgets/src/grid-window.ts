/** The part of a long list that is drawn: from `from` to before `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Spans begin and end at multiples of this, so that scrolling a little draws nothing anew. */
const STEP = 8;

/** The items that are within a scrolled view, with some on both sides. */
export function spanOf(scrolled: number, view: number, item: number, count: number): Span {
  const from = Math.max(0, Math.floor(scrolled / item / STEP) * STEP - STEP);
  const to = Math.min(count, Math.ceil((scrolled + view) / item / STEP) * STEP + STEP);
  return { from: Math.min(from, count), to: Math.max(to, Math.min(from, count)) };
}

export function sameSpan(a: Span, b: Span): boolean {
  return a.from === b.from && a.to === b.to;
}
