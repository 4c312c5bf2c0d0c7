/** A random UUID, also where the page has no `crypto` or is not served over TLS. */
export function newId(): string {
  const random = (): number => {
    try {
      return crypto.getRandomValues(new Uint8Array(1))[0] as number;
    } catch {
      return Math.random() * 256;
    }
  };
  return "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
    (Number(digit) ^ (random() & (15 >> (Number(digit) / 4)))).toString(16),
  );
}
