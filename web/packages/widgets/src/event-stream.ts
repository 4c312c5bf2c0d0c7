import { type Fetch, failureOf, RequestFailure, SESSION } from "./request";
import type { OpenStream, StreamEvent } from "./stream-event";

/** Browsers open six connections to a server over HTTP/1.1, and streams must leave some for everything else. */
const MOST_STREAMS = 2;
let open = 0;

/** Whether this page may hold a further event stream; where not, a WebSocket has a limit of its own. */
export function hasRoomForEventStream(): boolean {
  return open < MOST_STREAMS;
}

/**
 * Server-sent events by `fetch`, because `EventSource` cannot send a credential. A server between that answers something else than
 * an event stream is a failure with status 0.
 */
export function eventStream(fetch: Fetch = globalThis.fetch.bind(globalThis)): OpenStream {
  return ({ url, token, lastSeen, onEvent, onEnd }) => {
    const abort = new AbortController();
    open += 1;
    let counted = true;
    const leave = () => {
      if (counted) open -= 1;
      counted = false;
    };
    const read = async () => {
      const headers: Record<string, string> = { Accept: "text/event-stream" };
      if (token !== SESSION) headers.Authorization = `Bearer ${token}`;
      if (lastSeen) headers["Last-Event-ID"] = lastSeen;
      const response = await fetch(streamAddress(url), {
        headers,
        cache: "no-store",
        credentials: token === SESSION ? "same-origin" : "omit",
        referrerPolicy: "no-referrer",
        signal: abort.signal,
      });
      if (!response.ok) throw await failureOf(response);
      if (!response.headers.get("Content-Type")?.startsWith("text/event-stream") || !response.body) {
        throw new RequestFailure({
          title: "The network does not carry streams",
          status: 0,
          code: "no_stream",
        });
      }
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      const parse = eventParser(onEvent);
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        parse(value);
      }
    };
    read().then(
      () => {
        leave();
        if (!abort.signal.aborted) onEnd(null);
      },
      (failure: unknown) => {
        leave();
        if (!abort.signal.aborted) onEnd(failure);
      },
    );
    return {
      close: () => {
        leave();
        abort.abort();
      },
    };
  };
}

/** Takes text as it comes and gives the events in it, each when it is complete. */
export function eventParser(onEvent: (event: StreamEvent) => void): (text: string) => void {
  let rest = "";
  let event = "message";
  let id: string | null = null;
  let data = "";
  return (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line === "") {
        if (data !== "") onEvent({ event, id, data: JSON.parse(data) as unknown });
        event = "message";
        id = null;
        data = "";
      } else if (line.startsWith("event: ")) event = line.slice(7);
      else if (line.startsWith("id: ")) id = line.slice(4);
      else if (line.startsWith("data: ")) data += line.slice(6);
    }
  };
}

function streamAddress(report: string): string {
  const url = new URL(report);
  url.pathname += "/stream";
  return url.href;
}
