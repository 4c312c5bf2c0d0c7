import type { Waiting } from "./outbox";
import { bodyOf } from "./post";

/** Browsers take 64 KiB of all beacons under way together; a byte is spared for everything around the events. */
const MOST_BYTES = 60_000;

/** Hands events to the browser to be sent whatever becomes of the page; gives those that it took. */
export function handOver(address: string, events: readonly Waiting[]): Waiting[] {
  const taken: Waiting[] = [];
  let batch: Waiting[] = [];
  let bytes = 0;
  const send = (): boolean => {
    const sent = batch.length > 0 && beacon(address, bodyOf(batch.map(({ text }) => text)));
    if (sent) taken.push(...batch);
    batch = [];
    bytes = 0;
    return sent;
  };
  for (const event of events) {
    const size = new Blob([event.text]).size;
    if (bytes + size > MOST_BYTES && !send()) return taken;
    batch.push(event);
    bytes += size + 1;
  }
  send();
  return taken;
}

/** As plain text, which needs no preflight: there would be nobody left to wait for it. */
function beacon(address: string, body: string): boolean {
  try {
    if (navigator.sendBeacon) return navigator.sendBeacon(address, body);
    fetch(address, { method: "POST", body, keepalive: true, credentials: "omit" }).catch(() => {});
    return true;
  } catch {
    return false;
  }
}
