/** A part of a text, by the positions of its characters. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** A value of a JSON text, with where it stands. Members keep the place of their names. */
export interface Node extends Place {
  readonly members?: readonly { readonly name: string; readonly key: Place; readonly value: Node }[];
  readonly elements?: readonly Node[];
}

export type Read =
  | { readonly kind: "json"; readonly root: Node; readonly value: unknown }
  | { readonly kind: "broken"; readonly at: number; readonly message: string };

class Broken extends Error {
  constructor(
    readonly at: number,
    message: string,
  ) {
    super(message);
  }
}

const LITERAL = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const MOST_DEEP = 200;

/** Reads JSON with the place of every value in it, or tells where it ceases to be JSON. */
export function readJson(text: string): Read {
  try {
    const reader = new Reader(text);
    const root = reader.whole();
    return { kind: "json", root, value: JSON.parse(text) as unknown };
  } catch (cause) {
    if (cause instanceof Broken) return { kind: "broken", at: cause.at, message: cause.message };
    throw cause;
  }
}

class Reader {
  #at = 0;

  constructor(private readonly text: string) {}

  whole(): Node {
    const root = this.#value(0);
    this.#space();
    if (this.#at < this.text.length) throw new Broken(this.#at, "nothing may follow here");
    return root;
  }

  #value(depth: number): Node {
    if (depth > MOST_DEEP) throw new Broken(this.#at, "this is nested too deep");
    this.#space();
    const start = this.#at;
    const first = this.text[start];
    if (first === "{") return this.#object(start, depth);
    if (first === "[") return this.#array(start, depth);
    if (first === '"') {
      this.#string();
      return { start, end: this.#at };
    }
    this.#match(LITERAL, first === undefined ? "the text ends too early" : "a value is missing here");
    return { start, end: this.#at };
  }

  #object(start: number, depth: number): Node {
    const members: { name: string; key: Place; value: Node }[] = [];
    this.#at += 1;
    this.#space();
    if (this.text[this.#at] !== "}") {
      do {
        this.#space();
        const from = this.#at;
        if (this.text[from] !== '"') throw new Broken(from, 'a name in "quotes" is missing here');
        const name = JSON.parse(this.#string()) as string;
        const key = { start: from, end: this.#at };
        this.#space();
        if (!this.#takes(":")) throw new Broken(this.#at, "a colon is missing here");
        members.push({ name, key, value: this.#value(depth + 1) });
        this.#space();
      } while (this.#takes(","));
    }
    if (!this.#takes("}")) throw new Broken(this.#at, "a comma or } is missing here");
    return { start, end: this.#at, members };
  }

  #array(start: number, depth: number): Node {
    const elements: Node[] = [];
    this.#at += 1;
    this.#space();
    if (this.text[this.#at] !== "]") {
      do {
        elements.push(this.#value(depth + 1));
        this.#space();
      } while (this.#takes(","));
    }
    if (!this.#takes("]")) throw new Broken(this.#at, "a comma or ] is missing here");
    return { start, end: this.#at, elements };
  }

  #string(): string {
    return this.#match(STRING, "this text has no end, or a character that must be escaped");
  }

  #match(pattern: RegExp, otherwise: string): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined || found === "") throw new Broken(this.#at, otherwise);
    this.#at += found.length;
    return found;
  }

  #takes(character: string): boolean {
    if (this.text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #space(): void {
    while (" \n\r\t".includes(this.text[this.#at] ?? "x")) this.#at += 1;
  }
}

/** Where a path leads, as far as it can be followed. */
export interface Found {
  /** The value, with the name that it has where it has one. */
  readonly place: Place;
  /** What of the path is not there; empty when all of it is. */
  readonly missing: string;
}

/** Follows a path as the server writes it, as in `properties.items[2].price`. Names may have dots in them. */
export function follow(root: Node, path: string): Found {
  let node = root;
  let place: Place = root;
  let rest = path;
  while (rest !== "") {
    const next = step(node, rest);
    if (!next) return { place, missing: rest.replace(/^\./, "") };
    ({ node, place, rest } = next);
  }
  return { place, missing: "" };
}

function step(node: Node, path: string): { node: Node; place: Place; rest: string } | null {
  const [whole, index] = /^\[(\d+)\]/.exec(path) ?? [];
  if (whole !== undefined) {
    const element = node.elements?.[Number(index)];
    return element ? { node: element, place: element, rest: path.slice(whole.length) } : null;
  }
  const names = path.replace(/^\./, "");
  // The longest name that fits, for names that have dots themselves.
  const member = (node.members ?? [])
    .filter(({ name }) => names === name || names.startsWith(`${name}.`) || names.startsWith(`${name}[`))
    .sort((one, other) => other.name.length - one.name.length)[0];
  if (!member) {
    const at = /^(\d+)(?=\.|$)/.exec(names)?.[1];
    const element = at === undefined ? undefined : node.elements?.[Number(at)];
    return element ? { node: element, place: element, rest: names.slice(at?.length ?? 0) } : null;
  }
  return {
    node: member.value,
    place: { start: member.key.start, end: member.value.end },
    rest: names.slice(member.name.length),
  };
}

/** The line of a position, counted from one. */
export function lineOf(text: string, at: number): number {
  return text.slice(0, at).split("\n").length;
}

/** JSON set out over lines; what is no JSON stays as it is. */
export function laidOut(text: string): string {
  const read = readJson(text);
  return read.kind === "json" ? JSON.stringify(read.value, null, 2) : text;
}
