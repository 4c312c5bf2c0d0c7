import type { Cell, Controls } from "./api";
import { label } from "./format";

/** What somebody has chosen in a report; empty for what the report says itself. */
export interface Choices {
  /** A period that ends now, as in `30d`; else from and to, as dates or times. */
  readonly last: string;
  readonly startTime: string;
  readonly endTime: string;
  /** A property, or `none`. */
  readonly breakdown: string;
  /** Values by property as JSON, as in `{"country":["DE"]}`. */
  readonly filters: string;
}

/** Values by property; null stands for events without it. */
export type Picks = Readonly<Record<string, readonly Cell[]>>;

export const NO_CHOICES: Choices = { last: "", startTime: "", endTime: "", breakdown: "", filters: "" };

/** The parameters of the API that stand for choices. */
const PARAMETERS: readonly (readonly [string, keyof Choices])[] = [
  ["last", "last"],
  ["start_time", "startTime"],
  ["end_time", "endTime"],
  ["breakdown", "breakdown"],
  ["filters", "filters"],
];

/** Writes choices into an address. */
export function putChoices(parameters: URLSearchParams, choices: Choices): void {
  for (const [name, member] of PARAMETERS) if (choices[member]) parameters.set(name, choices[member]);
}

export function choicesIn(parameters: URLSearchParams): Choices {
  const found: Record<string, string> = {};
  for (const [name, member] of PARAMETERS) found[member] = parameters.get(name) ?? "";
  return { ...NO_CHOICES, ...found };
}

/** The choices among the members of an element. */
export function choicesOf({ last, startTime, endTime, breakdown, filters }: Choices): Choices {
  return { last, startTime, endTime, breakdown, filters };
}

export function sameChoices(some: Choices, others: Choices): boolean {
  return PARAMETERS.every(([, member]) => some[member] === others[member]);
}

/** Whether a refused parameter is one of these. */
export function isChoice(field: string | undefined): boolean {
  const first = (field ?? "").split(/[.[]/)[0];
  return PARAMETERS.some(([name]) => name === first);
}

export function picksIn(filters: string): Picks {
  try {
    const picks: unknown = filters === "" ? {} : JSON.parse(filters);
    return typeof picks === "object" && picks !== null ? (picks as Picks) : {};
  } catch {
    return {};
  }
}

/** The same picks with other values of one property. */
export function withPicks(filters: string, property: string, values: readonly Cell[]): string {
  const { [property]: _, ...others } = picksIn(filters);
  const picks = values.length === 0 ? others : { ...others, [property]: values };
  return Object.keys(picks).length === 0 ? "" : JSON.stringify(picks);
}

/** A property in the words of a reader: `properties.plan_name` is "Plan name". */
export function propertyName(path: string): string {
  return label(path.replace(/^(properties|user)\./, "").replaceAll(".", " "));
}

export function isOffered(controls: Controls | undefined): boolean {
  return (
    controls !== undefined &&
    (controls.date_range || controls.breakdown.length > 0 || controls.filters.length > 0)
  );
}
