import { SESSION } from "@tidemark/widgets/request";

const STORED = "tidemark.key";

/**
 * Who the page acts as. The one place that knows what a request is authorized with: everything else asks for `authorize` and,
 * for the elements that draw reports, for `token`.
 */
export interface Session {
  /** Puts the credential into a request. */
  authorize(headers: Headers): void;
  /** How the browser's own credentials are sent. */
  readonly credentials: RequestCredentials;
  /** What the elements that draw reports are given. */
  readonly token: string;
}

/** A session of a secret key, which stays in this browser tab. */
export function keySession(key: string): Session {
  return {
    authorize: (headers) => headers.set("Authorization", `Bearer ${key}`),
    credentials: "omit",
    token: key,
  };
}

/** The session of somebody who has signed in, which the browser sends by itself. */
export function personSession(csrfToken: string): Session {
  return {
    authorize: (headers) => headers.set("X-CSRF-Token", csrfToken),
    credentials: "same-origin",
    token: SESSION,
  };
}

/** The secret key of this tab: from the address's `#key=`, which is removed at once, or from an earlier sign-in. */
export function takeKey(): string {
  const given = new URLSearchParams(location.hash.slice(1)).get("key");
  if (given !== null) {
    history.replaceState(null, "", location.pathname + location.search);
    storeKey(given);
    return given;
  }
  return sessionStorage.getItem(STORED) ?? "";
}

/** The secret of a one-time link in the address, which is removed at once; empty without one. */
export function takeLink(): string {
  const link = new URLSearchParams(location.hash.slice(1)).get("link") ?? "";
  if (link) history.replaceState(null, "", location.pathname + location.search);
  return link;
}

export function storeKey(key: string): void {
  sessionStorage.setItem(STORED, key);
}

export function forgetKey(): void {
  sessionStorage.removeItem(STORED);
}
