import type { Problem } from "./api";

/** A problem in the words of a reader of reports: what happened and what can be done. */
export interface ProblemText {
  readonly title: string;
  readonly advice: string;
}

export function problemText(problem: Problem): ProblemText {
  switch (problem.status) {
    case 0:
      return { title: "The server cannot be reached", advice: "Trying again by itself." };
    case 401:
      return { title: "Access has expired", advice: "Reload this page to see the report again." };
    case 403:
      if (problem.code === "revoked")
        return { title: "Access was withdrawn", advice: "Ask whoever shared this report for access." };
      return {
        title: "You may not see this report",
        advice: problem.detail ?? "Ask whoever shared it for access.",
      };
    case 404:
      return { title: "This report does not exist", advice: "It may have been removed." };
    case 429:
      if (problem.limit === "viewers")
        return {
          title: "Too many are looking at this report",
          advice: "It appears by itself as soon as there is room.",
        };
      return { title: "Too many requests", advice: "Waiting a moment before trying again." };
    default:
      return problem.status >= 500
        ? { title: problem.title, advice: problem.detail ?? "Trying again by itself." }
        : { title: problem.title, advice: problem.detail ?? "The question of this widget needs mending." };
  }
}
