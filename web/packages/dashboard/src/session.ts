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

export function storeKey(key: string): void {
  sessionStorage.setItem(STORED, key);
}

export function forgetKey(): void {
  sessionStorage.removeItem(STORED);
}
