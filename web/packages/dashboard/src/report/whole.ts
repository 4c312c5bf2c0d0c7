import type { Compare, FilterOf, Question, RangeOf } from "@tidemark/widgets/questions";
import { conjuncts, joined } from "../question/filter-tree";
import { same, withMember } from "../question/record";
import type { DraftWidget } from "./draft";

/** What all widgets of a report have in common; a member is undefined where they differ or none of them has it. */
export interface Whole {
  readonly range: RangeOf | undefined;
  readonly compare: Compare | "" | undefined;
  readonly filter: FilterOf | undefined;
  readonly zone: string | undefined;
}

export function wholeOf(widgets: readonly DraftWidget[]): Whole {
  const questions = widgets.map((widget) => widget.question);
  const [first, ...rest] = questions;
  const shared = first
    ? conjuncts(first.filter).filter((condition) => rest.every((other) => has(other, condition)))
    : [];
  return {
    range: common(questions.map((question) => question.range)),
    compare: common(questions.filter(isComparable).map((question) => question.compare ?? "")),
    filter: joined(shared),
    zone: common(questions.map((question) => question.zone ?? "")),
  };
}

/** Gives all widgets one period. */
export function withRange(widgets: readonly DraftWidget[], range: RangeOf): readonly DraftWidget[] {
  return asked(widgets, (question) => ({ ...question, range }));
}

/** Compares all that can be compared with the same; numbers of this moment have no past. */
export function withCompare(widgets: readonly DraftWidget[], compare: Compare | ""): readonly DraftWidget[] {
  return asked(widgets, (question) =>
    isComparable(question)
      ? withMember<typeof question, "compare">(question, "compare", compare === "" ? undefined : compare)
      : question,
  );
}

/** Replaces the conditions that all widgets have in common; what a widget has besides stays its own. */
export function withFilter(
  widgets: readonly DraftWidget[],
  filter: FilterOf | undefined,
): readonly DraftWidget[] {
  const before = conjuncts(wholeOf(widgets).filter);
  return asked(widgets, (question) => {
    const own = conjuncts(question.filter).filter(
      (condition) => !before.some((shared) => same(shared, condition)),
    );
    return withMember<Question, "filter">(question, "filter", joined([...conjuncts(filter), ...own]));
  });
}

export function withZone(widgets: readonly DraftWidget[], zone: string | undefined): readonly DraftWidget[] {
  return asked(widgets, (question) => withMember<Question, "zone">(question, "zone", zone));
}

function isComparable(
  question: Question,
): question is Question & { readonly compare?: Compare; readonly type: "trend" | "metric" } {
  if (question.type === "trend") return true;
  return (
    question.type === "metric" && !question.measures.some((measure) => measure.measure === "active_users_now")
  );
}

function has(question: Question, condition: FilterOf): boolean {
  return conjuncts(question.filter).some((other) => same(other, condition));
}

function common<T>(values: readonly T[]): T | undefined {
  const [first, ...rest] = values;
  return rest.every((value) => same(value, first)) ? first : undefined;
}

function asked(
  widgets: readonly DraftWidget[],
  change: (question: Question) => Question,
): readonly DraftWidget[] {
  return widgets.map((widget) => ({ ...widget, question: change(widget.question) }));
}
