/** Names with texts. What cannot be kept or read is as if it were not there; nothing throws. */
export interface Store {
  get(name: string): string | null;
  /** False when there is no room. */
  set(name: string, text: string): boolean;
  remove(name: string): void;
  names(): string[];
}

/** A place for texts that may throw at any time. */
export interface Place {
  get(name: string): string | null | undefined;
  set(name: string, text: string): void;
  remove(name: string): void;
  names(): Iterable<string>;
}

export function memoryStore(): Store {
  const texts = new Map<string, string>();
  return storeIn({
    get: (name) => texts.get(name),
    set: (name, text) => texts.set(name, text),
    remove: (name) => texts.delete(name),
    names: () => texts.keys(),
  });
}

/** What a place has under names that begin with a prefix. A place that keeps nothing is as good as memory, which is given instead. */
export function storeAt(place: Place, prefix: string): Store {
  const store = storeIn(place, prefix);
  store.set("probe", "1");
  const works = store.get("probe") === "1";
  store.remove("probe");
  return works ? store : memoryStore();
}

function storeIn(place: Place, prefix = ""): Store {
  const attempt = <T>(act: () => T, otherwise: T): T => {
    try {
      return act();
    } catch {
      return otherwise;
    }
  };
  return {
    get: (name) => attempt(() => place.get(prefix + name) ?? null, null),
    set: (name, text) =>
      attempt(() => {
        place.set(prefix + name, text);
        return true;
      }, false),
    remove: (name) => attempt(() => place.remove(prefix + name), undefined),
    names: () =>
      attempt(
        () =>
          [...place.names()].flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : [])),
        [],
      ),
  };
}

/** The storage of this origin, which its tabs share. */
export const localPlace: Place = {
  get: (name) => localStorage.getItem(name),
  set: (name, text) => localStorage.setItem(name, text),
  remove: (name) => localStorage.removeItem(name),
  names: () => Object.keys(localStorage),
};

const YEAR_SECONDS = 31_536_000;

/** Cookies of this site, or of a whole domain. */
export function cookiePlace(domain = ""): Place {
  const pairs = () => new Map(document.cookie.split("; ").map((pair) => pair.split("=") as [string, string]));
  const write = (name: string, text: string, seconds: number) => {
    const secure = location.protocol === "https:" ? ";secure" : "";
    // biome-ignore lint/suspicious/noDocumentCookie: what replaces it needs TLS and is missing in two of three engines.
    document.cookie = `${name}=${encodeURIComponent(text)};path=/;max-age=${seconds};samesite=lax${domain && `;domain=${domain}`}${secure}`;
  };
  return {
    get: (name) => {
      const text = pairs().get(name);
      return text && decodeURIComponent(text);
    },
    set: (name, text) => write(name, text, YEAR_SECONDS),
    remove: (name) => write(name, "", 0),
    names: () => pairs().keys(),
  };
}

/** A store in memory until it is opened, which moves what it holds to where it lasts. Closing it clears both. */
export interface GatedStore extends Store {
  open(): void;
  close(): void;
}

export function gatedStore(lasting: Store): GatedStore {
  let current = memoryStore();
  return {
    get: (name) => current.get(name),
    set: (name, text) => current.set(name, text),
    remove: (name) => current.remove(name),
    names: () => current.names(),
    open() {
      // What lasts already is not overwritten by what a page made up while it waited.
      for (const name of current === lasting ? [] : current.names()) {
        if (lasting.get(name) === null) lasting.set(name, current.get(name) as string);
      }
      current = lasting;
    },
    close() {
      for (const name of lasting.names()) lasting.remove(name);
      current = memoryStore();
    },
  };
}
