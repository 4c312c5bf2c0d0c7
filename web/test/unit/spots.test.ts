import { describe, expect, it } from "vitest";
import type { PathsData } from "../../packages/widgets/src/analysis-api";
import type { WidgetAnswer } from "../../packages/widgets/src/api";
import {
  choicesIn,
  isChoice,
  NO_CHOICES,
  picksIn,
  propertyName,
  putChoices,
  withPicks,
} from "../../packages/widgets/src/choices";
import { flowLayout } from "../../packages/widgets/src/flow-layout";
import { placeOf } from "../../packages/widgets/src/spots";
import { ofPaths } from "../../packages/widgets/src/walk-spots";
import { analysesReport } from "../mock/analyses";
import { fullReport } from "../mock/fixtures";

const all = [...fullReport().widgets, ...analysesReport().widgets];
const first = (fits: (widget: WidgetAnswer) => boolean): WidgetAnswer => {
  const found = all.find(fits);
  if (!found) throw new Error("there is no such widget among the fixtures");
  return found;
};
const spotsAt = (widget: WidgetAnswer, index: number, column?: number) =>
  placeOf(widget, column === undefined ? { index } : { index, column }, "en")?.spots.map(({ at }) => at);

describe("a place of a picture", () => {
  it("is of a bucket all together, then of each line, without those compared with", () => {
    const widget = first(
      ({ type, display, data }) =>
        type === "trend" && display === "bar" && (data?.lines.some((line) => line.breakdown) ?? false),
    );
    if (widget.type !== "trend" || !widget.data) throw new Error("not a trend");
    const { data } = widget;
    const time = data.series[3]?.time;
    const [line] = data.lines;
    expect(spotsAt(widget, 3)).toEqual([
      { time, measure: line?.measure },
      ...data.lines.map(({ measure, breakdown }) => ({ time, measure, breakdown })),
    ]);
    const newest = placeOf({ ...widget, display: "number" }, { index: 0 }, "en");
    expect(newest?.spots[0]?.at).toEqual({ time: data.series.at(-1)?.time, measure: line?.measure });
    const compared = first(
      ({ type, data: own }) => type === "trend" && (own?.lines.some((each) => each.compare) ?? false),
    );
    expect(spotsAt(compared, 0)).toHaveLength(1);
    expect(placeOf(compared, { index: 999 }, "en")).toBeNull();
  });

  it("is of a row by the texts of its breakdowns", () => {
    const widget = first(({ type }) => type === "table");
    if (widget.type !== "table" || !widget.data) throw new Error("not a table");
    const { columns, rows } = widget.data;
    const at = rows.findIndex((row) => row[0] === null || row[0] === "$none");
    const named = columns.filter(({ kind }) => kind === "breakdown").length;
    expect(spotsAt(widget, at)?.[0]).toMatchObject({ row: Array.from({ length: named }, () => "$none") });
  });

  it("is of a step with those who were lost, and with its groups", () => {
    const widget = first(
      ({ type, display, data }) =>
        type === "funnel" && display === "funnel" && (data?.groups ?? []).length > 0,
    );
    if (widget.type !== "funnel" || !widget.data) throw new Error("not a funnel");
    expect(spotsAt(widget, 1)?.slice(0, 3)).toEqual([
      { step: 2 },
      { step: 2, dropped: true },
      { step: 2, breakdown: String(widget.data.groups?.[0]?.value) },
    ]);
    expect(spotsAt(widget, 0)?.some((spot) => "dropped" in spot)).toBe(false);
  });

  it("is of a cell by the numbers of cohort and period, and nothing for the average", () => {
    const widget = first(
      ({ type, display, data }) =>
        type === "retention" && display === "grid" && (data?.groups ?? []).length === 0,
    );
    expect(spotsAt(widget, 0, 2)).toBeUndefined();
    expect(spotsAt(widget, 3, 2)).toEqual([{ cohort: 2, period: 2 }, { cohort: 2 }]);
  });

  it("is of a bar of stickiness by its number of periods", () => {
    const widget = first(({ type }) => type === "stickiness");
    expect(spotsAt(widget, 4)).toEqual([{ periods: 5 }]);
  });

  it("is of a cell of a group where one is shown", () => {
    const widget = first(({ type, data }) => type === "retention" && "groups" in (data ?? {}));
    if (widget.type !== "retention" || !widget.data) throw new Error("not a retention");
    const breakdown = String(widget.data.groups?.[1]?.value);
    expect(placeOf(widget, { index: 3, column: 2, group: "1" }, "en")?.spots.map(({ at }) => at)).toEqual([
      { cohort: 2, breakdown, period: 2 },
      { cohort: 2, breakdown },
    ]);
    expect(spotsAt(widget, 3, 2)).toEqual([{ cohort: 2, period: 2 }, { cohort: 2 }]);
  });

  it("is of a cell of a cohort report by the numbers of row and period", () => {
    const widget = first(({ type, display }) => type === "cohort" && display !== "line");
    expect(spotsAt(widget, 1, 0)).toEqual([{ row: 1, period: 0 }, { row: 1 }]);
    expect(spotsAt(widget, 999, 0)).toBeUndefined();
  });

  it("is of a block, a stream or a whole path", () => {
    const widget = first(({ type }) => type === "paths");
    if (widget.type !== "paths" || !widget.data) throw new Error("not paths");
    const { data } = widget;
    const flow = flowLayout(data, { width: 900, height: 400 });
    const node = flow.columns[1]?.[0];
    expect(spotsAt(widget, 0, 1)).toEqual([{ step: 1, to: node?.name }]);
    expect(spotsAt(widget, 0, 0)?.[0]).toHaveProperty("from", flow.columns[0]?.[0]?.name);
    const ended = flow.columns[1]?.findIndex(({ name }) => name === null) ?? -1;
    if (ended >= 0) expect(spotsAt(widget, ended, 1)).toEqual([{ step: 1, dropped: true }]);
    for (const [at, stream] of flow.streams.entries()) {
      const spots = spotsAt(widget, at) ?? [];
      expect(spots.length).toBeGreaterThan(0);
      for (const spot of spots) expect(spot).toHaveProperty("step", stream.to.column);
    }
    expect(spotsAt({ ...widget, display: "table" }, 0)).toEqual([{ path: data.paths[0]?.events }]);
  });

  it("names what a block of small events is made of", () => {
    const links = Array.from({ length: 13 }, (_, at) => ({
      step: 1,
      from: "a",
      to: `e${at}`,
      count: 20 - at,
    }));
    const data: PathsData = {
      total: 200,
      paths: [],
      links: [...links, { step: 1, from: "a", to: "$other", count: 3 }],
      drop_off: [],
      zone: "UTC",
      start_time: "",
      end_time: "",
    };
    const flow = flowLayout(data, { width: 900, height: 400 });
    const other = flow.columns[1]?.findIndex(({ name }) => name === "$other") ?? -1;
    const place = ofPaths(data, { index: other, column: 1 }, false);
    expect(place?.spots.map(({ at }) => at.to)).toEqual(["e10", "e11", "e12", "$other"]);
  });
});

describe("choices", () => {
  it("go into an address and come out of it", () => {
    const choices = { ...NO_CHOICES, last: "7d", filters: '{"country":["DE"]}' };
    const parameters = new URLSearchParams();
    putChoices(parameters, choices);
    expect(String(parameters)).toBe("last=7d&filters=%7B%22country%22%3A%5B%22DE%22%5D%7D");
    expect(choicesIn(parameters)).toEqual(choices);
  });

  it("change one property's values and leave the others", () => {
    const one = withPicks("", "country", ["DE", null]);
    const two = withPicks(one, "user.plan", ["pro"]);
    expect(picksIn(two)).toEqual({ country: ["DE", null], "user.plan": ["pro"] });
    expect(withPicks(withPicks(two, "country", []), "user.plan", [])).toBe("");
    expect(picksIn("no json")).toEqual({});
  });

  it("know which refused field is one of them", () => {
    for (const field of ["last", "start_time", "breakdown", "filters.country[0]"])
      expect(isChoice(field)).toBe(true);
    for (const field of ["interval", "widget", "", undefined]) expect(isChoice(field)).toBe(false);
  });

  it("name properties as readers do", () => {
    expect(["country", "properties.plan_name", "user.company.size"].map(propertyName)).toEqual([
      "Country",
      "Plan name",
      "Company size",
    ]);
  });
});
