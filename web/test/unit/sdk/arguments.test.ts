import { describe, expect, it } from "vitest";
import { read } from "../../../packages/sdk/src/arguments";

const done = () => {};
const properties = { plan: "pro" };
const options = { timestamp: "2026-01-01T00:00:00Z" };

describe("arguments of a call", () => {
  it.each([
    [["a"], {}, {}, undefined],
    [["a", properties], properties, {}, undefined],
    [["a", properties, options], properties, options, undefined],
    [["a", properties, options, done], properties, options, done],
    [["a", properties, done], properties, {}, done],
    [["a", done], {}, {}, done],
    [["a", null, options], {}, options, undefined],
    [["a", undefined, undefined, done], {}, {}, done],
    [["a", [1, 2]], {}, {}, undefined],
  ])("with a name may leave out what follows: %j", (all, expected, expectedOptions, callback) => {
    expect(read(all, 1)).toEqual({
      texts: ["a"],
      properties: expected,
      options: expectedOptions,
      callback,
    });
  });

  it.each([
    [[42, properties], ["42"]],
    [[null, properties], [""]],
    [[properties], []],
    [[properties, options], []],
    [[done], []],
    [[], []],
  ])("with an id may leave it out too: %j", (all, texts) => {
    expect(read(all, 1).texts).toEqual(texts);
    expect(read(all, 1).properties).toEqual((all as unknown[]).includes(properties) ? properties : {});
  });

  it.each([
    [["Docs", "Pricing", properties], ["Docs", "Pricing"], properties],
    [["Pricing", properties], ["Pricing"], properties],
    [["Pricing"], ["Pricing"], {}],
    [[properties], [], properties],
    [[], [], {}],
  ])("of a page take up to two names: %j", (all, texts, expected) => {
    expect(read(all, 2)).toMatchObject({ texts, properties: expected });
  });
});
