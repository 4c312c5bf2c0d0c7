import type { WidgetType } from "@tidemark/widgets/api";
import type { FilterOf, MeasureOf, Question, RangeOf } from "@tidemark/widgets/questions";
import { withMember } from "./record";

const EVENTS: MeasureOf = { name: "Events", measure: "events" };
const PEOPLE: MeasureOf = { name: "People", measure: "users" };

/** A question to begin with. */
export function freshQuestion(type: WidgetType, range: RangeOf = { last: "30d" }): Question {
  switch (type) {
    case "trend":
      return { type, measures: [EVENTS], interval: "auto", range };
    case "metric":
      return { type, measures: [PEOPLE], compare: "previous_period", sparkline: true, range };
    case "table":
      return { type, measures: [EVENTS, PEOPLE], breakdowns: ["event_type"], limit: 50, range };
    case "funnel":
      return { type, steps: [{ event: "" }, { event: "" }], window: "7d", range };
    case "retention":
      return { type, start: {}, return: {}, period: "week", periods: 8, range };
    case "cohort":
      return { type, start: {}, period: "week", periods: 8, measure: PEOPLE, range };
    case "stickiness":
      return { type, period: "day", range };
    case "paths":
      return {
        type,
        anchor: { event: "" },
        direction: "after",
        steps: 3,
        limit: 10,
        by: "event_type",
        range,
      };
  }
}

/** A number of those who are active at this moment. */
export function liveQuestion(): Question {
  return {
    type: "metric",
    measures: [{ name: "Active now", measure: "active_users_now", minutes: 5 }],
    range: { last: "1h" },
  };
}

/** A question of another kind about the same time and people. */
export function turned(question: Question, type: WidgetType): Question {
  if (question.type === type) return question;
  const next = withMember<Question, "filter">(
    freshQuestion(type, question.range),
    "filter",
    question.filter as FilterOf | undefined,
  );
  return withMember<Question, "zone">(next, "zone", question.zone);
}
