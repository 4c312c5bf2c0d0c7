import type { EventScope, FilterOf, MeasureOf, Question } from "@tidemark/widgets/questions";
import { isOfProperty, shapeOf } from "./words";

/** What is wrong with a field or missing from it, at its JSON path. */
export interface Complaint {
  readonly path: string;
  readonly message: string;
}

/** What a question that is being written still lacks before it can be asked. */
export function lackingIn(question: Question): readonly Complaint[] {
  return [...ofKind(question), ...ofFilter(question.filter, "filter"), ...ofRange(question)];
}

function ofRange({ range }: Question): readonly Complaint[] {
  if ("last" in range) return [];
  return [
    ...(range.start_time === "" ? [{ path: "range.start_time", message: "Choose the first day." }] : []),
    ...(range.end_time === "" ? [{ path: "range.end_time", message: "Choose the last day." }] : []),
  ];
}

function ofKind(question: Question): readonly Complaint[] {
  switch (question.type) {
    case "trend":
      return [...ofMeasures(question.measures), ...ofBreakdown(question.breakdown?.property)];
    case "metric":
      return ofMeasures(question.measures);
    case "table":
      return [
        ...ofMeasures(question.measures),
        ...question.breakdowns.flatMap((path, at) =>
          path === "" ? [{ path: `breakdowns[${at}]`, message: "Choose a property." }] : [],
        ),
      ];
    case "funnel":
      return [
        ...question.steps.flatMap((step, at) => needed(step, `steps[${at}]`)),
        ...(question.exclusions ?? []).flatMap((exclusion, at) => needed(exclusion, `exclusions[${at}]`)),
        ...ofBreakdown(question.breakdown?.property),
      ];
    case "retention":
      return [
        ...ofScope(question.start, "start"),
        ...ofScope(question.return, "return"),
        ...ofBreakdown(question.breakdown?.property),
      ];
    case "cohort":
      return [
        ...(question.start ? ofScope(question.start, "start") : []),
        ...(question.cohorts?.length === 0 ? [{ path: "cohorts", message: "Choose a cohort." }] : []),
        ...(question.measure ? ofMeasure(question.measure, "measure") : []),
      ];
    case "stickiness":
      return [];
    case "paths":
      return needed(question.anchor, "anchor");
  }
}

function ofMeasures(measures: readonly MeasureOf[]): readonly Complaint[] {
  const names = measures.map((measure) => measure.name);
  return measures.flatMap((measure, at) => [
    ...ofMeasure(measure, `measures[${at}]`),
    ...(names.indexOf(measure.name) < at
      ? [{ path: `measures[${at}].name`, message: "Another measure has this name." }]
      : []),
  ]);
}

function ofMeasure(measure: MeasureOf, path: string): readonly Complaint[] {
  if (measure.formula !== undefined) {
    return measure.formula.trim() === ""
      ? [{ path: `${path}.formula`, message: "Write a formula, as in a / b." }]
      : [];
  }
  return [
    ...(measure.name.trim() === "" ? [{ path: `${path}.name`, message: "Give it a name." }] : []),
    ...(isOfProperty(measure.measure) && !measure.property
      ? [{ path: `${path}.property`, message: "Choose the property that is measured." }]
      : []),
    ...ofScope(measure, path),
  ];
}

function ofBreakdown(property: string | undefined): readonly Complaint[] {
  return property === "" ? [{ path: "breakdown.property", message: "Choose a property." }] : [];
}

/** Complaints of events of which at least one has to be named. */
function needed(scope: EventScope, path: string): readonly Complaint[] {
  const unnamed = scope.event === "" && scope.filter === undefined;
  return [
    ...(unnamed ? [{ path: `${path}.event`, message: "Choose an event." }] : []),
    ...ofScope(scope, path),
  ];
}

function ofScope(scope: EventScope, path: string): readonly Complaint[] {
  return ofFilter(scope.filter, `${path}.filter`);
}

export function ofFilter(filter: FilterOf | undefined, path: string): readonly Complaint[] {
  if (filter === undefined) return [];
  if ("and" in filter) return ofMembers(filter.and, `${path}.and`);
  if ("or" in filter) return ofMembers(filter.or, `${path}.or`);
  if ("not" in filter) return ofFilter(filter.not, `${path}.not`);
  if ("cohort" in filter) {
    return filter.cohort === "" ? [{ path: `${path}.cohort`, message: "Choose a cohort." }] : [];
  }
  if (filter.property === "") return [{ path: `${path}.property`, message: "Choose a property." }];
  return isFilled(filter.value, shapeOf(filter.operator))
    ? []
    : [{ path: `${path}.value`, message: "Say which value." }];
}

function ofMembers(members: readonly FilterOf[], path: string): readonly Complaint[] {
  return members.length === 0
    ? [{ path, message: "Add a condition to this group." }]
    : members.flatMap((member, at) => ofFilter(member, `${path}[${at}]`));
}

function isFilled(value: unknown, shape: ReturnType<typeof shapeOf>): boolean {
  if (shape === "nothing") return true;
  if (shape === "one") return value !== undefined && value !== "";
  return (
    Array.isArray(value) && value.length >= (shape === "pair" ? 2 : 1) && value.every((part) => part !== "")
  );
}

/** A question as it is sent: an event that was not chosen is left out, where any event will do. */
export function asSent(question: Question): Question {
  return tidied(question) as Question;
}

function tidied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidied);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      const empty = name === "event" && (member === "" || (Array.isArray(member) && member.length === 0));
      return empty ? [] : [[name, tidied(member)]];
    }),
  );
}
