import type { PathsData } from "./analysis-api";
import { type FlowNode, flowLayout, OTHER } from "./flow-layout";
import { displayName } from "./format";
import type { Where } from "./pointing";
import type { Place, Spot } from "./spots";

/** What stands at a place of paths: a row of their table, a block of the picture, or a stream between two. */
export function ofPaths(data: PathsData, { index, column }: Where, asTable: boolean): Place | null {
  if (asTable) {
    const path = data.paths[index];
    if (!path) return null;
    const title = path.events.map(displayName).join(" → ");
    return { title, spots: [{ name: "Went all of this way", at: { path: path.events } }] };
  }
  // Which blocks and streams there are does not depend on the room for them.
  const flow = flowLayout(data, { width: 0, height: 0 });
  if (column === undefined) {
    const stream = flow.streams[index];
    return stream ? ofStream(data, stream.from, stream.to) : null;
  }
  const node = flow.columns[column]?.[index];
  return node ? ofNode(data, node) : null;
}

function ofNode(data: PathsData, node: FlowNode): Place | null {
  const { column, name } = node;
  if (name === null) {
    return {
      title: ended(data),
      spots: [{ name: "Ended here", at: { step: column, dropped: true } }],
    };
  }
  const step = Math.max(1, column);
  const end = column === 0 ? "from" : "to";
  const spots: Spot[] = namesOf(data, node).map((each) => ({
    name: displayName(each),
    at: { step, [end]: each },
  }));
  return {
    title: displayName(name),
    spots: spots.length === 1 ? spots.map((spot) => ({ ...spot, name: "Came here" })) : spots,
  };
}

function ofStream(data: PathsData, from: FlowNode, to: FlowNode): Place | null {
  const step = to.column;
  const before = namesOf(data, from);
  if (to.name === null) {
    return {
      title: `${displayName(from.name)} → ${ended(data)}`,
      spots: before.map((each) => ({
        name: displayName(each),
        at: { step, from: each, dropped: true },
      })),
    };
  }
  const after = namesOf(data, to);
  const links = data.links.filter(
    (link) => link.step === step && before.includes(link.from) && after.includes(link.to),
  );
  return {
    title: `${displayName(from.name)} → ${displayName(to.name)}`,
    spots: links.map((link) => ({
      name: `${displayName(link.from)} → ${displayName(link.to)}`,
      at: { step, from: link.from, to: link.to },
    })),
  };
}

/** The names of the answer that a block is drawn of: several where small ones are put together. */
function namesOf(data: PathsData, { column, name }: FlowNode): readonly string[] {
  if (name !== OTHER) return name === null ? [] : [name];
  const names = data.links.flatMap((link) =>
    column === 0 ? (link.step === 1 ? [link.from] : []) : link.step === column ? [link.to] : [],
  );
  const drawn = new Set(
    flowLayout(data, { width: 0, height: 0 }).columns[column]?.map((node) => node.name) ?? [],
  );
  return [...new Set(names)].filter((each) => each === OTHER || !drawn.has(each));
}

function ended(data: PathsData): string {
  return data.direction === "before" ? "Nothing before" : "Nothing more";
}
