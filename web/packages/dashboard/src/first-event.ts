import type { RecentEvent } from "@tidemark/widgets/api";
import { Format } from "@tidemark/widgets/format";
import { SESSION } from "@tidemark/widgets/request";
import { html, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { PageElement, whileVisible } from "./page-element";
import type { Server } from "./server";

const EVENT_TYPE = "hello_tidemark";
const KEY_PLACE = "YOUR_WRITE_KEY";
const LOOKED_AT = 100;
const SHOWN = 8;

/** Shows how to send an event and says so when one arrives, with the newest events beside it. */
export class FirstEvent extends PageElement {
  @property({ attribute: false }) server: Server | null = null;
  @state() private events: readonly RecentEvent[] | null = null;
  @state() private failed = "";
  @state() private writeKey = "";
  @state() private making = false;
  @state() private keyProblem = "";
  @state() private arrived: "nothing" | "events" | "hello" = "nothing";
  #before: ReadonlySet<string> | null = null;
  #end: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#end = whileVisible(2000, () => void this.#look());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end?.();
  }

  protected override render(): TemplateResult {
    const command = (key: string) => curl(location.origin, key);
    return html`<div class="two">
      <section class="card">
        <h2>Send an event</h2>
        ${this.#fromAPage()}
        <h3>From anywhere else</h3>
        <p class="soft">Paste this into a terminal. The event is stored durably before the answer comes back.</p>
        <copyable-code
          label="Terminal"
          .text=${command(this.server?.key === SESSION ? "YOUR_SECRET_KEY" : (this.server?.key ?? ""))}
          .shown=${command("sk_•••••••••")}
        ></copyable-code>
        <p class="soft">Segment libraries work with their host set to <code>${location.host}</code>.</p>
      </section>
      <section class="card">${this.#arrival()} ${this.#recent()}</section>
    </div>`;
  }

  #fromAPage(): TemplateResult {
    return html`<h3>From a web page</h3>
      <p class="soft">
        Paste this into the head of a page. It sends page views by itself, and whatever you <code>track</code>. Its key may only
        send, so everybody may see it.
      </p>
      <copyable-code label="HTML" .text=${scriptTag(location.origin, this.writeKey || KEY_PLACE)}></copyable-code>
      ${
        this.writeKey
          ? nothing
          : html`<p>
              <button type="button" class="small" ?disabled=${this.making} @click=${this.#makeKey}>Put a new write key in</button>
              <span class="soft"> or one that you have in place of <code>${KEY_PLACE}</code></span>
            </p>`
      }
      ${this.keyProblem ? html`<p class="soft" role="alert">${this.keyProblem}</p>` : nothing}`;
  }

  readonly #makeKey = async () => {
    this.making = true;
    try {
      this.writeKey = (await this.server?.makeWriteKey("web page")) ?? "";
      this.keyProblem = "";
    } catch (cause) {
      this.keyProblem = cause instanceof Error ? cause.message : String(cause);
    } finally {
      this.making = false;
    }
  };

  #arrival(): TemplateResult {
    const words = {
      nothing: "Waiting for an event",
      events: "Events are arriving",
      hello: `Your ${EVENT_TYPE} event has arrived`,
    }[this.arrived];
    return html`<p class="arrival ${this.arrived === "nothing" ? "" : "good"}" role="status" data-arrived=${this.arrived}>
      <span class="dot"></span>${words}
    </p>`;
  }

  #recent(): TemplateResult {
    if (this.failed) return html`<p class="soft" role="alert">${this.failed}</p>`;
    if (!this.events) return html`<p class="soft">Looking…</p>`;
    if (this.events.length === 0) {
      return html`<p class="soft">No event has been stored yet. The first one shows here within a second or two.</p>`;
    }
    const format = new Format();
    return html`<ol class="events">
      ${this.events.slice(0, SHOWN).map(
        (event) => html`<li>
          <b title=${event.event_type}>${event.event_type}</b>
          <time datetime=${event.timestamp}>${format.ago(Date.parse(event.timestamp), Date.now())}</time>
        </li>`,
      )}
    </ol>`;
  }

  async #look(): Promise<void> {
    if (!this.server) return;
    try {
      const events = await this.server.recentEvents(LOOKED_AT);
      this.#before ??= new Set(events.map((event) => event.event_id));
      const fresh = events.filter((event) => !this.#before?.has(event.event_id));
      if (fresh.some((event) => event.event_type === EVENT_TYPE)) this.arrived = "hello";
      else if (fresh.length > 0 && this.arrived === "nothing") this.arrived = "events";
      this.events = events;
      this.failed = "";
    } catch (cause) {
      this.failed = cause instanceof Error ? cause.message : String(cause);
    }
  }
}

export function curl(origin: string, key: string): string {
  return [
    `curl -X POST ${origin}/api/v1/events \\`,
    `  -H 'Authorization: Bearer ${key}' \\`,
    "  -H 'Content-Type: application/json' \\",
    `  -d '{"event_type":"${EVENT_TYPE}","user_id":"ada","properties":{"plan":"pro"}}'`,
  ].join("\n");
}

export function scriptTag(origin: string, key: string): string {
  return [
    `<script async src="${origin}/tidemark.js"`,
    `  data-write-key="${key}"></script>`,
    "<script>",
    "  window.tidemark = window.tidemark || [];",
    `  tidemark.push(["track", "${EVENT_TYPE}", { plan: "pro" }]);`,
    "</script>",
  ].join("\n");
}
