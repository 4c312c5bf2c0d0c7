import type {
  CohortQuestion,
  Condition,
  EventScope,
  FilterOf,
  FunnelQuestion,
  MeasureOf,
  PathsQuestion,
  Question,
  RangeOf,
  RetentionQuestion,
} from "@tidemark/widgets/questions";
import { type ConditionForm, type EventForm, type Exploration, OF_PROPERTY } from "./exploration";
import { datesOf } from "./period";

/** The question of an exploration, or what it still lacks. */
export type Asked =
  | { readonly kind: "question"; readonly question: Question }
  | { readonly kind: "lacking"; readonly what: string };

const WITHOUT_VALUE: ReadonlySet<string> = new Set(["is_set", "is_not_set"]);
/** The operators of equality, each with the one that takes a list. */
const EQUALITIES: Readonly<Record<string, string>> = { eq: "in", in: "in", neq: "not_in", not_in: "not_in" };
const OF_NUMBERS: ReadonlySet<string> = new Set(["gt", "gte", "lt", "lte"]);

export function askedBy(form: Exploration, today: Date): Asked {
  const asked = plainly(form, today);
  return asked.kind === "question" && form.among
    ? { kind: "question", question: { ...asked.question, filter: { cohort: form.among } } }
    : asked;
}

/** The question of everyone. */
function plainly(form: Exploration, today: Date): Asked {
  const range = rangeOf(form, today);
  switch (form.type) {
    case "trend":
      return measured(form, (measure) => ({
        type: "trend",
        measures: [measure],
        interval: form.interval,
        range,
        ...breakdownOf(form),
        ...(form.compare ? { compare: form.compare } : {}),
      }));
    case "metric":
      return measured(form, (measure) => ({
        type: "metric",
        measures: [measure],
        range,
        // What is now has no period before it.
        ...(form.measure === "active_users_now"
          ? {}
          : { compare: form.compare || "previous_period", sparkline: true }),
      }));
    case "table":
      return form.breakdown.trim() === ""
        ? { kind: "lacking", what: "Choose a property to break down by: each of its values becomes a row." }
        : measured(form, (measure) => ({
            type: "table",
            measures: [measure],
            breakdowns: [form.breakdown.trim()],
            range,
            limit: 100,
          }));
    case "funnel":
      return form.steps.some(isAny)
        ? { kind: "lacking", what: "Choose an event for each step." }
        : asked(funnel(form, range));
    case "retention":
      return asked(retention(form, range));
    case "cohort":
      return OF_PROPERTY.has(form.measure) && form.property.trim() === ""
        ? { kind: "lacking", what: "Choose the property that is measured." }
        : asked(cohort(form, range));
    case "stickiness":
      return asked({ type: "stickiness", ...scopeOf(form.subject), period: form.period, range });
    case "paths":
      return isAny(form.anchor)
        ? { kind: "lacking", what: "Choose the event that the paths begin or end with." }
        : asked(paths(form, range));
  }
}

function measured(form: Exploration, question: (measure: MeasureOf) => Question): Asked {
  const property = form.property.trim();
  const of = OF_PROPERTY.has(form.measure);
  if (of && property === "") return { kind: "lacking", what: "Choose the property that is measured." };
  return asked(
    question({
      name: form.measure,
      measure: form.measure,
      ...(of ? { property } : {}),
      ...scopeOf(form.subject),
    }),
  );
}

function funnel(form: Exploration, range: RangeOf): FunnelQuestion {
  return {
    type: "funnel",
    steps: form.steps.map(scopeOf),
    window: `${form.windowLength}${form.windowUnit}`,
    order: form.order,
    entry: form.reentry,
    count: form.count,
    range,
    ...breakdownOf(form),
    ...(form.overTime ? { interval: form.overTime } : {}),
  };
}

function retention(form: Exploration, range: RangeOf): RetentionQuestion {
  return {
    type: "retention",
    start: scopeOf(form.start),
    return: scopeOf(form.comeback),
    period: form.period,
    periods: form.periods,
    entry: form.entry,
    alignment: form.alignment,
    criterion: form.criterion,
    range,
    ...breakdownOf(form),
  };
}

/** The periods of stored cohorts are those of the range. */
function cohort(form: Exploration, range: RangeOf): CohortQuestion {
  const property = form.property.trim();
  return {
    type: "cohort",
    ...(form.cohorts.length > 0
      ? { cohorts: form.cohorts }
      : { start: scopeOf(form.start), entry: form.entry, periods: form.periods }),
    period: form.period,
    measure: {
      name: form.measure,
      measure: form.measure,
      ...(OF_PROPERTY.has(form.measure) ? { property } : {}),
      ...scopeOf(form.subject),
    },
    ...(form.perMember ? { per_member: true } : {}),
    range,
  };
}

function paths(form: Exploration, range: RangeOf): PathsQuestion {
  return {
    type: "paths",
    anchor: scopeOf(form.anchor),
    direction: form.direction,
    steps: form.length,
    limit: 10,
    by: form.by.trim() || "event_type",
    range,
  };
}

function asked(question: Question): Asked {
  return { kind: "question", question };
}

function isAny(form: EventForm): boolean {
  return form.event.trim() === "" && form.where.every((condition) => condition.property.trim() === "");
}

function breakdownOf(form: Exploration): { breakdown?: { property: string; limit: number } } {
  const property = form.breakdown.trim();
  return property ? { breakdown: { property, limit: 8 } } : {};
}

function rangeOf(form: Exploration, today: Date): RangeOf {
  const { preset } = form.range;
  if (preset === "7d" || preset === "30d" || preset === "90d") return { last: preset };
  const { start, end } = datesOf(form.range, today);
  return { start_time: start, end_time: end };
}

export function scopeOf(form: EventForm): EventScope {
  const event = form.event.trim();
  const conditions = form.where.filter((line) => line.property.trim() !== "").map(conditionOf);
  const [first] = conditions;
  const filter: FilterOf | undefined = conditions.length > 1 ? { and: conditions } : first;
  return { ...(event ? { event } : {}), ...(filter ? { filter } : {}) };
}

/** What is equal to a text that may stand for a number or a truth value is equal to either. A list is written with commas. */
function conditionOf(line: ConditionForm): Condition {
  const property = line.property.trim();
  const { operator } = line;
  const text = line.value.trim();
  if (WITHOUT_VALUE.has(operator)) return { property, operator };
  if (OF_NUMBERS.has(operator)) return { property, operator, value: numberOf(text) ?? text };
  const list = EQUALITIES[operator];
  if (list === undefined) return { property, operator, value: text };
  const parts = list === operator ? text.split(",").map((part) => part.trim()) : [text];
  const values = parts.flatMap(readings);
  return values.length === 1 && list !== operator
    ? { property, operator, value: text }
    : { property, operator: list, value: values };
}

function readings(text: string): (string | number | boolean)[] {
  const number = numberOf(text);
  if (number !== null) return [text, number];
  return text === "true" || text === "false" ? [text, text === "true"] : [text];
}

function numberOf(text: string): number | null {
  const number = Number(text);
  return text !== "" && Number.isFinite(number) ? number : null;
}
