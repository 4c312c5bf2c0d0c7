import { describe, expect, it } from "vitest";
import { type ChartDisplay, chartOption } from "../../packages/widgets/src/chart-option";
import { Format } from "../../packages/widgets/src/format";
import { SERIES_LIGHT } from "../../packages/widgets/src/palette";
import { drawnTrend } from "../../packages/widgets/src/trend-lines";
import { trendPlot, valueUnit } from "../../packages/widgets/src/trend-plot";
import { brokenTrend, comparedTrend, overlappingTrend } from "../mock/fixtures";

interface Drawn {
  readonly id: string;
  readonly stack?: string;
  readonly data: readonly (number | null | { value: number; itemStyle: { borderType: unknown } })[];
  readonly lineStyle?: { readonly type: unknown; readonly opacity: number };
}

function option(
  data: Parameters<typeof drawnTrend>[0],
  display: ChartDisplay,
  hidden: string[] = [],
  width = 600,
): ReturnType<typeof chartOption> {
  return chartOption({
    plot: trendPlot(data, new Format("en")),
    hidden: new Set(hidden),
    display,
    colours: {
      series: SERIES_LIGHT,
      other: "#999999",
      text: "#000000",
      muted: "#666666",
      border: "#dddddd",
      grid: "#eeeeee",
      surface: "#ffffff",
      font: "sans-serif",
    },
    animate: false,
    width,
  });
}

function series(...given: Parameters<typeof option>): Drawn[] {
  return option(...given).series as Drawn[];
}

it("gives the name of the axis no more room than the picture has beside the labels", () => {
  const room = (width: number) => {
    const { yAxis } = option(comparedTrend(), "line", [], width);
    return (yAxis as { nameTruncate: { maxWidth: number } }).nameTruncate.maxWidth;
  };
  expect(room(1_200)).toBe(room(600));
  expect(room(280)).toBeLessThan(280);
  expect(room(280)).toBeGreaterThan(200);
  expect(room(10)).toBeGreaterThan(0);
});

describe("a line chart", () => {
  it("dashes the stretch to the incomplete bucket and leaves it out of the solid stroke", () => {
    const [solid, dashed] = series(comparedTrend(), "line");
    expect(solid?.data.at(-1)).toBeNull();
    expect(solid?.data.at(-2)).toBeTypeOf("number");
    expect(dashed?.lineStyle?.type).toEqual([4, 4]);
    expect(dashed?.data.filter((value) => value !== null)).toHaveLength(2);
  });

  it("draws the compared period lighter and whole", () => {
    const before = series(comparedTrend(), "line").at(-1);
    expect(before?.id).toContain("~");
    expect(before?.lineStyle?.opacity).toBeLessThan(1);
    expect(before?.data.every((value) => value !== null)).toBe(true);
  });

  it("leaves out what the legend has switched off", () => {
    const data = overlappingTrend();
    const [first] = drawnTrend(data).lines;
    const left = series(data, "line", [first?.id ?? ""]);
    expect(left.some((entry) => entry.id.startsWith(first?.id ?? "?"))).toBe(false);
    expect(left).toHaveLength(4);
  });
});

describe("stacking", () => {
  it("happens for counts and never for distinct users", () => {
    expect(series(brokenTrend(["DE", "US"]), "area").every((entry) => entry.stack)).toBe(true);
    expect(series(brokenTrend(["DE", "US"]), "bar").every((entry) => entry.stack === "now")).toBe(true);
    expect(series(overlappingTrend(), "area").some((entry) => entry.stack)).toBe(false);
    expect(series(overlappingTrend(), "bar").some((entry) => entry.stack)).toBe(false);
  });

  it("keeps the incomplete stretch in a stack of its own", () => {
    const stacks = series(brokenTrend(["DE", "US"]), "area").map((entry) => entry.stack);
    expect(stacks).toEqual(["complete", "partial", "complete", "partial"]);
  });
});

describe("a bar chart", () => {
  it("outlines the incomplete bucket with dashes", () => {
    const [bars] = series(brokenTrend(["DE"]), "bar");
    const last = bars?.data.at(-1);
    expect(last).toMatchObject({ itemStyle: { borderType: [4, 3] } });
    expect(bars?.data.at(-2)).toBeTypeOf("number");
  });
});

describe("the value axis", () => {
  it("names its unit, and only what all lines share", () => {
    expect(valueUnit(drawnTrend(comparedTrend()), "day")).toBe("Page views per day");
    const [line] = comparedTrend().lines;
    const two = line ? { ...comparedTrend(), lines: [line, { ...line, measure: "users" }] } : comparedTrend();
    expect(valueUnit(drawnTrend(two), "hour")).toBe("per hour");
  });
});
