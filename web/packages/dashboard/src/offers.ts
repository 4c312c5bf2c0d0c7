/** What the server does beyond answering questions, as its own description tells. */
export interface Offers {
  readonly explain: boolean;
  readonly exports: boolean;
  readonly templates: boolean;
}

export const NO_OFFERS: Offers = { explain: false, exports: false, templates: false };

/** Reads the description at `/openapi`. */
export function offersOf(description: unknown): Offers {
  const paths = field(description, "paths");
  const query = field(field(paths, "/api/v1/query"), "post");
  return {
    explain: JSON.stringify(field(query, "parameters") ?? null).includes("explain"),
    exports: field(field(paths, "/api/v1/query/export"), "post") !== undefined,
    templates: field(field(paths, "/api/v1/templates"), "get") !== undefined,
  };
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
