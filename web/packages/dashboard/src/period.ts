export type Preset = "default" | "today" | "7d" | "30d" | "90d" | "custom";

/** A choice of period; the dates are set for `custom` alone. */
export interface Range {
  readonly preset: Preset;
  readonly start: string;
  readonly end: string;
}

/** The dates of a choice, both inclusive; empty where the report's own period holds. */
export function datesOf(range: Range, today: Date): { readonly start: string; readonly end: string } {
  const back = { today: 0, "7d": 6, "30d": 29, "90d": 89 };
  switch (range.preset) {
    case "default":
      return { start: "", end: "" };
    case "custom":
      return { start: range.start, end: range.end };
    default: {
      const start = new Date(today);
      start.setDate(start.getDate() - back[range.preset]);
      return { start: localDate(start), end: localDate(today) };
    }
  }
}

export function localDate(day: Date): string {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}
