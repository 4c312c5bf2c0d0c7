import { failureOf, RequestFailure } from "@tidemark/widgets/request";
import type { Session } from "../session";

export interface CallOptions {
  readonly body?: unknown;
  /** The version that a change is based on. */
  readonly seen?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Whether the request outlives the page. */
  readonly keepalive?: boolean;
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Requests to the server that this page came from. Fails with a `RequestFailure` for anything but success. */
export class Client {
  constructor(readonly session: Session) {}

  /** The JSON of an answer; null where it has no body. */
  async call<T>(method: Method, path: string, options: CallOptions = {}): Promise<T> {
    const response = await this.#send(method, path, options);
    if (response.status === 204) return null as T;
    try {
      return (await response.json()) as T;
    } catch {
      throw new RequestFailure({ title: "The answer could not be read", status: 502, code: "unreadable" });
    }
  }

  get<T>(path: string, signal?: AbortSignal): Promise<T> {
    return this.call<T>("GET", path, { signal });
  }

  async text(path: string): Promise<string> {
    return (await this.#send("GET", path, {})).text();
  }

  /** The answer as a file; without a body it is merely asked for. */
  async file(path: string, body?: unknown): Promise<Blob> {
    const response = await this.#send(body === undefined ? "GET" : "POST", path, { body });
    try {
      return await response.blob();
    } catch {
      throw new RequestFailure({ title: "The file broke off", status: 0, code: "unreachable" });
    }
  }

  async #send(method: Method, path: string, options: CallOptions): Promise<Response> {
    const headers = new Headers({ Accept: "application/json, */*;q=0.5" });
    this.session.authorize(headers);
    if (options.body !== undefined) headers.set("Content-Type", "application/json");
    if (options.seen !== undefined) headers.set("If-Match", `"${options.seen}"`);
    let response: Response;
    try {
      response = await fetch(path, {
        method,
        headers,
        cache: "no-store",
        credentials: this.session.credentials,
        referrerPolicy: "no-referrer",
        keepalive: options.keepalive ?? false,
        ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
        ...(options.signal ? { signal: options.signal } : {}),
      });
    } catch (cause) {
      if (options.signal?.aborted) throw cause;
      throw new RequestFailure({ title: "The server cannot be reached", status: 0, code: "unreachable" });
    }
    if (!response.ok) throw await failureOf(response);
    return response;
  }
}

/** A path with parameters; those that are empty are left out. */
export function address(
  path: string,
  parameters: Readonly<Record<string, string | number | undefined>>,
): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== "") query.set(name, String(value));
  }
  return query.size > 0 ? `${path}?${query}` : path;
}

/** What a failure says, in one sentence. */
export function sentenceOf(cause: unknown): string {
  if (cause instanceof RequestFailure) {
    const { problem } = cause;
    const where = problem.field ? ` (${problem.field})` : "";
    return problem.detail ? `${problem.title}: ${problem.detail}${where}` : problem.title;
  }
  return cause instanceof Error ? cause.message : String(cause);
}

/** Whether somebody else has changed a thing meanwhile. */
export function isConflict(cause: unknown): boolean {
  return cause instanceof RequestFailure && cause.status === 409;
}
