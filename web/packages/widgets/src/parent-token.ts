import { RequestFailure } from "./request";

const PATIENCE_MILLIS = 5000;

/**
 * Asks the page around an embed page for a new token: posts `{type: "tidemark:token-needed", report}` and takes
 * `{type: "tidemark:token", token}` from that window. A parent that stays silent means that access has expired.
 */
export function askParentForToken(report: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void) => {
      clearTimeout(timer);
      window.removeEventListener("message", listen);
      end();
    };
    const listen = (event: MessageEvent<unknown>) => {
      const token = event.source === window.parent ? tokenOf(event.data) : null;
      if (token) settle(() => resolve(token));
    };
    const timer = setTimeout(
      () => settle(() => reject(new RequestFailure({ title: "Access has expired", status: 401 }))),
      PATIENCE_MILLIS,
    );
    window.addEventListener("message", listen);
    window.parent.postMessage({ type: "tidemark:token-needed", report }, "*");
  });
}

function tokenOf(data: unknown): string | null {
  return typeof data === "object" &&
    data !== null &&
    "type" in data &&
    data.type === "tidemark:token" &&
    "token" in data &&
    typeof data.token === "string"
    ? data.token
    : null;
}
