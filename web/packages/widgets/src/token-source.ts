import { type Fetch, RequestFailure } from "./request";

/** Asks the host application for a fresh embed token. */
export type TokenProvider = () => Promise<string>;

/** Keeps the token of one report and renews it, with at most one renewal under way. */
export class TokenSource {
  #token: string;
  #renewal: Promise<string> | null = null;

  constructor(
    private readonly given: string,
    readonly provider: TokenProvider | null,
    /** The source before this one, whose newest token is taken over where both were given the same. */
    before: TokenSource | null = null,
  ) {
    this.#token = before !== null && before.given === given ? before.#token : given;
  }

  /** The token to send; asks the provider when there is none yet. */
  async current(): Promise<string> {
    return this.#token === "" && this.provider ? this.renew() : this.#token;
  }

  /** A token newer than the one that was refused. Fails when there is no provider or it has none. */
  renew(): Promise<string> {
    const provider = this.provider;
    if (!provider) return Promise.reject(expired());
    this.#renewal ??= provider()
      .then(
        (token) => {
          if (!token) throw expired();
          this.#token = token;
          return token;
        },
        (cause: unknown) => {
          throw cause instanceof RequestFailure ? cause : expired();
        },
      )
      .finally(() => {
        this.#renewal = null;
      });
    return this.#renewal;
  }
}

/** A provider that GETs a URL of the host application, which answers `{"token"}` or `{"embed_url"}`. */
export function tokenFrom(url: string, fetch: Fetch = globalThis.fetch.bind(globalThis)): TokenProvider {
  return async () => {
    let response: Response;
    try {
      response = await fetch(url, { headers: { Accept: "application/json" }, cache: "no-store" });
    } catch {
      throw new RequestFailure({
        title: "The token address cannot be reached",
        status: 0,
        code: "unreachable",
      });
    }
    if (response.status >= 500) {
      throw new RequestFailure({ title: "The token address is failing", status: response.status });
    }
    if (!response.ok) throw expired();
    const body = (await response.json()) as { token?: unknown; embed_url?: unknown };
    if (typeof body.token === "string") return body.token;
    if (typeof body.embed_url === "string") {
      return new URL(body.embed_url, new URL(url, document.baseURI)).searchParams.get("token") ?? "";
    }
    return "";
  };
}

export function expired(): RequestFailure {
  return new RequestFailure({ title: "Access has expired", status: 401, code: "unauthenticated" });
}
