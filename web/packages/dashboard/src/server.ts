import type { EmbedAnswer, RecentEvent, ReportHead, TrendData } from "@tidemark/widgets/api";
import type { TrendQuestion } from "@tidemark/widgets/questions";
import { RequestFailure, request } from "@tidemark/widgets/request";

export interface PartHealth {
  readonly name: string;
  readonly ready: boolean;
  readonly note: string;
}

export interface Health {
  readonly ready: boolean;
  readonly parts: readonly PartHealth[];
}

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

  async ask(question: TrendQuestion, signal: AbortSignal): Promise<TrendData> {
    const body = await this.#get("/api/v1/query", question, signal);
    return (isRecord(body) && "data" in body ? body.data : body) as TrendData;
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
    if (typeof value === "number") return String(value);
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
