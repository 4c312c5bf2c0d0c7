import { newId } from "./ids";
import type { Store } from "./store";

const MOST_EVENTS = 1_000;
const MOST_CHARS = 1_000_000;
const OLDEST_MILLIS = 7 * 24 * 3_600_000;
const PREFIX = "event.";
/** What is left when there was too much, so that not every event makes room for itself alone. */
const KEPT = 0.9;

/** An event that waits to be sent. */
export interface Waiting {
  readonly name: string;
  readonly text: string;
}

/**
 * Events that wait to be sent, oldest first. Each has an entry of its own with a name that no other tab makes, so tabs that share
 * the store need no lock to add or to remove. Bounded in number, size and age: the oldest go first.
 */
export function outbox(store: Store) {
  const page = newId();
  let made = 0;
  let events = MOST_EVENTS;
  let chars = 0;

  const names = () =>
    store
      .names()
      .filter((name) => name.startsWith(PREFIX))
      .sort();

  /** Counts what there is, and removes the oldest where that is nearly too much. */
  const trim = () => {
    events = 0;
    chars = 0;
    for (const name of names().reverse()) {
      const length = store.get(name)?.length ?? 0;
      if (events >= MOST_EVENTS * KEPT || chars + length > MOST_CHARS * KEPT) store.remove(name);
      else {
        events += 1;
        chars += length;
      }
    }
  };

  return {
    add(text: string): void {
      // Times of this century have eight digits to the base of 36, so that names sort as events were made.
      const name = `${PREFIX}${Date.now().toString(36)}.${String(made++).padStart(6, "0")}.${page}`;
      if (events >= MOST_EVENTS || chars + text.length > MOST_CHARS) trim();
      if (!store.set(name, text)) {
        // The page has filled its storage itself.
        const all = names();
        for (const old of all.slice(0, (all.length + 1) >> 1)) store.remove(old);
        store.set(name, text);
      }
      events += 1;
      chars += text.length;
    },

    /** The oldest events that are not too old, as many as fit; at least one if there is any. */
    oldest(most: number, mostChars: number, except: ReadonlySet<string>): Waiting[] {
      const found: Waiting[] = [];
      let length = 0;
      for (const name of names()) {
        if (found.length === most) break;
        if (except.has(name)) continue;
        const text = store.get(name);
        const made = Number.parseInt(name.slice(PREFIX.length), 36);
        if (text === null || Date.now() - made > OLDEST_MILLIS) {
          store.remove(name);
          continue;
        }
        length += text.length;
        if (found.length > 0 && length > mostChars) break;
        found.push({ name, text });
      }
      return found;
    },

    /** Those that were added by this page. */
    ofThisPage(except: ReadonlySet<string>): Waiting[] {
      return names().flatMap((name) => {
        const text = name.endsWith(page) && !except.has(name) ? store.get(name) : null;
        return text === null ? [] : [{ name, text }];
      });
    },

    remove(gone: readonly Waiting[]): void {
      for (const { name } of gone) store.remove(name);
    },
  };
}

export type Outbox = ReturnType<typeof outbox>;
