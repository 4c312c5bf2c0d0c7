/** An address within the dashboard: `#/reports/0197/edit?widget=2`. */
export interface Route {
  readonly page: string;
  readonly rest: readonly string[];
  readonly query: URLSearchParams;
}

export function routeOf(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [page = "", ...rest] = path.split("/").map(readable);
  return { page: page || "home", rest, query: new URLSearchParams(query) };
}

/** The address of a page, each part written so that it survives whatever it contains. */
export function addressOf(parts: readonly string[], query: Readonly<Record<string, string>> = {}): string {
  const path = `#/${parts.map(encodeURIComponent).join("/")}`;
  const parameters = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ""));
  return parameters.size > 0 ? `${path}?${parameters}` : path;
}

export function go(parts: readonly string[], query?: Readonly<Record<string, string>>): void {
  location.hash = addressOf(parts, query);
}

function readable(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
