import { describe, expect, it } from "vitest";
import { drawnTrend, isEmptyTrend } from "../../packages/widgets/src/trend-lines";
import { brokenTrend, comparedTrend, overlappingTrend, zeroTrend } from "../mock/fixtures";

describe("the lines of a trend", () => {
  it("name the rest and the absent, and colour the rest grey", () => {
    const { lines } = drawnTrend(brokenTrend(["DE", "$other", "$none"]));
    expect(lines.map((line) => line.name)).toEqual(["DE", "Other", "(none)"]);
    expect(lines.map((line) => line.colour)).toEqual([0, null, 1]);
  });

  it("share a colour between a line and the period that it is compared with", () => {
    const { lines } = drawnTrend(comparedTrend());
    expect(lines.map((line) => line.colour)).toEqual([0, 0]);
    expect(lines.map((line) => line.compare)).toEqual([false, true]);
    expect(new Set(lines.map((line) => line.id)).size).toBe(2);
  });

  it("add up for counts and not for distinct users", () => {
    expect(drawnTrend(brokenTrend(["DE", "US"])).additive).toBe(true);
    expect(drawnTrend(overlappingTrend()).additive).toBe(false);
  });

  it("leave the total out beside its own breakdown", () => {
    const data = brokenTrend(["DE", "US"]);
    const total = { measure: "events", breakdown: null, compare: false, points: data.series };
    expect(drawnTrend({ ...data, lines: [total, ...data.lines] }).lines).toHaveLength(2);
  });

  it("draw the series when the answer has no lines", () => {
    const data = comparedTrend();
    expect(drawnTrend({ ...data, lines: [] }).lines[0]?.points).toBe(data.series);
  });

  it("know where the incomplete buckets begin", () => {
    expect(drawnTrend(comparedTrend()).partialFrom).toBe(29);
    const whole = comparedTrend().series.map(({ time, value }) => ({ time, value }));
    expect(drawnTrend({ ...comparedTrend(), series: whole, lines: [] }).partialFrom).toBe(30);
  });

  it("are empty only when nothing was measured in any of them", () => {
    expect(isEmptyTrend(zeroTrend())).toBe(true);
    expect(isEmptyTrend(comparedTrend())).toBe(false);
    const [now, before] = comparedTrend().lines;
    const quiet = { ...zeroTrend(), lines: [...zeroTrend().lines, ...(before ? [before] : [])] };
    expect(now).toBeDefined();
    expect(isEmptyTrend(quiet)).toBe(false);
  });
});
