import type { MaskingRule } from "../api/account";

/** What a rule looks for in a field. */
export type Target = "whole" | "pattern" | "email" | "card" | "ip";

export const TARGETS: readonly (readonly [Target, string])[] = [
  ["whole", "the whole value"],
  ["email", "e-mail addresses"],
  ["card", "card numbers"],
  ["ip", "IP addresses"],
  ["pattern", "what a pattern matches"],
];

export const ACTIONS: readonly (readonly [MaskingRule["action"], string])[] = [
  ["redact", "replace by ***"],
  ["hash", "replace by a hash"],
  ["truncate", "shorten the address"],
  ["drop", "remove"],
];

export function targetOf({ detect, pattern }: MaskingRule): Target {
  return detect ?? (pattern === null || pattern === undefined ? "whole" : "pattern");
}

/** The rule with another target; what only addresses can be done becomes what any value can. */
export function aimed(rule: MaskingRule, target: Target): MaskingRule {
  const action =
    rule.action === "truncate" && target !== "ip" && rule.field !== "context.ip" ? "redact" : rule.action;
  const { field } = rule;
  switch (target) {
    case "whole":
      return { field, action };
    case "pattern":
      return { field, action, pattern: rule.pattern ?? "" };
    default:
      return { field, action, detect: target };
  }
}

/** As it is sent: without members that say nothing. */
export function plain({ field, pattern, detect, action }: MaskingRule): MaskingRule {
  return {
    field,
    action,
    ...(detect ? { detect } : {}),
    ...(pattern === null || pattern === undefined ? {} : { pattern }),
  };
}

/** The index and member that a path such as `masking[2].pattern` is about; null where it is about no rule. */
export function placeOf(field: string): { readonly index: number; readonly member: string } | null {
  const [, index, member = ""] = /^masking\[(\d+)\](?:\.(\w+))?$/.exec(field) ?? [];
  return index === undefined ? null : { index: Number(index), member };
}
