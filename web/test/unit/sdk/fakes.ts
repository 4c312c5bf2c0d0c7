import { vi } from "vitest";
import type { Store } from "../../../packages/sdk/src/store";

/** A `Storage` that tabs of a test share, with a limit and a switch to make it refuse. */
export class FakeStorage {
  readonly #texts: Record<string, string> = {};
  broken = false;
  mostChars = Number.POSITIVE_INFINITY;

  /** As a page sees it: the entries are its own properties. */
  asGlobal(): Storage {
    const methods = {
      getItem: (name: string) => this.#whole(() => this.#texts[name] ?? null),
      setItem: (name: string, text: string) =>
        this.#whole(() => {
          const others = Object.entries(this.#texts).filter(([known]) => known !== name);
          const chars = others.reduce((sum, [known, value]) => sum + known.length + value.length, 0);
          if (chars + name.length + text.length > this.mostChars)
            throw new DOMException("QuotaExceededError");
          this.#texts[name] = text;
        }),
      removeItem: (name: string) =>
        this.#whole(() => {
          delete this.#texts[name];
        }),
    };
    return new Proxy(this.#texts, {
      get: (_, name) => Reflect.get(methods, name),
      ownKeys: () => this.#whole(() => Object.keys(this.#texts)),
    }) as unknown as Storage;
  }

  get names(): string[] {
    return Object.keys(this.#texts);
  }

  #whole<T>(act: () => T): T {
    if (this.broken) throw new DOMException("SecurityError");
    return act();
  }
}

/** How many events a store holds for sending. */
export const eventsIn = (store: Store): number =>
  store.names().filter((name) => name.startsWith("event.")).length;

/** Lets promises settle and time pass. */
export const pass = (millis = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(millis);
