import { describe, expect, it } from "vitest";
import type { PathsData } from "../../packages/widgets/src/analysis-api";
import { type FlowNode, flowLayout } from "../../packages/widgets/src/flow-layout";
import { paths } from "../mock/analyses";

const BOX = { width: 900, height: 400 };

function data(part: Partial<PathsData>): PathsData {
  return {
    zone: "UTC",
    start_time: "2026-03-01T00:00:00Z",
    end_time: "2026-03-02T00:00:00Z",
    total: 100,
    paths: [],
    links: [
      { step: 1, from: "view", to: "cart", count: 50 },
      { step: 1, from: "view", to: "leave", count: 20 },
      { step: 2, from: "cart", to: "buy", count: 30 },
      { step: 2, from: "leave", to: "buy", count: 5 },
    ],
    drop_off: [
      { step: 1, count: 30, share: 0.3 },
      { step: 2, count: 35, share: 0.35 },
    ],
    ...part,
  };
}

const names = (column: readonly FlowNode[] | undefined) => column?.map((node) => [node.name, node.count]);

describe("the layout of paths", () => {
  it("puts events in the column of their step, the largest above and what ended below", () => {
    const { columns } = flowLayout(data({}), BOX);
    expect(columns.map(names)).toEqual([
      [["view", 100]],
      [
        ["cart", 50],
        ["leave", 20],
        [null, 30],
      ],
      [
        ["buy", 35],
        [null, 35],
      ],
    ]);
  });

  it("lets what ended flow from where it ended", () => {
    const ended = flowLayout(data({}), BOX).streams.filter((stream) => stream.to.name === null);
    expect(ended.map(({ from, count }) => [from.name, count])).toEqual([
      ["view", 30],
      ["cart", 20],
      ["leave", 15],
    ]);
  });

  it("puts the anchor on the right when the paths lead to it", () => {
    const { columns, pitch } = flowLayout(data({ direction: "before" }), BOX);
    expect(columns[0]?.[0]?.x).toBe(2 * pitch);
    expect(columns[2]?.[0]?.x).toBe(0);
  });

  it("puts small events together, so that each column can be read", () => {
    const links = Array.from({ length: 40 }, (_, at) => ({
      step: 1,
      from: "view",
      to: `e${at}`,
      count: 41 - at,
    }));
    const { columns } = flowLayout(data({ total: 1000, links, drop_off: [] }), BOX);
    expect(columns[1]).toHaveLength(11);
    expect(columns[1]?.at(-1)?.name).toBe("$other");
    const rest = links.slice(10).reduce((sum, link) => sum + link.count, 0);
    expect(columns[1]?.at(-1)?.count).toBe(rest);
  });

  it("counts what ended after several anchors without telling which", () => {
    const links = [
      { step: 1, from: "/", to: "/a", count: 30 },
      { step: 1, from: "/b", to: "/a", count: 20 },
    ];
    const { columns, streams } = flowLayout(
      data({ links, drop_off: [{ step: 1, count: 50, share: 0.5 }] }),
      BOX,
    );
    expect(columns.map(names)).toEqual([
      [
        ["/", 30],
        ["/b", 20],
      ],
      [
        ["/a", 50],
        [null, 50],
      ],
    ]);
    expect(streams).toHaveLength(2);
  });

  it("keeps blocks apart and within the picture, and streams within their blocks", () => {
    for (const count of [1, 4, 10]) {
      const { columns, streams, height } = flowLayout(paths("after", count), { width: 320, height: 120 });
      for (const column of columns) {
        for (const [at, node] of column.entries()) {
          const above = column[at - 1];
          if (above) expect(node.y).toBeGreaterThan(above.y + above.height);
          expect(node.y + node.height).toBeLessThanOrEqual(height);
        }
      }
      for (const stream of streams) {
        expect(stream.fromY + stream.height).toBeLessThanOrEqual(stream.from.y + stream.from.height + 1.01);
        expect(stream.toY + stream.height).toBeLessThanOrEqual(stream.to.y + stream.to.height + 1.01);
      }
    }
  });

  it("has nothing to draw without links", () => {
    expect(flowLayout(data({ links: [], drop_off: [] }), BOX).columns.flat()).toEqual([]);
  });
});
