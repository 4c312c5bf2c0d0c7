import type { Question } from "@tidemark/widgets/questions";
import { describe, expect, it } from "vitest";
import { datesOf } from "../../packages/dashboard/src/parts/dates";
import { type DraftWidget, draftOf, idsOf, sentOf } from "../../packages/dashboard/src/report/draft";
import { Timeline } from "../../packages/dashboard/src/report/timeline";
import { wholeOf, withCompare, withFilter, withRange } from "../../packages/dashboard/src/report/whole";

const EVENTS = { name: "Events", measure: "events" } as const;
const germans = { property: "country", operator: "eq", value: "DE" } as const;
const phones = { property: "device_type", operator: "eq", value: "mobile" } as const;

function widget(key: string, question: Question): DraftWidget {
  return { key, title: key, display: "line", layout: { x: 0, y: 0, w: 1, h: 1 }, question };
}

const trend = (more: Partial<Question> = {}): Question =>
  ({ type: "trend", measures: [EVENTS], interval: "day", range: { last: "7d" }, ...more }) as Question;

describe("undo and redo", () => {
  it("goes back and forth, and forgets what would have followed after a new step", () => {
    const line = Timeline.of(1).followed(2).followed(3);
    expect(line.undone().present).toBe(2);
    expect(line.undone().undone().undone().present).toBe(1);
    expect(line.undone().redone().present).toBe(3);
    const other = line.undone().followed(9);
    expect(other.canRedo).toBe(false);
    expect(other.undone().present).toBe(2);
  });

  it("takes a row of changes of one thing back at once, until it is settled", () => {
    const typed = Timeline.of("").followed("a", "name").followed("ab", "name");
    expect(typed.undone().present).toBe("");
    expect(typed.settled().followed("abc", "name").undone().present).toBe("ab");
  });
});

describe("what a whole report has in common", () => {
  const widgets = [
    widget("a", trend({ filter: germans })),
    widget("b", trend({ filter: { and: [germans, phones] }, compare: "week" })),
    widget("now", {
      type: "metric",
      measures: [{ name: "n", measure: "active_users_now" }],
      range: { last: "7d" },
      filter: germans,
    }),
  ];

  it("is what every widget has, and undefined where they differ", () => {
    expect(wholeOf(widgets)).toEqual({
      range: { last: "7d" },
      compare: undefined,
      filter: germans,
      zone: "",
    });
  });

  it("is changed without touching what a widget has besides", () => {
    const changed = withFilter(withRange(widgets, { last: "90d" }), phones);
    expect(changed.map((each) => each.question.filter)).toEqual([phones, { and: [phones, phones] }, phones]);
    expect(changed.every((each) => "last" in each.question.range && each.question.range.last === "90d")).toBe(
      true,
    );
    expect(withFilter(widgets, undefined).map((each) => each.question.filter)).toEqual([
      undefined,
      phones,
      undefined,
    ]);
  });

  it("compares nothing that has no past", () => {
    const compared = withCompare(widgets, "year").map(
      (each) => "compare" in each.question && each.question.compare,
    );
    expect(compared).toEqual(["year", "year", false]);
    expect(withCompare(widgets, "").some((each) => "compare" in each.question)).toBe(false);
  });
});

describe("a draft", () => {
  const stored = {
    report_id: "r",
    report_name: "R",
    version: 3,
    updated_at: "2026-01-01T00:00:00Z",
    widgets: [
      {
        widget_id: "w1",
        type: "trend" as const,
        title: "",
        display: "line" as const,
        layout: { x: 0, y: 0, w: 6, h: 4 },
        question: trend(),
      },
    ],
  };

  it("keeps the ids of widgets that the server has, and gives new ones none", () => {
    const { draft, ids } = draftOf(stored);
    const more = { ...draft, widgets: [...draft.widgets, widget("new-1", trend())] };
    const sent = sentOf(more, ids);
    expect(sent.widgets.map((each) => each.widget_id)).toEqual(["w1", undefined]);
    expect(sent.widgets[0]?.title).toBe("Events");
    const saved = {
      ...stored,
      widgets: [...stored.widgets, ...stored.widgets.map((each) => ({ ...each, widget_id: "w2" }))],
    };
    expect([...idsOf(more, saved)]).toEqual([
      ["w1", "w1"],
      ["new-1", "w2"],
    ]);
  });
});

describe("the dates of a period", () => {
  const now = new Date(2026, 2, 31, 15, 0);

  it("end today and count whole days", () => {
    expect(datesOf({ last: "7d" }, now)).toEqual({ start: "2026-03-25", end: "2026-03-31" });
    expect(datesOf({ last: "2w" }, now)).toEqual({ start: "2026-03-18", end: "2026-03-31" });
    expect(datesOf(undefined, now)).toEqual({ start: "", end: "" });
    expect(datesOf({ start_time: "2026-01-01", end_time: "" }, now)).toEqual({ start: "", end: "" });
  });

  it("are instants where the period is shorter", () => {
    expect(datesOf({ last: "24h" }, now).start).toBe(new Date(2026, 2, 30, 15, 0).toISOString());
  });
});
