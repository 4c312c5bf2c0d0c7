import type { Condition, FilterOf, Membership } from "@tidemark/widgets/questions";

export type Mode = "all" | "any" | "none" | "not_all";

/** Tests under `and`, `or` and `not`, as the API has them. */
export type Tree<L> =
  | L
  | { readonly and: readonly Tree<L>[] }
  | { readonly or: readonly Tree<L>[] }
  | { readonly not: Tree<L> };

/** The same as people read it: leaves under all, any, none or not all of. */
export interface Group<L> {
  readonly kind: "group";
  readonly mode: Mode;
  readonly members: readonly Node<L>[];
}

export interface Leaf<L> {
  readonly kind: "leaf";
  readonly test: L;
}

export type Node<L> = Group<L> | Leaf<L>;

export type FilterTest = Condition | Membership;

export const NEW_CONDITION: Leaf<FilterTest> = {
  kind: "leaf",
  test: { property: "", operator: "eq", value: "" },
};

/** The group that a tree is; a lone test is a group of one. */
export function groupOf<L extends object>(tree: Tree<L> | undefined): Group<L> {
  if (tree === undefined) return { kind: "group", mode: "all", members: [] };
  const node = nodeOf<L>(tree);
  return node.kind === "group" ? node : { kind: "group", mode: "all", members: [node] };
}

function nodeOf<L extends object>(tree: Tree<L>): Node<L> {
  if ("and" in tree)
    return { kind: "group", mode: "all", members: tree.and.map((member) => nodeOf<L>(member)) };
  if ("or" in tree)
    return { kind: "group", mode: "any", members: tree.or.map((member) => nodeOf<L>(member)) };
  if ("not" in tree) {
    const inner = nodeOf<L>(tree.not);
    if (inner.kind === "leaf") return { kind: "group", mode: "none", members: [inner] };
    if (inner.mode === "any") return { ...inner, mode: "none" };
    if (inner.mode === "all") return { ...inner, mode: "not_all" };
    return { kind: "group", mode: "none", members: [inner] };
  }
  return { kind: "leaf", test: tree };
}

/** The tree of a group; undefined for one without a leaf. */
export function treeOf<L>(group: Group<L>): Tree<L> | undefined {
  const [only] = group.members;
  if (only === undefined) return undefined;
  if (group.members.length === 1 && group.mode === "all" && only.kind === "leaf") return only.test;
  return written(group);
}

function written<L>(node: Node<L>): Tree<L> {
  if (node.kind === "leaf") return node.test;
  const members = node.members.map(written);
  switch (node.mode) {
    case "all":
      return { and: members };
    case "any":
      return { or: members };
    case "none":
      return { not: { or: members } };
    case "not_all":
      return { not: { and: members } };
  }
}

/** Where a member of the whole filter's group stands in the JSON that is sent, as in `filter.and[1]`. */
export function memberPath<L>(path: string, group: Group<L>, at: number, root: boolean): string {
  if (root && isPlain(group)) return path;
  const step = { all: ".and", any: ".or", none: ".not.or", not_all: ".not.and" }[group.mode];
  return `${path}${step}[${at}]`;
}

/** Whether a whole group is a single test and nothing more. */
export function isPlain<L>(group: Group<L>): boolean {
  return group.members.length === 1 && group.mode === "all" && group.members[0]?.kind === "leaf";
}

/** The conditions that all have to hold, on the outermost level. */
export function conjuncts(filter: FilterOf | undefined): readonly FilterOf[] {
  if (filter === undefined) return [];
  return "and" in filter ? filter.and : [filter];
}

/** The filter of some conditions that all have to hold. */
export function joined(conditions: readonly FilterOf[]): FilterOf | undefined {
  const [only] = conditions;
  if (only === undefined) return undefined;
  return conditions.length === 1 ? only : { and: conditions };
}
