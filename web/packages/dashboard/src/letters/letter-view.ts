import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { type Letter, type Replayed, readLetter, replayLetter } from "../api/letters";
import type { App } from "../app";
import { PageElement } from "../page-element";
import { Attempt } from "../parts/attempt";
import { laidOut, readJson } from "../parts/json-place";
import type { JsonProblem } from "../parts/json-text";
import { Loader } from "../parts/loader";
import { markedJson } from "../parts/marked-json";
import { addressOf } from "../shell/route";

/** One dead letter: what came, what is wrong with it, and the way to send it corrected. */
export class LetterView extends PageElement {
  @property({ attribute: false }) app!: App;
  @property() letter = "";
  @property() back = "#/dead-letters";
  /** The payload as it is being corrected; null while it is looked at. */
  @state() private text: string | null = null;
  @state() private problem: JsonProblem | null = null;
  @state() private outcome: Replayed | null = null;
  readonly #attempt = new Attempt(this);
  readonly #letter = new Loader<Letter>(this);

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("letter")) return;
    this.#reset();
    this.outcome = null;
    this.#letter.load(() => readLetter(this.app.client, this.letter));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.app.guard(null);
  }

  protected override render(): TemplateResult {
    const letter = this.#letter.value;
    return html`<div class="page-head"><h1>${letter?.event_type ?? "Dead letter"}</h1>
        <div class="actions"><a class="button" href=${this.back}>All dead letters</a></div></div>
      ${this.#letter.view((found) => this.#show(found))}`;
  }

  #show(letter: Letter): TemplateResult {
    return html`<div class="letter">
      <section class="card">
        <p class="told ${letter.state === "open" ? "bad" : "good"}">
          <b>${letter.state === "open" ? letter.message || letter.reason : "It has become an event"}</b>
          ${letter.field && letter.state === "open" ? html`<code>${letter.field}</code>` : nothing}
        </p>
        ${this.outcome ? this.#result(this.outcome) : nothing}
        ${this.text === null ? this.#payload(letter) : this.#form(letter, this.text)}
        ${this.#attempt.failed ? html`<p class="problem" role="alert">${this.#attempt.failed}</p>` : nothing}
      </section>
      <aside class="card">${facts(letter, this.app)}</aside>
    </div>`;
  }

  #payload(letter: Letter): TemplateResult {
    return html`${markedJson("Payload, as it was received, masked", letter.payload, letter.field)}
      ${
        letter.state === "open" && this.app.may("dead_letters:edit")
          ? html`<div class="row start">
              <button type="button" class="primary" ?disabled=${this.#attempt.busy} @click=${() => this.#edit(letter)}>Fix and replay</button>
              <button type="button" ?disabled=${this.#attempt.busy} @click=${() => void this.#replay()}>Replay as it is</button>
            </div>`
          : nothing
      }`;
  }

  #form(letter: Letter, text: string): TemplateResult {
    return html`<form aria-label="Fix and replay" @submit=${(event: SubmitEvent) => {
      event.preventDefault();
      void this.#fixed(letter, text);
    }}>
      <json-text
        label="Payload to send instead"
        rows="16"
        .text=${text}
        .problem=${this.problem}
        @changed=${(event: CustomEvent<string>) => {
          this.text = event.detail;
          this.problem = null;
        }}
      ></json-text>
      <p class="soft hint">What was masked stays masked unless you write it again. The letter keeps its id, so that it counts once.</p>
      <div class="row start">
        <button type="submit" class="primary" ?disabled=${this.#attempt.busy}>${this.#attempt.busy ? "Sending…" : "Replay the correction"}</button>
        <button type="button" @click=${() => this.#reset()}>Cancel</button>
      </div>
    </form>`;
  }

  #result({ outcome }: Replayed): TemplateResult {
    const words: Readonly<Record<Replayed["outcome"], string>> = {
      accepted: "Replayed: it is an event now.",
      duplicate: "It had been stored before; nothing was counted twice.",
      dropped: "A rule of the tenant drops it: it was not kept.",
      refused: "Refused again. What is wrong now is told above.",
      already_replayed: "It had been replayed before.",
    };
    return html`<p class="arrival ${outcome === "refused" ? "bad" : "good"}" role="status" data-outcome=${outcome}>${words[outcome]}</p>`;
  }

  #edit(letter: Letter): void {
    this.text = laidOut(letter.payload);
    this.problem = { message: letter.message, field: letter.field };
    this.outcome = null;
    this.app.guard(() => this.text !== null && this.text !== laidOut(letter.payload));
    void this.updateComplete.then(() => this.querySelector("textarea")?.focus());
  }

  #reset(): void {
    this.text = null;
    this.problem = null;
    this.#attempt.forget();
    if (this.app) this.app.guard(null);
  }

  async #fixed(letter: Letter, text: string): Promise<void> {
    const read = readJson(text);
    // A payload that never was JSON may be sent as a text; what was JSON has to stay so.
    if (read.kind === "broken" && readJson(letter.payload).kind === "json") return;
    await this.#send(read.kind === "json" && isObject(read.value) ? read.value : text);
  }

  async #replay(): Promise<void> {
    await this.#send();
  }

  async #send(payload?: unknown): Promise<void> {
    await this.#attempt.make(async () => {
      const outcome = await replayLetter(this.app.client, this.letter, payload);
      if (outcome.outcome === "refused" && payload !== undefined) {
        this.problem = {
          message: outcome.message ?? outcome.reason ?? "refused",
          field: outcome.field ?? null,
        };
      } else {
        const seen = await this.#seen(outcome);
        this.#reset();
        this.outcome = outcome;
        this.#letter.put(seen);
      }
    });
  }

  /** The letter with what is known of the attempt, which the store may not show yet. */
  async #seen({ state, reason, field, message }: Replayed): Promise<Letter> {
    const stored = await readLetter(this.app.client, this.letter);
    return { ...stored, state, ...(reason ? { reason, field: field ?? null, message: message ?? "" } : {}) };
  }
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function facts(letter: Letter, app: App): TemplateResult {
  const time = (text: string) => new Date(text).toLocaleString();
  const rows: readonly (readonly [string, unknown])[] = [
    ["Received", time(letter.received_at)],
    ["Reason", letter.reason.replaceAll("_", " ")],
    ["Field", letter.field],
    ["Event type", letter.event_type],
    ["Source", letter.line === null ? letter.source : `${letter.source}, line ${letter.line}`],
    ["Key", letter.key_id],
    ["State", letter.state],
    ["Attempts", letter.attempts || null],
    ["Last attempt", letter.tried_at ? time(letter.tried_at) : null],
    ["Outcome", letter.outcome],
    ["Id", letter.id],
  ];
  return html`<h2>About it</h2>
    <dl class="pairs">
      ${rows
        .filter(([, value]) => value !== null && value !== "")
        .map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
    </dl>
    ${
      letter.event_type && letter.reason === "schema_violation" && app.may("schemas:read")
        ? html`<a href=${addressOf(["schemas", letter.event_type])}>Schema of ${letter.event_type}</a>`
        : nothing
    }`;
}
