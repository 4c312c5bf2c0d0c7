import type { BrowserContext, Page, Request } from "playwright-core";
import { HostSite } from "./host-site";
import type { OwnServer } from "./own-server";
import { until } from "./until";

/** What a site that is strict with itself allows: its own scripts, the tracker, and sending to its server. */
const policyFor = (server: string) =>
  `default-src 'none'; script-src 'self' ${server}; connect-src ${server}; frame-src 'self'`;

/** Somebody's site, on an origin of its own, whose pages send events by the script tag. */
export class TrackingSite {
  private constructor(
    readonly host: HostSite,
    readonly server: OwnServer,
  ) {}

  static async start(server: OwnServer): Promise<TrackingSite> {
    return new TrackingSite(await HostSite.start(), server);
  }

  /** Puts a page with the script tag at a path; `own` is the page's own script, which may come before the tracker. */
  page(path: string, attributes = "", own = "", body = ""): string {
    const { host, server } = this;
    host.put(`${path}.js`, `window.tidemark = window.tidemark || [];\n${own}`);
    return host.put(
      path,
      `<!doctype html><html lang="en"><title>${path}</title>
       <script src="${path}.js"></script>
       <script async src="${server.url}/tidemark.js" data-write-key="${server.writeKey}" ${attributes}></script>
       <body>${body}</body></html>`,
      policyFor(server.url),
    );
  }

  /** How many events of a type the server counts. */
  async counted(eventType: string): Promise<number> {
    const answer = await this.server.ask<{ data: { value: number } }>("/api/v1/query", {
      type: "metric",
      range: { last: "30d" },
      measures: [{ name: "events", measure: "events", event: eventType }],
    });
    return answer.data.value;
  }

  /** Waits until the server counts so many events of a type, and then whether it stays at that once a later event is counted. */
  async counts(eventType: string, expected: number): Promise<void> {
    await until(`${expected} ${eventType} are counted`, 60_000, async () => {
      const counted = await this.counted(eventType);
      if (counted > expected) throw new Error(`${counted} ${eventType} are counted instead of ${expected}`);
      return counted === expected;
    });
    const mark = `mark_${eventType}`;
    const marks = (await this.counted(mark)) + 1;
    await this.server.send({ event_type: mark });
    await until("a later event is counted", 60_000, async () => (await this.counted(mark)) === marks);
    const counted = await this.counted(eventType);
    if (counted !== expected) throw new Error(`${counted} ${eventType} are counted instead of ${expected}`);
  }

  async close(): Promise<void> {
    await this.host.close();
  }
}

/** Requests with events that pages of a context make from now on. */
export class Requests {
  /** Ids of events, as often as they arrived in plain text: what was compressed the browser tells wrongly. */
  readonly ids: string[] = [];
  readonly kinds: string[] = [];
  compressed = 0;

  constructor(context: BrowserContext) {
    const isOurs = (request: Request) => request.url().includes("/api/v1/events?key=");
    context.on("request", (request) => {
      if (isOurs(request)) this.kinds.push(request.resourceType());
    });
    context.on("requestfinished", (request) => {
      if (!isOurs(request)) return;
      if (request.url().includes("encoding=gzip")) {
        this.compressed += 1;
        return;
      }
      const { batch } = JSON.parse(request.postData() ?? "") as { batch: { event_id: string }[] };
      this.ids.push(...batch.map(({ event_id }) => event_id));
    });
  }
}

/** Waits until the tracker has taken the place of the calls that waited for it. */
export const tracked = (page: Page): Promise<unknown> =>
  page.waitForFunction(() => window.tidemark !== undefined && "flush" in window.tidemark);

/** Calls a method of a page's tracker, so many times. */
export const call = (page: Page, name: string, given: readonly unknown[] = [], times = 1): Promise<void> =>
  page.evaluate(
    ([name, given, times]) => {
      for (let i = 0; i < times; i += 1) window.tidemark?.push([name, ...given]);
    },
    [name, given, times] as const,
  );
