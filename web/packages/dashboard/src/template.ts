import type { Wire } from "@tidemark/widgets/wire";

/** A report that can be made at once, and the events that it tells of. */
export type Template = Wire<"Templates">["templates"][number];
export type NeededEvent = Template["events"][number];

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
