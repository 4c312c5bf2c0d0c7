import type { FilterOf, Question } from "@tidemark/widgets/questions";
import { describe, expect, it } from "vitest";
import {
  type FilterTest,
  groupOf,
  memberPath,
  treeOf,
} from "../../packages/dashboard/src/question/filter-tree";
import { freshQuestion, turned } from "../../packages/dashboard/src/question/fresh";
import { isQuestion } from "../../packages/dashboard/src/question/json-editor";
import { asSent, lackingIn } from "../../packages/dashboard/src/question/lacking";
import { quoted } from "../../packages/dashboard/src/question/measure-editor";
import { nameOf, titleOf } from "../../packages/dashboard/src/question/title";
import { KINDS } from "../../packages/dashboard/src/question/words";

const test = (property: string): FilterOf => ({ property, operator: "is_set" });

describe("filters as groups", () => {
  it.each<[string, FilterOf | undefined]>([
    ["nothing", undefined],
    ["one condition", test("a")],
    ["all of", { and: [test("a"), test("b")] }],
    ["any of one", { or: [test("a")] }],
    ["none of", { not: { or: [test("a"), test("b")] } }],
    ["not all of", { not: { and: [test("a"), test("b")] } }],
    ["nested", { and: [test("a"), { or: [test("b"), { not: { or: [{ cohort: "c" }] } }] }] }],
  ])("are written back as they were read: %s", (_, filter) => {
    expect(treeOf(groupOf<FilterTest>(filter))).toEqual(filter);
  });

  it("mean the same where they are written otherwise", () => {
    expect(treeOf(groupOf<FilterTest>({ not: test("a") }))).toEqual({ not: { or: [test("a")] } });
    expect(treeOf(groupOf<FilterTest>({ not: { not: test("a") } }))).toEqual({
      not: { or: [{ not: { or: [test("a")] } }] },
    });
  });

  it("name the place of each member as the server does", () => {
    const path = (filter: FilterOf, at: number) =>
      memberPath("filter", groupOf<FilterTest>(filter), at, true);
    expect(path(test("a"), 0)).toBe("filter");
    expect(path({ and: [test("a"), test("b")] }, 1)).toBe("filter.and[1]");
    expect(path({ not: { or: [test("a"), test("b")] } }, 1)).toBe("filter.not.or[1]");
  });
});

describe("what a question lacks", () => {
  it.each([
    ["funnel", ["steps[0].event", "steps[1].event"]],
    ["paths", ["anchor.event"]],
    ["trend", []],
    ["metric", []],
    ["table", []],
    ["retention", []],
    ["cohort", []],
    ["stickiness", []],
  ] as const)("is named by its path: a fresh %s", (type, paths) => {
    expect(lackingIn(freshQuestion(type)).map((complaint) => complaint.path)).toEqual(paths);
  });

  it("finds what is missing deep inside", () => {
    const question: Question = {
      type: "trend",
      interval: "day",
      range: { start_time: "2026-01-01", end_time: "" },
      measures: [
        {
          name: "a",
          measure: "sum",
          filter: { and: [test("x"), { not: { or: [{ property: "y", operator: "in", value: [] }] } }] },
        },
        { name: "a", formula: " " },
      ],
      breakdown: { property: "" },
      filter: { cohort: "" },
    };
    expect(lackingIn(question).map((complaint) => complaint.path)).toEqual([
      "measures[0].property",
      "measures[0].filter.and[1].not.or[0].value",
      "measures[1].formula",
      "measures[1].name",
      "breakdown.property",
      "filter.cohort",
      "range.end_time",
    ]);
  });

  it("is not sent: an event that was not chosen is left out", () => {
    expect(
      asSent({ ...freshQuestion("paths"), anchor: { event: "", filter: test("a") } } as Question),
    ).toMatchObject({
      anchor: { filter: test("a") },
    });
    expect(JSON.stringify(asSent(freshQuestion("funnel")))).not.toContain('"event"');
  });
});

describe("questions of every kind", () => {
  it.each(KINDS.map(({ type }) => type))(
    "begin as something that the form and the JSON view can show: %s",
    (type) => {
      const question = freshQuestion(type);
      expect(isQuestion(question)).toBe(true);
      expect(titleOf(question)).not.toBe("");
    },
  );

  it("keep time, zone and people when one turns into another", () => {
    const trend: Question = {
      ...freshQuestion("trend", { last: "3w" }),
      zone: "Asia/Kathmandu",
      filter: { cohort: "c" },
    };
    expect(turned(trend, "retention")).toMatchObject({
      type: "retention",
      range: { last: "3w" },
      zone: "Asia/Kathmandu",
      filter: { cohort: "c" },
    });
  });

  it("refuses JSON that the form could not show", () => {
    for (const wrong of [
      null,
      3,
      {},
      { type: "trend" },
      { type: "trend", range: { last: "1d" }, measures: [null] },
      { type: "x", range: { last: "1d" } },
    ]) {
      expect(isQuestion(wrong)).toBe(false);
    }
  });
});

describe("names", () => {
  it("say what is measured, and fit into a formula", () => {
    expect(nameOf({ name: "", measure: "events", event: "purchase" })).toBe("purchase");
    expect(nameOf({ name: "", measure: "sum", property: "properties.amount", event: ["a", "b"] })).toBe(
      "Sum of amount, a or b",
    );
    expect(nameOf({ name: "", measure: "users", event: `x\`${"y".repeat(200)}` })).toHaveLength(100);
    expect(nameOf({ name: "", measure: "users", event: "x`y" })).not.toContain("`");
    expect(quoted("visitors_2")).toBe("visitors_2");
    expect(quoted("Page views")).toBe("`Page views`");
  });
});
