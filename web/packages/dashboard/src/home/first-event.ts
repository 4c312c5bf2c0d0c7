import { SESSION } from "@tidemark/widgets/request";
import { html, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { createKey } from "../api/account";
import { listEvents, type StoredEvent } from "../api/events";
import type { App } from "../app";
import { eventRows } from "../events/event-list";
import { PageElement, whileVisible } from "../page-element";
import { Attempt } from "../parts/attempt";

const EVENT_TYPE = "hello_tidemark";
const KEY_PLACE = "YOUR_WRITE_KEY";
const POLL_MILLIS = 1_000;

type Language = "curl" | "Web page" | "JavaScript" | "Python";
const LANGUAGES: readonly Language[] = ["curl", "Web page", "JavaScript", "Python"];

/** A snippet that sends an event, and a light that turns green when it has arrived. */
export class FirstEvent extends PageElement {
  @property({ attribute: false }) app!: App;
  @state() private language: Language = "curl";
  @state() private key = "";
  @state() private arrived: StoredEvent | null = null;
  readonly #attempt = new Attempt(this);
  #before: ReadonlySet<string> | null = null;
  #end: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#end = whileVisible(POLL_MILLIS, () => void this.#look());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end?.();
  }

  protected override render(): TemplateResult {
    const { token } = this.app.client.session;
    const own = token === SESSION ? "" : token;
    const inPage = this.language === "Web page";
    // Everybody can read a page, so it never gets the key that one has signed in with.
    const key = this.key || (inPage ? KEY_PLACE : own);
    const masked = this.key || (inPage ? KEY_PLACE : `${own.slice(0, 3)}•••••••••`);
    return html`<div class="segments" role="group" aria-label="Language">
        ${LANGUAGES.map(
          (language) => html`<button
            type="button"
            aria-pressed=${language === this.language ? "true" : "false"}
            @click=${() => {
              this.language = language;
            }}
          >${language}</button>`,
        )}
      </div>
      ${
        key === ""
          ? nothing
          : html`<copyable-code
              .label=${this.language === "curl" ? "Terminal" : this.language}
              .text=${eventSnippet(this.language, location.origin, key)}
              .shown=${eventSnippet(this.language, location.origin, masked)}
            ></copyable-code>`
      }
      ${
        this.key
          ? html`<p class="soft hint">This write key can do nothing but send events: it may stand in a page or an app.</p>`
          : html`<p class="soft hint">
              ${key === "" || inPage ? "" : "Copied with the key that you signed in with. "}<button type="button" class="word" @click=${() => void this.#make()}>
                Make a write key for it
              </button>
            </p>`
      }
      <p class="arrival ${this.arrived ? "good" : ""}" role="status" data-arrived=${this.arrived ? "hello" : "nothing"}>
        <span class="dot ${this.arrived ? "" : "beating"}"></span>
        ${this.arrived ? `Your ${EVENT_TYPE} event has arrived` : "Waiting for your event"}
      </p>
      ${this.arrived ? eventRows([this.arrived], Date.now()) : nothing}
      ${this.#attempt.failed ? html`<p class="problem" role="alert">${this.#attempt.failed}</p>` : nothing}`;
  }

  async #make(): Promise<void> {
    await this.#attempt.make(async () => {
      const made = await createKey(this.app.client, { kind: "write", name: "First event" });
      this.key = made.key ?? "";
    });
  }

  async #look(): Promise<void> {
    await this.#attempt.make(async () => {
      const { events } = await listEvents(this.app.client, { event_type: EVENT_TYPE }, 20);
      this.#before ??= new Set(events.map((event) => event.event_id));
      const fresh = events.find((event) => !this.#before?.has(event.event_id));
      if (fresh && fresh.event_id !== this.arrived?.event_id) {
        this.arrived = fresh;
        this.dispatchEvent(new CustomEvent("arrived"));
      }
    });
  }
}

/** Code that sends one event. */
export function eventSnippet(language: Language, origin: string, key: string): string {
  const event = `{"event_type":"${EVENT_TYPE}","user_id":"ada","properties":{"plan":"pro"}}`;
  switch (language) {
    case "curl":
      return `curl -X POST ${origin}/api/v1/events \\
  -H 'Authorization: Bearer ${key}' \\
  -H 'Content-Type: application/json' \\
  -d '${event}'`;
    case "Web page":
      return `<script async src="${origin}/tidemark.js"
  data-write-key="${key}"></script>
<script>
  window.tidemark = window.tidemark || [];
  tidemark.push(["track", "${EVENT_TYPE}", { plan: "pro" }]);
</script>`;
    case "JavaScript":
      return `await fetch("${origin}/api/v1/events", {
  method: "POST",
  headers: { Authorization: "Bearer ${key}", "Content-Type": "application/json" },
  body: JSON.stringify({ event_type: "${EVENT_TYPE}", user_id: "ada", properties: { plan: "pro" } }),
});`;
    case "Python":
      return `import json, urllib.request

urllib.request.urlopen(urllib.request.Request(
    "${origin}/api/v1/events",
    data=json.dumps({"event_type": "${EVENT_TYPE}", "user_id": "ada", "properties": {"plan": "pro"}}).encode(),
    headers={"Authorization": "Bearer ${key}", "Content-Type": "application/json"},
))`;
  }
}
