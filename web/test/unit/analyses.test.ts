import { describe, expect, it } from "vitest";
import {
  cohortPlot,
  funnelPlot,
  retentionPlot,
  stickinessPlot,
} from "../../packages/widgets/src/analysis-plots";
import { funnelTable, pathsTable, stickinessTable } from "../../packages/widgets/src/analysis-tables";
import { Format } from "../../packages/widgets/src/format";
import { cohortPicture, retentionPicture } from "../../packages/widgets/src/grid-picture";
import { spanOf } from "../../packages/widgets/src/grid-window";
import {
  brokenFunnel,
  cohortReport,
  funnel,
  funnelOverTime,
  paths,
  retention,
  stickiness,
} from "../mock/analyses";

const format = new Format("en");

describe("a funnel over time", () => {
  it("has a line a later step, the last one in front, as a share of who entered", () => {
    const data = funnelOverTime();
    const plot = funnelPlot(data, format);
    expect(plot.lines.map((line) => [line.name, line.compare])).toEqual([
      ["Purchase (all steps)", false],
      ["Checkout started", true],
      ["Added to cart", true],
    ]);
    expect(plot.lines[0]?.points[3]?.value).toBeCloseTo(data.over_time?.[3]?.conversion ?? -1, 12);
    expect(plot.lines[0]?.partialFrom).toBe(29);
  });

  it("has no share where nobody entered", () => {
    const data = funnelOverTime();
    const none = { time: "2026-03-01T00:00:00Z", counts: [0, 0, 0, 0], conversion: null };
    expect(funnelPlot({ ...data, over_time: [none] }, format).lines[0]?.points).toEqual([{ value: null }]);
  });
});

describe("retention curves", () => {
  it("are the average with its cohorts behind, while those are few", () => {
    const few = retentionPlot(retention("week", 9, 9), format);
    expect(few.lines).toHaveLength(10);
    expect(few.lines[0]).toMatchObject({ name: "All cohorts", compare: false });
    expect(retentionPlot(retention("week", 13, 9), format).lines).toHaveLength(1);
  });

  it("are one a group, the rest in grey", () => {
    const plot = retentionPlot(retention("week", 9, 9, 840, ["DE", "$other", "$none"]), format);
    expect(plot.lines.map((line) => [line.name, line.colour])).toEqual([
      ["DE", 0],
      ["Other", null],
      ["(none)", 2],
    ]);
  });

  it("end where no cohort has a complete period", () => {
    expect(retentionPlot(retention("week", 9, 9), format).lines[0]?.points).toHaveLength(8);
  });
});

describe("a retention grid", () => {
  it("has the average first and shades by the best return after the start", () => {
    const data = retention();
    const picture = retentionPicture(data, data, "percent", format);
    expect(picture.rows[0]).toMatchObject({ name: "Average", average: true });
    expect(picture.rows).toHaveLength(10);
    expect(picture.columns).toEqual(Array.from({ length: 9 }, (_, at) => `Week ${at}`));
    expect(picture.cell(1, 0)).toMatchObject({ text: "100%", shade: 1, partial: false });
    const shades = data.cohorts.map((_, row) => picture.cell(row + 1, 1)?.shade ?? 0);
    expect(Math.max(...shades)).toBe(1);
    expect(picture.cell(9, 0)?.partial).toBe(true);
    expect(picture.cell(9, 1)).toBeNull();
  });

  it("counts people when asked to, and tells all in the tooltip", () => {
    const data = retention();
    const [cohort] = data.cohorts;
    const picture = retentionPicture(data, data, "count", format);
    expect(picture.cell(1, 0)?.text).toBe(String(cohort?.size));
    expect(picture.rowsOf(1, 1)).toEqual([
      ["Returned", String(cohort?.cells[1]?.returned)],
      ["Of", String(cohort?.size)],
      ["Rate", format.percent(cohort?.cells[1]?.rate)],
    ]);
  });

  it("names the year where a day would come twice", () => {
    const data = retention("day", 366, 2);
    expect(retentionPicture(data, data, "percent", format).rows[1]?.name).toMatch(/2025/);
  });
});

describe("a cohort grid", () => {
  it("has start periods by age, and stored cohorts by the calendar", () => {
    expect(cohortPicture(cohortReport(), format).columns[3]).toBe("Week 3");
    const stored = cohortPicture(cohortReport(["Power users"]), format);
    expect(stored.columns[0]).toBe("Jan 19");
    expect(stored.rows[0]?.name).toBe("Power users");
  });

  it("is lines of the measure", () => {
    const plot = cohortPlot(cohortReport(["A", "B"]), format);
    expect(plot.unit).toBe("Events per user per week");
    expect(plot.lines.map((line) => line.partialFrom)).toEqual([7, 7]);
  });
});

describe("a window of a long grid", () => {
  it("covers what is in view, with some to spare, in steps", () => {
    const span = spanOf(1000, 400, 64, 366);
    expect(span.from).toBeLessThanOrEqual(Math.floor(1000 / 64));
    expect(span.to).toBeGreaterThanOrEqual(Math.ceil(1400 / 64));
    expect(span).toEqual(spanOf(1010, 400, 64, 366));
    expect(spanOf(0, 400, 64, 3)).toEqual({ from: 0, to: 3 });
    expect(spanOf(99_999, 400, 64, 10)).toEqual({ from: 10, to: 10 });
  });
});

describe("tables", () => {
  it("have a row a step, and one a group and step", () => {
    expect(funnelTable(funnel()).rows).toHaveLength(4);
    const broken = funnelTable(brokenFunnel(["Mobile", "$other"]));
    expect(broken.rows).toHaveLength(8);
    expect(broken.rows[4]?.slice(0, 2)).toEqual(["Other", "1. Product viewed"]);
    expect(broken.columns.map((column) => column.unit)).toContain("seconds");
  });

  it("write a path as its events", () => {
    expect(pathsTable(paths()).rows[0]?.[0]).toBe("/landing → /pricing → /pricing");
  });

  it("leave out what the server does not count", () => {
    const data = stickiness(100, 7);
    expect(stickinessTable(data).columns).toHaveLength(4);
    const plain = { ...data, distribution: data.distribution.map(({ at_least: _, ...bar }) => bar) };
    expect(stickinessTable(plain).columns).toHaveLength(3);
    expect(stickinessPlot(plain, format).details?.(0)).toHaveLength(1);
  });
});
