import { VERSION } from "./version";

/** What a server answered: its status (0 where there was no answer), how long it asks to be left alone, and what it said. */
export interface Reply {
  readonly status: number;
  readonly retryAfterMillis: number;
  readonly text: string;
}

export type Post = (events: readonly string[]) => Promise<Reply>;

const PATIENCE_MILLIS = 15_000;
const DAY_MILLIS = 24 * 3_600_000;
/** Smaller bodies gain nothing from compression. */
const WORTH_COMPRESSING = 1_000;
/** Browsers let requests outlive a page as long as those under way have 64 KiB together. */
const MOST_KEPT_ALIVE = 30_000;

/** The body of a request with events that are JSON already. */
export function bodyOf(events: readonly string[]): string {
  const library = `{"name":"tidemark.js","version":"${VERSION}"}`;
  return `{"batch":[${events}],"sent_at":"${new Date().toISOString()}","context":{"library":${library}}}`;
}

/** The address to send events to. It holds the key because a header would make the browser ask for permission first. */
export function addressOf(host: string, writeKey: string): string {
  return `${host.replace(/\/+$/, "")}/api/v1/events?key=${encodeURIComponent(writeKey)}`;
}

/** Sends events in one request, compressed where the browser can, that needs no preflight. Never fails. */
export function poster(address: string): Post {
  return async (events) => {
    const abort = new AbortController();
    const patience = setTimeout(() => abort.abort(), PATIENCE_MILLIS);
    try {
      const text = bodyOf(events);
      const compressed = await gzip(text);
      const reply = await fetch(compressed ? `${address}&encoding=gzip` : address, {
        method: "POST",
        headers: { "Content-Type": "text/plain" },
        body: compressed ?? text,
        keepalive: (compressed?.size ?? text.length * 3) < MOST_KEPT_ALIVE,
        credentials: "omit",
        signal: abort.signal,
      });
      return {
        status: reply.status,
        retryAfterMillis: millisOf(reply.headers.get("Retry-After")),
        text: await reply.text(),
      };
    } catch {
      return { status: 0, retryAfterMillis: 0, text: "" };
    } finally {
      clearTimeout(patience);
    }
  };
}

async function gzip(text: string): Promise<Blob | null> {
  if (text.length < WORTH_COMPRESSING) return null;
  try {
    return await new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"))).blob();
  } catch {
    return null;
  }
}

/** `Retry-After` in seconds or as a date; 0 for none, a day at most: timers cannot wait for a month. */
function millisOf(retryAfter: string | null): number {
  const seconds = Number(retryAfter);
  const millis = seconds ? seconds * 1000 : Date.parse(retryAfter ?? "") - Date.now();
  return Math.min(DAY_MILLIS, Math.max(0, millis || 0));
}
