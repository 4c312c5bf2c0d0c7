/** The same with one member more, changed, or (where undefined) gone. */
export function withMember<T extends object, K extends keyof T>(
  of: T,
  member: K,
  value: T[K] | undefined,
): T {
  if (value !== undefined) return { ...of, [member]: value };
  const { [member]: _, ...rest } = of;
  return rest as T;
}

/** The same list with one entry changed. */
export function replaced<T>(list: readonly T[], at: number, value: T): readonly T[] {
  return list.map((old, index) => (index === at ? value : old));
}

export function removed<T>(list: readonly T[], at: number): readonly T[] {
  return list.filter((_, index) => index !== at);
}

/** The same list with one entry a place further up (-1) or down (1), where there is one. */
export function shifted<T>(list: readonly T[], at: number, by: -1 | 1): readonly T[] {
  const other = list[at + by];
  const own = list[at];
  if (own === undefined || other === undefined) return list;
  return list.map((old, index) => (index === at ? other : index === at + by ? own : old));
}

export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
