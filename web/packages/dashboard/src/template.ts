/** A report that can be made at once, and the events that it tells of, as `GET /api/v1/templates` lists them. */
export interface Template {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly events: readonly NeededEvent[];
  /** Whether the tenant sends all that it needs. */
  readonly ready: boolean;
}

export interface NeededEvent {
  readonly event: string;
  readonly description: string;
  /** Whether the tenant sends it. */
  readonly exists: boolean;
  readonly properties: readonly {
    readonly property: string;
    readonly description: string;
    readonly exists: boolean;
  }[];
}

/** What the tenant calls the events and properties of a template. */
export interface OwnNames {
  readonly events: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, string>>;
}

export const NO_OWN_NAMES: OwnNames = { events: {}, properties: {} };

/** The same with one name more, or without it when it is empty or the template's own. */
export function named(names: OwnNames, of: keyof OwnNames, theirs: string, own: string): OwnNames {
  const { [theirs]: _, ...others } = names[of];
  const word = own.trim();
  return { ...names, [of]: word === "" || word === theirs ? others : { ...others, [theirs]: word } };
}
