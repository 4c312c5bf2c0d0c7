import { newId } from "./ids";
import type { Store } from "./store";

/** Does some work while no other tab does it; false when another tab is at it, and nothing was done. */
export type InTurn = (work: () => Promise<void>) => Promise<boolean>;

const LEASE_MILLIS = 20_000;
const LEASE = "lease";
/** How long it takes until a tab sees what another one has just stored. */
const SETTLE_MILLIS = 50;
const AT_ONCE_MILLIS = 10;

const settled = () => new Promise((done) => setTimeout(done, SETTLE_MILLIS));

/** Waits for its turn by a lock of the browser. A page that may have no locks shares nothing with other tabs either. */
export function lockTurn(locks: Pick<LockManager, "request">, name: string): InTurn {
  return async (work) => {
    const asked = Date.now();
    let begun = false;
    try {
      await locks.request(name, async () => {
        begun = true;
        // Another tab was at it until now.
        if (Date.now() - asked > AT_ONCE_MILLIS) await settled();
        await work();
      });
    } catch (problem) {
      if (begun) throw problem;
      await work();
    }
    return true;
  };
}

/**
 * A lease in a store that tabs share, for browsers without locks. Two tabs that take it in the same instant both wait a moment and see
 * who was the later; a tab that dies leaves it to run out.
 */
export function leaseTurn(store: Store): InTurn {
  const me = newId();
  const holder = () => (store.get(LEASE) ?? "").split(" ");
  return async (work) => {
    const [other, until] = holder();
    if (other && other !== me && Number(until) > Date.now()) return false;
    store.set(LEASE, `${me} ${Date.now() + LEASE_MILLIS}`);
    await settled();
    if (holder()[0] !== me) return false;
    try {
      await work();
    } finally {
      if (holder()[0] === me) store.remove(LEASE);
    }
    return true;
  };
}
