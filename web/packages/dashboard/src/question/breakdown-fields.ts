import type { BreakdownOf } from "@tidemark/widgets/questions";
import { html, nothing, type TemplateResult } from "lit";
import type { Catalog } from "../api/catalog";
import { countField } from "./editor";
import { propertyPicker } from "./pickers";

/**
 * By which property an answer is broken down, and into how many of its values.
 *
 * @param wrongWith what is wrong with a member of the question
 * @param change called with undefined where the answer is no longer broken down
 */
export function breakdownFields<T extends BreakdownOf>(
  catalog: Catalog | null,
  breakdown: T | undefined,
  wrongWith: (member: string) => string,
  change: (breakdown: T | undefined) => void,
): TemplateResult {
  return html`${propertyPicker(
    {
      label: "Broken down by",
      catalog,
      placeholder: "nothing",
      wrong: wrongWith("breakdown.property") || wrongWith("breakdown"),
    },
    breakdown?.property ?? "",
    (property) => change(property === "" ? undefined : ({ ...breakdown, property } as T)),
  )}
  ${
    breakdown
      ? countField(
          "Values at most",
          breakdown.limit ?? 10,
          [1, 200],
          (limit) => change({ ...breakdown, limit }),
          wrongWith("breakdown.limit"),
        )
      : nothing
  }`;
}
