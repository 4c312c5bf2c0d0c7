import { describe, expect, it } from "vitest";
import { type Exploration, questionOf } from "../../packages/dashboard/src/explorer-question";
import { datesOf, localDate } from "../../packages/dashboard/src/period";

const today = new Date(2026, 2, 14, 12);

describe("a period", () => {
  it("counts today as one of its days", () => {
    const dates = (preset: "today" | "7d" | "30d") => datesOf({ preset, start: "", end: "" }, today);
    expect(dates("today")).toEqual({ start: "2026-03-14", end: "2026-03-14" });
    expect(dates("7d")).toEqual({ start: "2026-03-08", end: "2026-03-14" });
    expect(dates("30d")).toEqual({ start: "2026-02-13", end: "2026-03-14" });
  });

  it("leaves a report's own period alone", () => {
    expect(datesOf({ preset: "default", start: "x", end: "y" }, today)).toEqual({ start: "", end: "" });
  });

  it("writes the local day, not the one of UTC", () => {
    expect(localDate(new Date(2026, 0, 1, 0, 5))).toBe("2026-01-01");
    expect(localDate(new Date(2026, 11, 31, 23, 55))).toBe("2026-12-31");
  });
});

describe("an exploration", () => {
  const form: Exploration = {
    event: "",
    measure: "events",
    property: "",
    interval: "auto",
    breakdown: "",
    range: { preset: "30d", start: "", end: "" },
  };

  it("asks for any event when no type is given", () => {
    expect(questionOf(form, today)).toEqual({
      type: "trend",
      measures: [{ name: "events", measure: "events" }],
      interval: "auto",
      range: { last: "30d" },
    });
  });

  it("carries the event type, the property and the breakdown", () => {
    const question = questionOf(
      { ...form, event: " purchase ", measure: "sum", property: "properties.amount", breakdown: "country" },
      today,
    );
    expect(question).toMatchObject({
      measures: [{ name: "sum", measure: "sum", property: "properties.amount", event: "purchase" }],
      breakdown: { property: "country", limit: 8 },
    });
  });

  it("is no question while the property is missing", () => {
    expect(questionOf({ ...form, measure: "avg" }, today)).toBeNull();
  });

  it("sends chosen days as they are", () => {
    const range = { preset: "custom", start: "2015-05-17", end: "2015-05-20" } as const;
    expect(questionOf({ ...form, range }, today)?.range).toEqual({
      start_time: "2015-05-17",
      end_time: "2015-05-20",
    });
  });
});
