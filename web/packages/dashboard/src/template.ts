/** A report that can be made at once, and the events that it tells of. */
export interface Template {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly events: readonly NeededEvent[];
}

export interface NeededEvent {
  readonly event: string;
  /** What it is needed for, with which properties. */
  readonly note: string;
}

type Entry = Readonly<Record<string, unknown>>;

/** Reads an entry of `GET /api/v1/templates`. */
export function readTemplate(entry: Entry): Template {
  const events = entry.events ?? entry.needed_events;
  return {
    id: word(entry, "template_id", "id"),
    name: word(entry, "name", "template_name"),
    description: word(entry, "description"),
    events: Array.isArray(events) ? events.map(readNeeded).filter((needed) => needed.event !== "") : [],
  };
}

function readNeeded(value: unknown): NeededEvent {
  if (typeof value === "string") return { event: value, note: "" };
  if (typeof value !== "object" || value === null) return { event: "", note: "" };
  const entry = value as Entry;
  const { properties } = entry;
  const named = Array.isArray(properties) ? properties.filter((name) => typeof name === "string") : [];
  return {
    event: word(entry, "event_type", "event", "name"),
    note: [word(entry, "description", "purpose"), named.length > 0 ? `with ${named.join(", ")}` : ""]
      .filter((part) => part !== "")
      .join(", "),
  };
}

function word(entry: Entry, ...names: readonly string[]): string {
  for (const name of names) {
    const value = entry[name];
    if (typeof value === "string") return value;
  }
  return "";
}
