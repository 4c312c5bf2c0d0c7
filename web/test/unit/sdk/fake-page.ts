import { vi } from "vitest";
import { FakeStorage } from "./fakes";

/** An event as it arrives at a server. */
export interface Sent {
  readonly event_type: string;
  readonly event_id: string;
  readonly timestamp: string;
  readonly user_id?: string;
  readonly anonymous_id: string;
  readonly session_id: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly traits?: Readonly<Record<string, unknown>>;
  readonly context: Readonly<Record<string, unknown>>;
}

/** As much of a browser's page as a tracker touches, with a server that takes everything. Pages of one origin share the storage. */
export class FakePage {
  readonly sent: Sent[] = [];
  readonly beacons: Sent[] = [];
  readonly location = {
    href: "",
    pathname: "",
    search: "",
    hash: "",
    host: "shop.example",
    protocol: "https:",
  };
  readonly document = Object.assign(new EventTarget(), {
    title: "Shop",
    referrer: "https://search.example/",
    visibilityState: "visible",
    cookie: "",
  });
  readonly window = new EventTarget();
  readonly history = {
    pushState: (_: unknown, __: string, path: string) => this.goTo(path),
    replaceState: (_: unknown, __: string, path: string) => this.goTo(path),
  };
  readonly navigator: Record<string, unknown> = {
    language: "en-GB",
    sendBeacon: (_: string, body: string) => {
      this.beacons.push(...(JSON.parse(body) as { batch: Sent[] }).batch);
      return true;
    },
  };
  /** What the server answers. */
  status = 202;

  constructor(readonly storage = new FakeStorage()) {
    this.goTo("/start?utm_source=news&utm_campaign=spring&utm_id=7");
  }

  /** Makes this the page that scripts see. */
  enter(): void {
    const { location, document, history, navigator, window } = this;
    for (const [name, value] of Object.entries({ location, document, history, navigator })) {
      vi.stubGlobal(name, value);
    }
    vi.stubGlobal("localStorage", this.storage.asGlobal());
    vi.stubGlobal("addEventListener", window.addEventListener.bind(window));
    vi.stubGlobal("CompressionStream", undefined);
    vi.stubGlobal("fetch", async (_: string, { body }: RequestInit) => {
      const { batch } = JSON.parse(String(body)) as { batch: Sent[] };
      if (this.status === 202) this.sent.push(...batch);
      return new Response("{}", { status: this.status });
    });
  }

  goTo(path: string): void {
    const { pathname, search, hash, href } = new URL(path, "https://shop.example");
    Object.assign(this.location, { pathname, search, hash, href });
  }

  happens(name: string, more: object = {}): void {
    this.window.dispatchEvent(Object.assign(new Event(name), more));
  }

  hide(): void {
    this.document.visibilityState = "hidden";
    this.document.dispatchEvent(new Event("visibilitychange"));
    this.happens("pagehide");
  }
}
