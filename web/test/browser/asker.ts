/** What asks a server beside a page. */
export type Ask = <T>(method: string, path: string, body?: unknown) => Promise<T>;

/** Asks with a key; fails with what the server says of anything but success. */
export function asker(server: string, key: string): Ask {
  return async <T>(method: string, path: string, body?: unknown) => {
    const response = await fetch(server + path, {
      method,
      headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (response.status === 204 ? null : await response.json()) as T;
  };
}
