import { describe, expect, it } from "vitest";
import { compacted, type Placed, placed, sized, stepped } from "../../packages/dashboard/src/report/grid";

function thing(key: string, x: number, y: number, w: number, h: number): Placed {
  return { key, layout: { x, y, w, h } };
}

function at(things: readonly Placed[], key: string): string {
  const layout = things.find((each) => each.key === key)?.layout;
  return layout ? `${layout.x},${layout.y},${layout.w},${layout.h}` : "gone";
}

function overlaps(things: readonly Placed[]): boolean {
  return things.some((a, i) =>
    things.some(
      (b, j) =>
        i < j &&
        a.layout.x < b.layout.x + b.layout.w &&
        b.layout.x < a.layout.x + a.layout.w &&
        a.layout.y < b.layout.y + b.layout.h &&
        b.layout.y < a.layout.y + a.layout.h,
    ),
  );
}

/** Numbers from 0 to 1 that a seed determines. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

describe("places on the grid", () => {
  const tall = [thing("a", 0, 0, 4, 2), thing("b", 0, 2, 12, 4)];

  it("moves one past another by a single step down, and back by one up", () => {
    const down = stepped(tall, "a", "down");
    expect([at(down, "a"), at(down, "b")]).toEqual(["0,4,4,2", "0,0,12,4"]);
    const up = stepped(down, "a", "up");
    expect([at(up, "a"), at(up, "b")]).toEqual(["0,0,4,2", "0,2,12,4"]);
  });

  it("keeps to the twelve columns", () => {
    expect(at(stepped(tall, "a", "left"), "a")).toBe("0,0,4,2");
    expect(at(sized(tall, "b", "right"), "b")).toBe("0,2,12,4");
    expect(at(placed(tall, "a", { x: 11, y: 0, w: 4, h: 2 }), "a")).toBe("8,0,4,2");
    expect(at(sized([thing("a", 0, 0, 1, 1)], "a", "left"), "a")).toBe("0,0,1,1");
  });

  it("pushes down what is in the way of one that grows", () => {
    const beside = [thing("a", 0, 0, 4, 2), thing("b", 4, 0, 4, 2)];
    const grown = sized(beside, "a", "right");
    expect([at(grown, "a"), at(grown, "b")]).toEqual(["0,0,5,2", "4,2,4,2"]);
  });

  it("leaves nothing hanging in the air", () => {
    const gap = compacted([thing("a", 0, 3, 4, 2), thing("b", 0, 9, 4, 2), thing("c", 6, 9, 4, 2)]);
    expect([at(gap, "a"), at(gap, "b"), at(gap, "c")]).toEqual(["0,0,4,2", "0,2,4,2", "6,0,4,2"]);
  });

  it("goes nowhere where there is nowhere to go", () => {
    expect(stepped(tall, "a", "up")).toEqual(tall);
    expect(stepped(tall, "b", "down")).toEqual(tall);
    expect(stepped(tall, "nothing", "down")).toEqual(tall);
  });

  it.each([1, 7, 42, 20_260])("never lets two overlap nor loses one, whatever is moved (seed %i)", (seed) => {
    const next = random(seed);
    const whole = (below: number) => Math.floor(next() * below);
    let things = compacted(
      Array.from({ length: 9 }, (_, key) =>
        thing(String(key), whole(9), whole(12), 1 + whole(6), 1 + whole(5)),
      ),
    );
    const directions = ["left", "right", "up", "down"] as const;
    for (let move = 0; move < 300; move++) {
      const change = next() < 0.6 ? stepped : sized;
      things = change(things, String(whole(9)), directions[whole(4)] ?? "up");
      expect(overlaps(things), `move ${move}`).toBe(false);
      expect(things).toHaveLength(9);
      expect(things.every(({ layout }) => layout.x >= 0 && layout.x + layout.w <= 12)).toBe(true);
    }
  });
});
