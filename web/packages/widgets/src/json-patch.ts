/** One step of a JSON Patch (RFC 6902), of the kinds that a report's stream uses. */
export type PatchOperation =
  | { readonly op: "add" | "replace"; readonly path: string; readonly value: unknown }
  | { readonly op: "remove"; readonly path: string };

/**
 * The value after a patch. What the patch does not touch stays the same object, so that a widget that did not change is not drawn
 * again. Throws on a path that leads nowhere.
 */
export function patched<T>(value: T, operations: readonly PatchOperation[]): T {
  const copies = new Set<object>();
  return operations.reduce<unknown>((before, operation) => step(before, operation, copies), value) as T;
}

function step(root: unknown, operation: PatchOperation, copies: Set<object>): unknown {
  const keys = operation.path
    .split("/")
    .slice(1)
    .map((key) => key.replace(/~1/g, "/").replace(/~0/g, "~"));
  const last = keys.pop();
  if (last === undefined) return operation.op === "remove" ? null : operation.value;
  const copy = writable(root, copies);
  let place = copy;
  for (const key of keys) {
    const next = writable(place[key], copies);
    place[key] = next;
    place = next;
  }
  if (operation.op === "remove") delete place[last];
  else place[last] = operation.value;
  return copy;
}

/** The object itself where this patch made it, else a copy of it. */
function writable(value: unknown, copies: Set<object>): Record<string, unknown> {
  if (typeof value !== "object" || value === null) throw new TypeError("the patch leads nowhere");
  if (copies.has(value)) return value as Record<string, unknown>;
  const copy = Array.isArray(value) ? [...value] : { ...value };
  copies.add(copy);
  return copy as Record<string, unknown>;
}
