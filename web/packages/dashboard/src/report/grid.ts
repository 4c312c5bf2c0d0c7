import type { Layout } from "@tidemark/widgets/api";

/** Something with a place on the grid of twelve columns. */
export interface Placed {
  readonly key: string;
  readonly layout: Layout;
}

export const COLUMNS = 12;
const MOST_ROWS = 60;

export type Direction = "left" | "right" | "up" | "down";

/**
 * The same things with one at another place. Nothing overlaps and nothing hangs in the air: each thing moves up as far as what is
 * above it allows, and one that is moved past the middle of another takes its turn.
 */
export function placed<T extends Placed>(things: readonly T[], key: string, wanted: Layout): readonly T[] {
  const before = things.find((thing) => thing.key === key);
  if (!before) return things;
  const target = fitted(wanted);
  const down = target.y > before.layout.y;
  const rank = (thing: T): number => {
    const { y, h } = thing.layout;
    if (thing.key !== key) return y + h / 2;
    return down ? target.y + target.h : target.y;
  };
  const moved = things.map((thing) => (thing.key === key ? { ...thing, layout: target } : thing));
  // One that is moved up or aside comes before those it meets, one that is moved down after them.
  const order = (thing: T) => (thing.key === key ? (down ? 1 : -1) : 0);
  return stacked(moved, (a, b) => rank(a) - rank(b) || order(a) - order(b) || a.layout.x - b.layout.x);
}

/** Each as high up as those before it in reading order allow. */
export function compacted<T extends Placed>(things: readonly T[]): readonly T[] {
  return stacked(things, (a, b) => a.layout.y - b.layout.y || a.layout.x - b.layout.x);
}

function stacked<T extends Placed>(things: readonly T[], order: (a: T, b: T) => number): readonly T[] {
  const bottoms = Array.from({ length: COLUMNS }, () => 0);
  const layouts = new Map<string, Layout>();
  for (const thing of [...things].sort(order)) {
    const layout = fitted(thing.layout);
    const columns = Array.from({ length: layout.w }, (_, at) => layout.x + at);
    const y = Math.max(...columns.map((column) => bottoms[column] ?? 0));
    for (const column of columns) bottoms[column] = y + layout.h;
    layouts.set(thing.key, { ...layout, y });
  }
  return things.map((thing) => ({ ...thing, layout: layouts.get(thing.key) ?? thing.layout }));
}

/** A step in a direction: to the side by one column, up or down past what is there. */
export function stepped<T extends Placed>(
  things: readonly T[],
  key: string,
  direction: Direction,
): readonly T[] {
  const layout = things.find((thing) => thing.key === key)?.layout;
  if (!layout) return things;
  if (direction === "left") return placed(things, key, { ...layout, x: layout.x - 1 });
  if (direction === "right") return placed(things, key, { ...layout, x: layout.x + 1 });
  const sign = direction === "up" ? -1 : 1;
  const bottom = Math.max(...things.map((thing) => thing.layout.y + thing.layout.h));
  for (let distance = 1; distance <= bottom; distance++) {
    const next = placed(things, key, { ...layout, y: layout.y + sign * distance });
    const found = next.find((thing) => thing.key === key);
    if (found && found.layout.y !== layout.y) return next;
  }
  return things;
}

/** A column or row more or less. */
export function sized<T extends Placed>(
  things: readonly T[],
  key: string,
  direction: Direction,
): readonly T[] {
  const layout = things.find((thing) => thing.key === key)?.layout;
  if (!layout) return things;
  const { w, h } = layout;
  const next = {
    left: { w: w - 1, h },
    right: { w: w + 1, h },
    up: { w, h: h - 1 },
    down: { w, h: h + 1 },
  }[direction];
  return placed(things, key, { ...layout, ...next });
}

/** A place for something new: below everything, at the left. */
export function below(things: readonly Placed[], w: number, h: number): Layout {
  return { x: 0, y: Math.max(0, ...things.map((thing) => thing.layout.y + thing.layout.h)), w, h };
}

/** The nearest place that is on the grid. */
export function fitted(layout: Layout): Layout {
  const w = Math.max(1, Math.min(COLUMNS, Math.round(layout.w)));
  const x = Math.max(0, Math.min(COLUMNS - w, Math.round(layout.x)));
  return {
    x,
    y: Math.max(0, Math.round(layout.y)),
    w,
    h: Math.max(1, Math.min(MOST_ROWS, Math.round(layout.h))),
  };
}
