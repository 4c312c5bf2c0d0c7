import { newId } from "./ids";
import type { Store } from "./store";

const IDLE_MILLIS = 30 * 60_000;
const LONGEST_MILLIS = 24 * 3_600_000;

/** The id of the visit that an event belongs to: a new one after half an hour without events, and after a day at the latest. */
export function session(store: Store): () => string {
  return () => {
    const now = Date.now();
    const [id, start = 0, last = 0] = (store.get("session") ?? "").split(" ");
    const goesOn = id && now - Number(last) < IDLE_MILLIS && now - Number(start) < LONGEST_MILLIS;
    const current = goesOn ? `${id} ${start}` : `${newId()} ${now}`;
    store.set("session", `${current} ${now}`);
    return current.slice(0, 36);
  };
}
