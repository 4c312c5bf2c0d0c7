import { Format } from "@tidemark/widgets/format";
import { html, nothing, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import {
  type Alert,
  type AlertMessage,
  type AlertSettings,
  changeAlertSettings,
  listAlerts,
  readAlertSettings,
  tryAlerts,
} from "../api/alerts";
import { Page, whileVisible } from "../page-element";
import { Attempt } from "../parts/attempt";
import { Loader } from "../parts/loader";
import { emptyState } from "../parts/states";

const LOOK_MILLIS = 10_000;

/** What needs somebody, what did, and whom the server tells. */
export class AlertsPage extends Page {
  @state() private tried = "";
  readonly #attempt = new Attempt(this);
  readonly #alerts = new Loader<readonly Alert[]>(this);
  readonly #settings = new Loader<AlertSettings>(this);
  #end: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#alerts.load(() => listAlerts(this.app.client));
    this.#settings.load(() => readAlertSettings(this.app.client));
    this.#end = whileVisible(LOOK_MILLIS, () => void this.#alerts.refresh());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end?.();
  }

  protected override render(): TemplateResult {
    return html`<div class="page-head"><h1>Alerts</h1></div>
      <section class="card">
        <h2>Last alerts</h2>
        ${this.#alerts.view((alerts) =>
          alerts.length === 0
            ? emptyState(
                "No alert was raised yet",
                "What needs somebody shows here: many dead letters, a limit that is near or reached.",
              )
            : html`<ul class="rows">${alerts.map(alertRow)}</ul>`,
        )}
      </section>
      <section class="card">
        <h2>Who is told, and when</h2>
        ${this.#settings.view((settings) => (this.app.may("settings:edit") ? this.#form(settings) : told(settings)))}
      </section>`;
  }

  #form(settings: AlertSettings): TemplateResult {
    return html`<form aria-label="Alerts" @submit=${this.#save}>
      <div class="fields roomy">
        <label class="field"><span class="label">Dead letters within an hour (empty: no alert)</span>
          <input name="per_hour" type="number" min="1" step="1" .value=${String(settings.dead_letters_per_hour ?? "")} /></label>
        <label class="field"><span class="label">Address of a webhook (empty: none)</span>
          <input name="url" type="url" autocomplete="off" placeholder="https://example.com/hooks/tidemark" .value=${settings.webhook_url ?? ""} /></label>
        <label class="field"><span class="label">Secret that signs messages${settings.webhook_secret_set ? " (empty: the one that is set)" : ""}</span>
          <input name="secret" type="password" autocomplete="new-password" minlength="16" maxlength="200" /></label>
      </div>
      <p class="soft hint">Messages are posted as JSON and signed as Standard Webhooks do. A limit's warnings are sent without further settings.</p>
      ${this.#attempt.failed ? html`<p class="problem" role="alert">${this.#attempt.failed}</p>` : nothing}
      ${this.tried ? html`<p role="status">${this.tried}</p>` : nothing}
      <div class="row start">
        <button type="submit" class="primary" ?disabled=${this.#attempt.busy}>Save</button>
        ${settings.webhook_url ? html`<button type="button" ?disabled=${this.#attempt.busy} @click=${() => void this.#test()}>Send a test message</button>` : nothing}
      </div>
    </form>`;
  }

  readonly #save = async (event: SubmitEvent) => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const [perHour, url, secret] = ["per_hour", "url", "secret"].map((name) => String(data.get(name)).trim());
    await this.#attempt.make(async () => {
      this.#settings.put(
        await changeAlertSettings(this.app.client, {
          dead_letters_per_hour: perHour ? Number(perHour) : null,
          webhook_url: url || null,
          ...(secret ? { webhook_secret: secret } : {}),
        }),
      );
      this.tried = "";
      this.app.notify({ text: "Saved" });
    });
  };

  async #test(): Promise<void> {
    await this.#attempt.make(async () => {
      const { delivered, status, problem } = await tryAlerts(this.app.client);
      this.tried = delivered
        ? `The webhook answered ${status}: it works.`
        : `It was not delivered: ${problem ?? `the webhook answered ${status}`}.`;
    });
  }
}

function told({ dead_letters_per_hour, webhook_url }: AlertSettings): TemplateResult {
  return html`<p>${dead_letters_per_hour ? `An alert is raised from ${dead_letters_per_hour} dead letters within an hour on.` : "Dead letters raise no alert."}</p>
    <p class="soft">${webhook_url ? `Messages go to ${webhook_url}.` : "Nobody is told: there is no webhook."}</p>`;
}

function alertRow({ kind, state, text, raised_at, cleared_at, messages }: Alert): TemplateResult {
  const format = new Format();
  const ago = (time: string) => format.ago(Date.parse(time), Date.now());
  const place = kind.startsWith("dead_letters")
    ? "#/dead-letters"
    : kind.startsWith("quota")
      ? "#/usage"
      : null;
  return html`<li class="card alert ${state}">
    <div class="row"><b>${text}</b><span class="tag ${state === "up" ? "bad" : "good"}">${state === "up" ? "raised" : "over"}</span></div>
    <p class="soft">Raised ${ago(raised_at)}${cleared_at ? `, over ${ago(cleared_at)}` : ""}${place ? html` · <a href=${place}>Look at it</a>` : nothing}</p>
    ${(messages ?? []).map((message) => html`<p class="soft small-print">${messageWords(message)}</p>`)}
  </li>`;
}

/** What became of a message. */
export function messageWords({ event, state, attempts, next_at, problem }: AlertMessage): string {
  const what = event === "cleared" ? "The message that it is over" : "The message that it was raised";
  switch (state) {
    case "delivered":
      return `${what} was delivered.`;
    case "given_up":
      return `${what} could not be delivered after ${attempts ?? 0} attempts: ${problem ?? "no answer"}.`;
    default:
      return `${what} is on its way${attempts ? `, tried ${attempts} times` : ""}${next_at ? `, next ${new Date(next_at).toLocaleTimeString()}` : ""}${problem ? `: ${problem}` : ""}.`;
  }
}

customElements.define("alerts-page", AlertsPage);
