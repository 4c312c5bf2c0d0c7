import type { Problem } from "./api";

/** An answer that was not 2xx or 304, or no answer at all (`status` 0). */
export class RequestFailure extends Error {
  constructor(
    readonly problem: Problem,
    /** Milliseconds that the server asks to wait before the next try. */
    readonly retryAfter: number | null = null,
  ) {
    super(problem.detail ?? problem.title);
    this.name = "RequestFailure";
  }

  get status(): number {
    return this.problem.status;
  }
}

/** A JSON answer with its entity tag; `notModified` when the tag that was sent still holds. */
export type Answer<T> =
  | { readonly kind: "fresh"; readonly body: T; readonly etag: string | null }
  | { readonly kind: "notModified" };

export type Fetch = typeof globalThis.fetch;

/** Stands for the session of whoever has signed in on this very server, which the browser sends by itself. */
export const SESSION = "session";

let csrfToken = "";

/** What a session's requests that change something must carry from now on. */
export function rememberCsrfToken(token: string): void {
  csrfToken = token;
}

export interface RequestOptions {
  readonly token: string;
  readonly etag?: string | null;
  readonly body?: unknown;
  readonly method?: string;
  readonly signal?: AbortSignal;
  readonly fetch?: Fetch;
}

/** Sends one request with a bearer credential and reads JSON. Throws a `RequestFailure` for anything but success. */
export async function request<T>(url: string, options: RequestOptions): Promise<Answer<T>> {
  const response = await exchange(url, options, "application/json");
  if (response === null) return { kind: "notModified" };
  try {
    return { kind: "fresh", body: (await response.json()) as T, etag: response.headers.get("ETag") };
  } catch {
    throw new RequestFailure({
      title: "The answer could not be read",
      status: 502,
      code: "unreadable",
      detail: `${new URL(url).pathname} did not answer with JSON.`,
    });
  }
}

/** Sends one request and takes the answer as a file. Fails as `request` does. */
export async function download(url: string, options: RequestOptions): Promise<Blob> {
  const response = await exchange(url, options, "*/*");
  try {
    return (await response?.blob()) ?? new Blob();
  } catch {
    throw new RequestFailure({ title: "The file broke off", status: 0, code: "unreachable" });
  }
}

/** The successful answer, or null when the entity tag still holds. */
async function exchange(url: string, options: RequestOptions, accept: string): Promise<Response | null> {
  const headers: Record<string, string> = { Accept: accept };
  const bySession = options.token === SESSION;
  if (bySession && csrfToken) headers["X-CSRF-Token"] = csrfToken;
  if (options.token && !bySession) headers.Authorization = `Bearer ${options.token}`;
  if (options.etag) headers["If-None-Match"] = options.etag;
  if (options.body !== undefined) headers["Content-Type"] = "application/json";
  const send = options.fetch ?? globalThis.fetch.bind(globalThis);
  let response: Response;
  try {
    response = await send(url, {
      method: options.method ?? (options.body === undefined ? "GET" : "POST"),
      headers,
      cache: "no-store",
      credentials: bySession ? "same-origin" : "omit",
      referrerPolicy: "no-referrer",
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      ...(options.signal ? { signal: options.signal } : {}),
    });
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new RequestFailure({ title: "The server cannot be reached", status: 0, code: "unreachable" });
  }
  if (response.status === 304) return null;
  if (!response.ok) throw await failureOf(response);
  return response;
}

/** What an answer that is no success says of itself. */
export async function failureOf(response: Response): Promise<RequestFailure> {
  return new RequestFailure(await readProblem(response), readRetryAfter(response));
}

async function readProblem(response: Response): Promise<Problem> {
  const fallback: Problem = {
    title: response.statusText || `The server answered ${response.status}`,
    status: response.status,
  };
  try {
    const body: unknown = await response.json();
    return typeof body === "object" && body !== null && "title" in body
      ? { ...fallback, ...(body as Partial<Problem>), status: response.status }
      : fallback;
  } catch {
    return fallback;
  }
}

function readRetryAfter(response: Response): number | null {
  const seconds = Number(response.headers.get("Retry-After") ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : null;
}
