import type { PathsData } from "./analysis-api";

/** An event at one step, as a block of the picture. Lengths are pixels. */
export interface FlowNode {
  readonly column: number;
  /** The event, `$other` for all that are too small to draw, or null for those who went no further. */
  readonly name: string | null;
  readonly count: number;
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

/** A stream between two blocks of neighbouring columns, from its upper edges down. */
export interface FlowStream {
  readonly from: FlowNode;
  readonly to: FlowNode;
  readonly count: number;
  readonly fromY: number;
  readonly toY: number;
  readonly height: number;
}

export interface Flow {
  readonly columns: readonly (readonly FlowNode[])[];
  readonly streams: readonly FlowStream[];
  readonly width: number;
  readonly height: number;
  /** From the left edge of one column to that of the next. */
  readonly pitch: number;
}

export const NODE_WIDTH = 10;
export const HEADING = 22;
const GAP = 14;
const LEAST_HEIGHT = 3;
const LEAST_PITCH = 148;
/** Events a column; the smaller ones are put together. */
const MOST_NODES = 10;
export const OTHER = "$other";

interface Block {
  readonly name: string | null;
  count: number;
}

interface Stream {
  readonly step: number;
  readonly from: string;
  readonly to: string | null;
  count: number;
}

/** Places blocks and streams into a box; the picture is larger than the box where it would not be legible. */
export function flowLayout(data: PathsData, box: { readonly width: number; readonly height: number }): Flow {
  const streams = foldedStreams(data);
  const blocks = blocksOf(data, streams);
  const most = blocks.reduce((all, column) => Math.max(all, column.length), 1);
  const height = Math.max(box.height, HEADING + most * (GAP + LEAST_HEIGHT) + 8);
  const pitch = Math.max(LEAST_PITCH, Math.floor(box.width / Math.max(1, blocks.length)));
  const scale = blocks.reduce((least, column) => {
    const sum = column.reduce((all, block) => all + block.count, 0) || 1;
    const room = height - HEADING - GAP * column.length - LEAST_HEIGHT * column.length;
    return Math.min(least, Math.max(0, room) / sum);
  }, Number.POSITIVE_INFINITY);
  const mirrored = data.direction === "before";
  const columns = blocks.map((column, at) => {
    let y = HEADING;
    const x = (mirrored ? blocks.length - 1 - at : at) * pitch;
    return column.map(({ name, count }): FlowNode => {
      const node = { column: at, name, count, x, y, height: LEAST_HEIGHT + count * scale };
      y += node.height + GAP;
      return node;
    });
  });
  return { columns, streams: placed(streams, columns), width: pitch * blocks.length, height, pitch };
}

/** The streams of the answer with small events put together, and what ended at each step as streams to null. */
function foldedStreams(data: PathsData): readonly Stream[] {
  const kept = new Map<number, ReadonlySet<string>>();
  const last = data.links.reduce((most, link) => Math.max(most, link.step), 0);
  for (let step = 0; step <= last; step += 1) kept.set(step, largest(data, step));
  const shown = (step: number, name: string) => (kept.get(step)?.has(name) ? name : OTHER);
  const sums = new Map<string, Stream>();
  for (const link of data.links) {
    const from = shown(link.step - 1, link.from);
    const to = shown(link.step, link.to);
    const key = JSON.stringify([link.step, from, to]);
    const sum = sums.get(key);
    if (sum) sum.count += link.count;
    else sums.set(key, { step: link.step, from, to, count: link.count });
  }
  return [...sums.values(), ...ends(data, [...sums.values()])];
}

/** The events of a step that are drawn by themselves. */
function largest(data: PathsData, step: number): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const link of data.links) {
    const name = step === 0 && link.step === 1 ? link.from : link.step === step ? link.to : OTHER;
    if (name !== OTHER) counts.set(name, (counts.get(name) ?? 0) + link.count);
  }
  return new Set(
    [...counts]
      .sort((a, b) => b[1] - a[1])
      .slice(0, MOST_NODES)
      .map(([name]) => name),
  );
}

/** Who came to an event and went no further: its inflow less its outflow. */
function ends(data: PathsData, streams: readonly Stream[]): Stream[] {
  const steps = data.drop_off.map((drop) => drop.step);
  return steps.flatMap((step) => {
    const inflow = new Map<string, number>();
    for (const stream of streams) {
      if (stream.step === step - 1 && stream.to !== null) {
        inflow.set(stream.to, (inflow.get(stream.to) ?? 0) + stream.count);
      }
    }
    const starts = new Set(streams.filter((stream) => stream.step === 1).map((stream) => stream.from));
    const [anchor] = starts;
    if (step === 1 && starts.size === 1 && anchor !== undefined) inflow.set(anchor, data.total);
    return [...inflow].flatMap(([from, count]) => {
      const out = streams.reduce(
        (all, stream) => all + (stream.step === step && stream.from === from ? stream.count : 0),
        0,
      );
      return count - out > 0 ? [{ step, from, to: null, count: count - out }] : [];
    });
  });
}

function blocksOf(data: PathsData, streams: readonly Stream[]): readonly (readonly Block[])[] {
  const last = streams.reduce((most, stream) => Math.max(most, stream.step), 0);
  return Array.from({ length: last + 1 }, (_, column) => {
    const blocks = new Map<string | null, Block>();
    for (const stream of streams) {
      const name =
        column === 0
          ? stream.step === 1
            ? stream.from
            : undefined
          : stream.step === column
            ? stream.to
            : undefined;
      if (name === undefined) continue;
      const block = blocks.get(name);
      if (block) block.count += stream.count;
      else blocks.set(name, { name, count: stream.count });
    }
    // Of several anchors nobody tells which of them the ended ones had.
    const ended = data.drop_off.find((drop) => drop.step === column)?.count ?? 0;
    if (column > 0 && ended > 0 && !blocks.has(null)) blocks.set(null, { name: null, count: ended });
    const place = (block: Block) => (block.name === null ? 2 : block.name === OTHER ? 1 : 0);
    const sorted = [...blocks.values()].sort((a, b) => place(a) - place(b) || b.count - a.count);
    // Where the anchor is one event, all of the sequences stand at it.
    return column === 0 && sorted.length === 1 && sorted[0]
      ? [{ name: sorted[0].name, count: Math.max(sorted[0].count, data.total) }]
      : sorted;
  });
}

function placed(streams: readonly Stream[], columns: readonly (readonly FlowNode[])[]): FlowStream[] {
  const out = new Map<FlowNode, number>();
  const into = new Map<FlowNode, number>();
  const find = (column: number, name: string | null) => columns[column]?.find((node) => node.name === name);
  return streams
    .flatMap((stream) => {
      const from = find(stream.step - 1, stream.from);
      const to = find(stream.step, stream.to);
      return from && to ? [{ from, to, count: stream.count }] : [];
    })
    .sort((a, b) => a.from.column - b.from.column || a.from.y - b.from.y || a.to.y - b.to.y)
    .map(({ from, to, count }) => {
      const height = Math.max(
        1,
        Math.min((from.height * count) / (from.count || 1), (to.height * count) / (to.count || 1)),
      );
      const fromY = from.y + (out.get(from) ?? 0);
      const toY = to.y + (into.get(to) ?? 0);
      out.set(from, (out.get(from) ?? 0) + (from.height * count) / (from.count || 1));
      into.set(to, (into.get(to) ?? 0) + (to.height * count) / (to.count || 1));
      return { from, to, count, fromY, toY, height };
    });
}
