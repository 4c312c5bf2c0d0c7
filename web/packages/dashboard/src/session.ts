const STORED = "tidemark.key";

/** The secret key of this tab: from the address's `#key=`, which is removed at once, or from an earlier sign-in. */
export function takeKey(): string {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const given = fragment.get("key");
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
