import type { EventScope, MeasureOf, Question } from "@tidemark/widgets/questions";
import { isOfProperty, MEASURES, wordOf } from "./words";

/** What a question asks, in a few words; the title of a widget whose author gave none. */
export function titleOf(question: Question): string {
  switch (question.type) {
    case "trend":
      return `${measured(question.measures)}${by(question.breakdown?.property)}`;
    case "metric":
      return measured(question.measures.slice(0, 1));
    case "table":
      return `${measured(question.measures)}${by(question.breakdowns.join(", "))}`;
    case "funnel":
      return `${question.steps.map((step) => step.name ?? eventsOf(step)).join(" → ")}${by(question.breakdown?.property)}`;
    case "retention":
      return `${eventsOf(question.return)} after ${eventsOf(question.start)}, by ${question.period ?? "day"}`;
    case "cohort":
      return `${question.measure ? nameOf(question.measure) : "People"} by ${question.cohorts ? "cohort" : `start ${question.period ?? "week"}`}`;
    case "stickiness":
      return `Active ${question.period ?? "day"}s, ${eventsOf(question)}`;
    case "paths":
      return `Paths ${question.direction ?? "after"} ${eventsOf(question.anchor)}`;
  }
}

/** What a measure is called before somebody names it. */
export function nameOf(measure: MeasureOf): string {
  if (measure.formula !== undefined) return measure.name || "Formula";
  const property = isOfProperty(measure.measure) ? ` ${plainProperty(measure.property ?? "")}` : "";
  const event = eventsOf(measure);
  const of = event === "any event" ? "" : measure.measure === "events" ? "" : `, ${event}`;
  const word =
    measure.measure === "events" && event !== "any event" ? event : wordOf(MEASURES, measure.measure);
  return `${word}${property}${of}`.replaceAll("`", "'").slice(0, 100);
}

/** A property without the word that says where it comes from. */
export function plainProperty(path: string): string {
  return path.replace(/^(properties|user)\./, "");
}

export function eventsOf(scope: EventScope): string {
  const { event } = scope;
  const list = typeof event === "string" ? [event] : (event ?? []);
  return list.filter((name) => name !== "").join(" or ") || "any event";
}

function measured(measures: readonly MeasureOf[]): string {
  return measures.map((measure) => measure.name || nameOf(measure)).join(", ");
}

function by(property: string | undefined): string {
  return property ? `, by ${property.split(", ").map(plainProperty).join(", ")}` : "";
}
