import { describe, expect, it } from "vitest";
import { follow, laidOut, lineOf, readJson } from "../../packages/dashboard/src/parts/json-place";

function placed(text: string, path: string): readonly [string, string] {
  const read = readJson(text);
  if (read.kind !== "json") throw new Error(read.message);
  const { place, missing } = follow(read.root, path);
  return [text.slice(place.start, place.end), missing];
}

describe("the places of JSON", () => {
  const text = `{ "event_type": "a",
  "properties": {"items": [1, {"price": "x, \\"y\\""}], "a.b": {"c.d": -1.5e+3}, "n": null } }`;

  it("are found by the paths that the server names", () => {
    expect(placed(text, "event_type")).toEqual(['"event_type": "a"', ""]);
    expect(placed(text, "properties.items[1].price")).toEqual(['"price": "x, \\"y\\""', ""]);
    expect(placed(text, "properties.items.1.price")[1]).toBe("");
    expect(placed(text, "properties.items[0]")).toEqual(["1", ""]);
    expect(placed(text, "properties.n")).toEqual(['"n": null', ""]);
  });

  it("are found under names that have dots", () => {
    expect(placed(text, "properties.a.b.c.d")).toEqual(['"c.d": -1.5e+3', ""]);
  });

  it("stop where the path leads on to nothing, and say what is not there", () => {
    expect(placed(text, "properties.amount.value")[1]).toBe("amount.value");
    expect(placed(text, "user_id")).toEqual([text, "user_id"]);
    expect(placed(text, "properties.items[7]")[1]).toBe("[7]");
    expect(placed("[]", "a")[1]).toBe("a");
  });

  it("are refused where a parser refuses the text, at the place where it ceases to be JSON", () => {
    const broken = [
      "",
      "{",
      '{"a"}',
      '{"a":}',
      '{"a":1,}',
      "[1 2]",
      "01",
      '"\\x"',
      '"a\nb"',
      "tru",
      "{} x",
      "[".repeat(300),
    ];
    for (const each of broken) {
      expect(() => JSON.parse(each), each).toThrow();
      expect(readJson(each).kind, each).toBe("broken");
    }
    const read = readJson('{\n  "a": 1\n  "b": 2\n}');
    expect(read).toMatchObject({ kind: "broken", message: "a comma or } is missing here" });
    expect(read.kind === "broken" && lineOf('{\n  "a": 1\n  "b": 2\n}', read.at)).toBe(3);
  });

  it("are those of any JSON", () => {
    for (const value of [0, -1.25e-7, '\u0000"\\/', [], {}, [[null, true], { "": { a: [] } }]]) {
      for (const each of [
        JSON.stringify(value),
        JSON.stringify(value, null, 3),
        ` \r\n\t${JSON.stringify(value)} `,
      ]) {
        expect(readJson(each)).toMatchObject({ kind: "json", value });
      }
    }
  });

  it("are laid out over lines, and what is no JSON stays as it is", () => {
    expect(laidOut('{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(laidOut("a,b\n1")).toBe("a,b\n1");
  });
});
