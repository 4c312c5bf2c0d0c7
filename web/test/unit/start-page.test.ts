import { describe, expect, it } from "vitest";
import { type Exploration, FIRST_EXPLORATION } from "../../packages/dashboard/src/exploration";
import { askedBy } from "../../packages/dashboard/src/exploration-question";
import { offersOf } from "../../packages/dashboard/src/offers";
import { datesOf, localDate } from "../../packages/dashboard/src/period";
import { NO_OWN_NAMES, named } from "../../packages/dashboard/src/template";
import { DESCRIPTION } from "../mock/start-page";

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
  const asked = (part: Partial<Exploration>) => {
    const found = askedBy({ ...FIRST_EXPLORATION, ...part }, today);
    return found.kind === "question" ? found.question : found.what;
  };
  const event = (name: string) => ({ event: name, where: [] });

  it("asks for any event when no type is given", () => {
    expect(asked({})).toEqual({
      type: "trend",
      measures: [{ name: "events", measure: "events" }],
      interval: "auto",
      range: { last: "30d" },
    });
  });

  it("carries the event type, the property and the breakdown", () => {
    const question = asked({
      subject: event(" purchase "),
      measure: "sum",
      property: "properties.amount",
      breakdown: "country",
    });
    expect(question).toMatchObject({
      measures: [{ name: "sum", measure: "sum", property: "properties.amount", event: "purchase" }],
      breakdown: { property: "country", limit: 8 },
    });
  });

  it("is no question while the property is missing", () => {
    expect(asked({ measure: "avg" })).toMatch(/property/);
  });

  it("sends chosen days as they are", () => {
    const range = { preset: "custom", start: "2015-05-17", end: "2015-05-20" } as const;
    expect(asked({ range })).toMatchObject({
      range: { start_time: "2015-05-17", end_time: "2015-05-20" },
    });
  });

  it("joins conditions, compares numbers as numbers and splits lists", () => {
    const where = [
      { property: "properties.amount", operator: "gte", value: "12.5" },
      { property: "country", operator: "in", value: "DE, US" },
      { property: "browser", operator: "is_set", value: "left over" },
      { property: " ", operator: "eq", value: "not begun" },
    ];
    expect(asked({ subject: { event: "purchase", where } })).toMatchObject({
      measures: [
        {
          filter: {
            and: [
              { property: "properties.amount", operator: "gte", value: 12.5 },
              { property: "country", operator: "in", value: ["DE", "US"] },
              { property: "browser", operator: "is_set" },
            ],
          },
        },
      ],
    });
    const [one] = where;
    expect(asked({ type: "stickiness", subject: { event: "", where: one ? [one] : [] } })).toEqual({
      type: "stickiness",
      filter: one && { ...one, value: 12.5 },
      period: "week",
      range: { last: "30d" },
    });
  });

  it("looks for numbers and truth values as such and as text", () => {
    const filter = (operator: string, value: string) => {
      const where = [{ property: "properties.plan", operator, value }];
      const question = asked({ type: "stickiness", subject: { event: "", where } });
      return typeof question === "object" && question.type === "stickiness" ? question.filter : undefined;
    };
    const property = "properties.plan";
    expect(filter("eq", "pro")).toEqual({ property, operator: "eq", value: "pro" });
    expect(filter("eq", "12")).toEqual({ property, operator: "in", value: ["12", 12] });
    expect(filter("neq", "true")).toEqual({ property, operator: "not_in", value: ["true", true] });
    expect(filter("in", "a, 7")).toEqual({ property, operator: "in", value: ["a", "7", 7] });
    expect(filter("contains", "12")).toEqual({ property, operator: "contains", value: "12" });
  });

  it("asks a funnel once each step has an event", () => {
    expect(asked({ type: "funnel" })).toMatch(/each step/);
    expect(asked({ type: "funnel", steps: [event("view"), event("buy")], overTime: "week" })).toEqual({
      type: "funnel",
      steps: [{ event: "view" }, { event: "buy" }],
      window: "7d",
      order: "ordered",
      entry: "any_entry",
      count: "users",
      range: { last: "30d" },
      interval: "week",
    });
  });

  it("asks retention, cohorts, tables and paths in their forms", () => {
    expect(asked({ type: "retention", start: event("sign_up") })).toEqual({
      type: "retention",
      start: { event: "sign_up" },
      return: {},
      period: "week",
      periods: 8,
      entry: "recurring",
      alignment: "calendar",
      criterion: "on",
      range: { last: "30d" },
    });
    expect(asked({ type: "cohort", cohorts: ["c-1"], perMember: true })).toEqual({
      type: "cohort",
      cohorts: ["c-1"],
      period: "week",
      measure: { name: "events", measure: "events" },
      per_member: true,
      range: { last: "30d" },
    });
    expect(asked({ type: "cohort", entry: "first_time" })).toMatchObject({
      start: {},
      entry: "first_time",
      periods: 8,
    });
    expect(asked({ among: "c-1" })).toMatchObject({ type: "trend", filter: { cohort: "c-1" } });
    expect(asked({ type: "table" })).toMatch(/break down/);
    expect(asked({ type: "table", breakdown: "country" })).toMatchObject({ breakdowns: ["country"] });
    expect(asked({ type: "paths" })).toMatch(/begin or end/);
    expect(asked({ type: "paths", anchor: event("view"), direction: "before" })).toMatchObject({
      anchor: { event: "view" },
      direction: "before",
      steps: 3,
      by: "event_type",
    });
  });
});

describe("what a server offers", () => {
  it("is read from its description", () => {
    expect(offersOf(DESCRIPTION)).toEqual({ explain: true, exports: true, templates: true });
    expect(offersOf({ paths: { "/api/v1/query": { post: {} } } })).toEqual({
      explain: false,
      exports: false,
      templates: false,
    });
    expect(offersOf("no description")).toEqual({ explain: false, exports: false, templates: false });
  });
});

describe("own names for a template", () => {
  it("are kept while they differ from the template's", () => {
    const renamed = named(NO_OWN_NAMES, "events", "purchase", " order ");
    expect(renamed).toEqual({ events: { purchase: "order" }, properties: {} });
    expect(named(renamed, "events", "purchase", "purchase")).toEqual(NO_OWN_NAMES);
    expect(named(renamed, "events", "purchase", "")).toEqual(NO_OWN_NAMES);
  });
});
