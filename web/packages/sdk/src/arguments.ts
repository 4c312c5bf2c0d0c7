/** Names and values, as JSON has them. */
export type Properties = Readonly<Record<string, unknown>>;
export type Callback = () => void;

/** What a single call says beside its properties. */
export interface CallOptions {
  readonly timestamp?: Date | string | number;
  readonly messageId?: string;
  readonly anonymousId?: string;
  readonly userId?: string;
  readonly context?: Properties;
  readonly [name: string]: unknown;
}

/** A call's arguments, whichever of them were left out. */
export interface Read {
  readonly texts: readonly string[];
  readonly properties: Properties;
  readonly options: CallOptions;
  readonly callback: Callback | undefined;
}

const isObject = (value: unknown): value is Properties =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Reads arguments as Segment's libraries do: up to some texts, then properties, then options, then a callback, each of which may be
 * left out. A number is a text too, for ids. Of texts left out by `null` the place stays.
 */
export function read(all: readonly unknown[], mostTexts: number): Read {
  const texts: string[] = [];
  let at = 0;
  while (at < mostTexts && at < all.length && !isObject(all[at]) && typeof all[at] !== "function") {
    const value = all[at++];
    texts.push(typeof value === "string" || typeof value === "number" ? String(value) : "");
  }
  const objects = all.slice(at).filter((value) => typeof value !== "function");
  return {
    texts,
    properties: isObject(objects[0]) ? objects[0] : {},
    options: isObject(objects[1]) ? (objects[1] as CallOptions) : {},
    callback: all.find((value): value is Callback => typeof value === "function"),
  };
}
