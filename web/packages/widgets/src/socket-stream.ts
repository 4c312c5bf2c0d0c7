import type { Problem } from "./api";
import { RequestFailure } from "./request";
import type { OpenStream, StreamEvent } from "./stream-event";

/** A WebSocket that says its token in the first message, because browsers let no page set its headers. */
export function socketStream(Socket: typeof WebSocket = globalThis.WebSocket): OpenStream {
  return ({ url, token, lastSeen, onEvent, onEnd }) => {
    let over = false;
    const end = (failure: unknown) => {
      if (!over) {
        over = true;
        onEnd(failure);
      }
    };
    const socket = new Socket(socketAddress(url, lastSeen));
    socket.onopen = () => socket.send(JSON.stringify({ token }));
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(String(data)) as { event: string; id?: string; data: unknown };
      if (over) return;
      if (message.event === "error") end(new RequestFailure(message.data as Problem));
      else
        onEvent({ event: message.event, id: message.id ?? null, data: message.data } satisfies StreamEvent);
    };
    socket.onerror = () =>
      end(new RequestFailure({ title: "The server cannot be reached", status: 0, code: "unreachable" }));
    socket.onclose = () => end(null);
    return {
      close: () => {
        over = true;
        socket.close();
      },
    };
  };
}

function socketAddress(report: string, lastSeen: string | null): string {
  const url = new URL(report);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  url.pathname += "/ws";
  if (lastSeen) url.searchParams.set("last_event_id", lastSeen);
  return url.href;
}
