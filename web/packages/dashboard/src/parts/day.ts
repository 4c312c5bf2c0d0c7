/** A day of the calendar, written as `2026-11-22`, in the reader's way and short: "22 Nov". */
export function dayOf(date: string | undefined): string {
  if (date === undefined) return "";
  const day = new Date(`${date}T00:00:00Z`);
  return Number.isNaN(day.getTime())
    ? date
    : day.toLocaleDateString(undefined, { day: "numeric", month: "short", timeZone: "UTC" });
}
