import type { EmbedAnswer, RecentEvent, ReportHead } from "@tidemark/widgets/api";
import type { Question } from "@tidemark/widgets/questions";
import { download, RequestFailure, request } from "@tidemark/widgets/request";
import type { Explanation } from "./explanation";
import { NO_OFFERS, type Offers, offersOf } from "./offers";
import type { OwnNames, Template } from "./template";

export interface PartHealth {
  readonly name: string;
  readonly ready: boolean;
  readonly note: string;
}

export interface Health {
  readonly ready: boolean;
  readonly parts: readonly PartHealth[];
}

export type ExportFormat = "csv" | "json" | "parquet";

/** The server as the start page sees it, asked with one secret key. */
export class Server {
  constructor(readonly key: string) {}

  async reports(): Promise<readonly ReportHead[]> {
    return readList(await this.#get("/api/v1/reports"), "reports").flatMap((entry) => {
      const id = text(entry, "report_id", "id");
      return id ? [{ report_id: id, report_name: text(entry, "report_name", "name") || id }] : [];
    });
  }

  async recentEvents(limit: number): Promise<readonly RecentEvent[]> {
    return readList(await this.#get(`/api/v1/events?limit=${limit}`), "events").map((entry) => ({
      event_id: text(entry, "event_id", "id"),
      event_type: text(entry, "event_type", "type"),
      timestamp: text(entry, "timestamp", "received_at"),
    }));
  }

  async embed(report: string, theme: string): Promise<EmbedAnswer> {
    const query = new URLSearchParams({ theme });
    return (await this.#get(`/api/v1/reports/${encodeURIComponent(report)}/embed?${query}`)) as EmbedAnswer;
  }

  /** The answer's data, in the form of the question's type. */
  async ask(question: Question, signal: AbortSignal): Promise<unknown> {
    const body = await this.#get("/api/v1/query", question, signal);
    return isRecord(body) && "data" in body ? body.data : body;
  }

  async explain(question: Question): Promise<Explanation | null> {
    const body = await this.#get("/api/v1/query?explain=true", question);
    return isRecord(body) && isRecord(body.explain) ? (body.explain as unknown as Explanation) : null;
  }

  /** All rows of an answer as a file. */
  export(question: Question, format: ExportFormat): Promise<Blob> {
    const query = new URLSearchParams({ format });
    return download(new URL(`/api/v1/query/export?${query}`, location.origin).href, {
      token: this.key,
      body: question,
    });
  }

  async offers(): Promise<Offers> {
    try {
      return offersOf(await this.#get("/openapi"));
    } catch {
      return NO_OFFERS;
    }
  }

  async templates(): Promise<readonly Template[]> {
    return readList(
      await this.#get("/api/v1/templates"),
      "templates",
    ) as readonly unknown[] as readonly Template[];
  }

  /** Makes a report of a template and answers its id. */
  async reportFrom(template: string, names: OwnNames): Promise<string> {
    const body = await this.#get(`/api/v1/templates/${encodeURIComponent(template)}/reports`, names);
    return isRecord(body) ? text(body, "report_id", "id") : "";
  }

  async cohorts(): Promise<readonly { readonly id: string; readonly name: string }[]> {
    return readList(await this.#get("/api/v1/cohorts"), "cohorts").map((entry) => {
      const id = text(entry, "cohort_id", "id");
      return { id, name: text(entry, "name", "cohort_name") || id };
    });
  }

  /** Makes a key that may only send events, and answers it. */
  async makeWriteKey(name: string): Promise<string> {
    const body = await this.#get("/api/v1/keys", { kind: "write", name });
    return isRecord(body) ? text(body, "key") : "";
  }

  /** One field of the entries of a list. */
  async names(address: string, list: string, name: string): Promise<readonly string[]> {
    return readList(await this.#get(address), list)
      .map((entry) => text(entry, name))
      .filter((found) => found !== "");
  }

  /** Whether the pipeline is ready, part by part. Needs no key; an answer of 503 is an answer. */
  static async health(): Promise<Health> {
    let response: Response;
    try {
      response = await fetch("/health/ready", { cache: "no-store" });
    } catch {
      return { ready: false, parts: [{ name: "server", ready: false, note: "cannot be reached" }] };
    }
    const body: unknown = await response.json().catch(() => null);
    return { ready: response.ok, parts: readParts(body) };
  }

  async #get(path: string, body?: unknown, signal?: AbortSignal): Promise<unknown> {
    const answer = await request<unknown>(new URL(path, location.origin).href, {
      token: this.key,
      ...(body === undefined ? {} : { body }),
      ...(signal ? { signal } : {}),
    });
    if (answer.kind === "notModified") throw new RequestFailure({ title: "Nothing was sent", status: 502 });
    return answer.body;
  }
}

type Entry = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Entry {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readList(body: unknown, name: string): readonly Entry[] {
  const list = isRecord(body) ? (body[name] ?? body.data) : body;
  return Array.isArray(list) ? list.filter(isRecord) : [];
}

function text(entry: Entry, ...names: readonly string[]): string {
  for (const name of names) {
    const value = entry[name];
    if (typeof value === "string") return value;
    if (typeof value === "number" || typeof value === "boolean") return String(value);
  }
  return "";
}

const GOOD = new Set(["ready", "up", "ok", "healthy", "true"]);

/** Parts come as an object of states by name or as a list; a state is a word or an object with `status` and `detail`. */
function readParts(body: unknown): PartHealth[] {
  const parts = isRecord(body) ? (body.parts ?? body.checks ?? body.components) : null;
  if (Array.isArray(parts)) {
    return parts.filter(isRecord).map((part) => readPart(text(part, "name", "part", "id"), part));
  }
  return isRecord(parts) ? Object.entries(parts).map(([name, part]) => readPart(name, part)) : [];
}

function readPart(name: string, part: unknown): PartHealth {
  if (!isRecord(part)) return { name, ready: GOOD.has(String(part).toLowerCase()), note: String(part) };
  const state = String(part.status ?? part.state ?? part.ready ?? "");
  return {
    name,
    ready: GOOD.has(state.toLowerCase()),
    note: text(part, "detail", "reason", "message") || state,
  };
}
