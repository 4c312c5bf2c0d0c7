import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import type { Controls, Problem, ReportAnswer } from "../../packages/widgets/src/api";
import { analysesReport, emptyAnalyses, hugeAnalyses } from "./analyses";
import { emptyReport, failingReport, fullReport, longReport } from "./fixtures";

/** The policy that the pages must live with. */
export const STRICT_CSP = "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

export const SECRET_KEY = "sk_test0000000000000000000000000000";
export const WRITE_KEY = "wk_test0000000000000000000000000000";
export const TOKEN = "token-1";
export const PASSWORD = "correct horse battery";
const COOKIE = "tidemark_session=mock";

/** What the report `choice` lets its viewers choose. */
export const CONTROLS: Controls = {
  date_range: true,
  max_days: 120,
  breakdown: ["country", "properties.plan"],
  filters: ["country", "properties.plan"],
  drill_down: "people",
};

const BEHIND = {
  people: [
    { user_id: "anna@acme.example", anonymous_id: "v-1", last_at: "2026-03-14T10:12:00Z", events: 7 },
    { user_id: null, anonymous_id: "v-2", last_at: "2026-03-14T09:03:00Z", events: 2 },
  ],
  events: [
    {
      event_id: "e1",
      event_type: "purchase",
      timestamp: "2026-03-14T10:12:00Z",
      user_id: "anna@acme.example",
      properties: { plan: "pro", amount: 49 },
      context: { country: "DE" },
    },
  ],
  next_cursor: null,
};

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly search: string;
  readonly authorization: string;
  readonly ifNoneMatch: string;
  readonly status: number;
}

/** A Tidemark server as far as the pages can see, whose state a test sets. Serves the built pages under a strict policy. */
export class MockServer {
  readonly reports = new Map<string, ReportAnswer>();
  readonly seen: Seen[] = [];
  readonly validTokens = new Set<string>([TOKEN, SECRET_KEY]);
  /** What `/demo/embed-url` and token providers hand out. */
  nextToken = TOKEN;
  /** Set to make every report answer with this problem. */
  failure: Problem | null = null;
  /** What `/values` lists and what `/behind` finds. */
  values: readonly { readonly value: string; readonly events: number }[] = [];
  behind: unknown = { people: [], events: [], next_cursor: null };
  /** Set to refuse streams with this problem. */
  streamFailure: Problem | null = null;
  /** Set to leave report requests unanswered. */
  silent = false;
  ready = true;
  /** Set to carry streams, which bring a snapshot and then what `tell` says. */
  streaming = false;
  /** How people can sign in. */
  ways: unknown = { password: false, setup: false };
  readonly #server: Server;
  readonly #streams = new Set<ServerResponse>();

  /** A server that does not listen yet. */
  constructor(private readonly dist: string) {
    this.reset();
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((cause: unknown) => {
        response.writeHead(500).end(String(cause));
      });
    });
  }

  static async start(dist: string, port = 0): Promise<MockServer> {
    const mock = new MockServer(dist);
    await mock.listen(port);
    return mock;
  }

  async listen(port = 0): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  reset(): void {
    this.reports.clear();
    for (const report of [fullReport(), emptyReport(), failingReport(), longReport()]) {
      this.reports.set(report.report_id, report);
    }
    this.reports.set("stale", {
      ...fullReport(),
      report_id: "stale",
      stale: true,
      generated_at: new Date(Date.now() - 125_000).toISOString(),
    });
    for (const report of [analysesReport(), emptyAnalyses(), hugeAnalyses()]) {
      this.reports.set(report.report_id, report);
    }
    this.reports.set("choice", { ...fullReport(), report_id: "choice", controls: CONTROLS });
    this.values = [
      { value: "DE", events: 1203 },
      { value: "FR", events: 310 },
      { value: "NL", events: 12 },
    ];
    this.behind = BEHIND;
    this.reports.set("bare", { ...fullReport(), report_id: "bare", widgets: [] });
    this.seen.length = 0;
    this.validTokens.clear();
    this.validTokens.add(TOKEN).add(SECRET_KEY);
    this.nextToken = TOKEN;
    this.failure = null;
    this.streamFailure = null;
    this.silent = false;
    this.streaming = false;
    this.#streams.clear();
    this.ready = true;
    this.ways = { password: false, setup: false };
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Sends an event to everybody who watches. */
  tell(event: string, data: unknown): void {
    for (const stream of this.#streams) stream.write(asStreamEvent(event, data));
  }

  /** How often a report's data was asked for. */
  asked(report: string): Seen[] {
    return this.seen.filter((seen) => seen.path === `/api/v1/reports/${report}`);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", this.url);
    response.on("finish", () => {
      this.seen.push({
        method: request.method ?? "",
        path: url.pathname,
        search: url.search,
        authorization: request.headers.authorization ?? "",
        ifNoneMatch: request.headers["if-none-match"] ?? "",
        status: response.statusCode,
      });
    });
    if (url.pathname.startsWith("/api/") || url.pathname.startsWith("/health/")) {
      await this.#api(request, url, response);
    } else if (url.pathname === "/demo/embed-url") {
      this.#json(request, response, 200, { embed_url: this.#embedUrl("full") });
    } else if (url.pathname === "/host/token") {
      this.#json(request, response, 200, { token: this.nextToken });
    } else {
      await this.#file(url, response);
    }
  }

  async #api(request: IncomingMessage, url: URL, response: ServerResponse): Promise<void> {
    if (url.pathname === "/health/ready") {
      this.#json(request, response, this.ready ? 200 : 503, {
        status: this.ready ? "ready" : "not_ready",
        parts: { journal: "ready", processor: "ready", engine: this.ready ? "ready" : "starting" },
      });
      return;
    }
    if (request.method === "POST" && url.pathname === "/api/v1/events") {
      await bodyOf(request);
      response.writeHead(202, { "Content-Type": "application/json" }).end('{"status":"accepted"}');
      return;
    }
    if (url.pathname === "/api/v1/sign-in") {
      this.#json(request, response, 200, this.ways);
      return;
    }
    if (["/api/v1/session", "/api/v1/links/inspect", "/api/v1/links/accept"].includes(url.pathname)) {
      await this.#people(request, url, response);
      return;
    }
    if (url.pathname === "/api/v1/share/open") {
      const body = JSON.parse(await bodyOf(request)) as { link?: string; password?: string };
      const opened = { token: this.nextToken, report_id: "full", theme: "light" };
      if (body.link !== "shared") this.#problem(response, { title: "Not found", status: 404 });
      else if (body.password === PASSWORD) this.#json(request, response, 200, opened);
      else
        this.#problem(response, {
          title: "Unauthenticated",
          status: 401,
          detail: "that is not the password",
        });
      return;
    }
    if (request.headers.cookie === COOKIE) {
      request.headers.authorization = `Bearer ${SECRET_KEY}`;
    }
    const token = (request.headers.authorization ?? "").replace(/^Bearer /, "");
    if (!this.validTokens.has(token)) {
      this.#problem(response, { title: "Unauthenticated", status: 401, detail: "The token has expired." });
      return;
    }
    const report = /^\/api\/v1\/reports\/([^/]+)(\/embed)?$/.exec(url.pathname);
    const id = decodeURIComponent(report?.[1] ?? "");
    if (report?.[2]) {
      const embed_url = this.#embedUrl(id);
      this.#json(request, response, 200, {
        embed_url,
        embed_code: `<iframe src="${embed_url}" width="100%" height="600" title="Report"></iframe>`,
        javascript_sdk: `<script type="module" src="${this.url}/embed.js"></script>\n<tidemark-report report="${id}" token="${this.nextToken}"></tidemark-report>`,
      });
    } else if (this.streamFailure && /\/(stream|ws)$/.test(url.pathname)) {
      this.#problem(response, this.streamFailure);
    } else if (this.streaming && url.pathname.endsWith("/stream")) {
      this.#stream(request, response, url.pathname.split("/").at(-2) ?? "");
    } else if (/\/reports\/[^/]+\/(values|behind)$/.test(url.pathname)) {
      const search = (url.searchParams.get("search") ?? "").toLowerCase();
      const values = this.values.filter(({ value }) => value.toLowerCase().includes(search));
      this.#json(request, response, 200, url.pathname.endsWith("/values") ? { values } : this.behind);
    } else if (report) {
      this.#report(request, response, id);
    } else if (url.pathname === "/api/v1/permissions") {
      const permissions = ["reports:view", "reports:edit", "events:read", "data:query", "status:read"];
      this.#json(request, response, 200, { tenant_id: "acme", permissions });
    } else if (url.pathname === "/api/v1/reports") {
      const reports = [...this.reports.values()].map(({ report_id, report_name, widgets, generated_at }) => ({
        report_id,
        report_name,
        widget_count: widgets.length,
        updated_at: generated_at,
      }));
      this.#json(request, response, 200, { reports });
    } else {
      this.#problem(response, { title: "Not found", status: 404 });
    }
  }

  /** Signing in, with one address, one password and one link. */
  async #people(request: IncomingMessage, url: URL, response: ServerResponse): Promise<void> {
    if (request.method === "DELETE") {
      response.writeHead(204, { "Set-Cookie": `${COOKIE}; Max-Age=0` }).end();
      return;
    }
    const body = JSON.parse(await bodyOf(request)) as { link?: string; password?: string };
    if (url.pathname.endsWith("/inspect")) {
      if (body.link === "good-link") {
        const link = { purpose: "invitation", email: "ada@example.com", known: false };
        this.#json(request, response, 200, { ...link, tenant_id: "acme", role: "editor" });
      } else this.#problem(response, { title: "Not found", status: 404 });
    } else if (body.password === PASSWORD) {
      response.setHeader("Set-Cookie", `${COOKIE}; HttpOnly; SameSite=Strict; Path=/`);
      this.#json(request, response, 200, {
        user: { email: "ada@example.com", name: "Ada", administrator: false },
        tenants: [{ tenant_id: "acme", role: "editor" }],
        tenant_id: "acme",
        csrf_token: "csrf",
      });
    } else {
      const detail = "the e-mail address or the password is not right";
      this.#problem(response, { title: "Unauthenticated", status: 401, detail });
    }
  }

  #report(request: IncomingMessage, response: ServerResponse, id: string): void {
    if (this.silent) return;
    const report = this.reports.get(id);
    if (this.failure) this.#problem(response, this.failure);
    else if (report) this.#json(request, response, 200, report);
    else this.#problem(response, { title: "Not found", status: 404, detail: "There is no such report." });
  }

  #stream(request: IncomingMessage, response: ServerResponse, id: string): void {
    const report = this.reports.get(id);
    if (this.failure) {
      this.#problem(response, this.failure);
      return;
    }
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.write(asStreamEvent("snapshot", { report, position: 1 }));
    this.#streams.add(response);
    request.on("close", () => this.#streams.delete(response));
  }

  #embedUrl(report: string): string {
    return `${this.url}/embed/reports/${encodeURIComponent(report)}?token=${this.nextToken}`;
  }

  #json(request: IncomingMessage, response: ServerResponse, status: number, body: unknown): void {
    const text = JSON.stringify(body);
    const etag = `"${createHash("sha256").update(text).digest("hex").slice(0, 16)}"`;
    if (status === 200 && request.headers["if-none-match"] === etag) {
      response.writeHead(304, { ETag: etag }).end();
      return;
    }
    response.writeHead(status, { "Content-Type": "application/json", ETag: etag }).end(text);
  }

  #problem(response: ServerResponse, problem: Problem): void {
    response
      .writeHead(problem.status, { "Content-Type": "application/problem+json" })
      .end(JSON.stringify({ correlation_id: "0197f3a2b1c4", ...problem }));
  }

  async #file(url: URL, response: ServerResponse): Promise<void> {
    const path = normalize(url.pathname);
    const name = path.startsWith("/embed/")
      ? "/embed.html"
      : path === "/"
        ? "/index.html"
        : path === "/demo/host"
          ? "/demo-host.html"
          : path === "/share"
            ? "/share.html"
            : path;
    try {
      const content = await readFile(join(this.dist, name));
      response
        .writeHead(200, {
          "Content-Type": TYPES[extname(name)] ?? "application/octet-stream",
          "Content-Security-Policy": STRICT_CSP,
          "Referrer-Policy": "no-referrer",
        })
        .end(content);
    } catch {
      response.writeHead(404).end();
    }
  }
}

function asStreamEvent(event: string, data: unknown): string {
  return `event: ${event}\nid: e.1\ndata: ${JSON.stringify(data)}\n\n`;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}
