import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

interface HostPage {
  readonly html: string;
  /** The Content-Security-Policy that the page is served with. */
  readonly policy: string;
}

/** A site of somebody else, on an origin of its own, whose pages a test writes. */
export class HostSite {
  readonly #pages = new Map<string, HostPage>();
  readonly #answers = new Map<string, () => Promise<unknown>>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? "/", this.origin);
      const answer = this.#answers.get(pathname);
      if (answer) {
        answer().then(
          (body) => response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(body)),
          (cause: unknown) => response.writeHead(500).end(String(cause)),
        );
        return;
      }
      const page = this.#pages.get(pathname);
      if (!page) {
        response.writeHead(request.url === "/favicon.ico" ? 204 : 404).end();
        return;
      }
      const type = page.html.startsWith("<") ? "text/html" : "text/javascript";
      response
        .writeHead(200, { "Content-Type": `${type}; charset=utf-8`, "Content-Security-Policy": page.policy })
        .end(page.html);
    });
  }

  static async start(): Promise<HostSite> {
    const site = new HostSite();
    await new Promise<void>((resolve) => site.#server.listen(0, "127.0.0.1", resolve));
    return site;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Puts a page, or a script, at a path and gives its address. */
  put(path: string, html: string, policy = "default-src 'self'"): string {
    this.#pages.set(path, { html, policy });
    return this.origin + path;
  }

  /** Answers at a path with JSON that is made for each request, as the token-provider of a customer's server does. */
  answer(path: string, made: () => Promise<unknown>): string {
    this.#answers.set(path, made);
    return this.origin + path;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
