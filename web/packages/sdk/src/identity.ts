import { newId } from "./ids";
import type { Store } from "./store";

/** Who the visitor is, read anew each time: another tab may have learned it. */
export function identity(store: Store) {
  const known = (name: string, make: () => string) => {
    const text = store.get(name) || make();
    store.set(name, text);
    return text;
  };
  return {
    anonymousId: () => known("anonymous", newId),
    userId: () => store.get("user"),
    /** Somebody else than before is another visitor, too. */
    identify(userId: string) {
      const before = store.get("user");
      if (before && before !== userId) store.remove("anonymous");
      store.set("user", userId);
    },
    reset() {
      for (const name of ["anonymous", "user", "session"]) store.remove(name);
    },
  };
}
