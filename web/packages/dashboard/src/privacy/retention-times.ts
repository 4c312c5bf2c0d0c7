import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { changeSettings, type Settings } from "../api/account";
import type { App } from "../app";
import { PageElement } from "../page-element";
import { Attempt } from "../parts/attempt";
import { confirmed } from "../parts/dialog";
import { small } from "../question/measures-editor";
import { icon } from "../shell/icons";

interface TypeDays {
  readonly eventType: string;
  readonly days: string;
}

/** How long events are kept, of all types and of some. Emits `saved` with the settings. */
export class RetentionTimes extends PageElement {
  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) settings!: Settings;
  @state() private all = "";
  @state() private types: readonly TypeDays[] = [];
  readonly #attempt = new Attempt(this);

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("settings")) return;
    const { retention_days, retention_days_by_type } = this.settings;
    this.all = retention_days === null ? "" : String(retention_days);
    this.types = Object.entries(retention_days_by_type).map(([eventType, days]) => ({
      eventType,
      days: String(days),
    }));
  }

  protected override render(): TemplateResult {
    if (!this.app.may("settings:edit")) return this.#told();
    return html`<form aria-label="Retention" @submit=${(event: SubmitEvent) => {
      event.preventDefault();
      void this.#save();
    }}>
      <label class="field half"><span class="label">All events, days (empty: for ever)</span>
        <input name="all" type="number" min="1" max="36500" .value=${this.all} @input=${(event: Event) => {
          this.all = (event.target as HTMLInputElement).value;
        }} /></label>
      ${
        this.types.length === 0
          ? nothing
          : html`<ul class="masking">${this.types.map((type, index) => this.#type(type, index))}</ul>`
      }
      ${this.#attempt.failed ? html`<p class="problem" role="alert">${this.#attempt.failed}</p>` : nothing}
      <div class="row start">
        <button type="button" @click=${() => this.#put([...this.types, { eventType: "", days: "30" }])}>${icon("plus")} Another time for one event type</button>
        <button type="submit" class="primary">Save the times</button>
      </div>
    </form>`;
  }

  #told(): TemplateResult {
    const days = (count: string) => (count === "" ? "for ever" : `for ${count} days`);
    return html`<p>Events are kept ${days(this.all)}.</p>
      ${this.types.map(({ eventType, days: own }) => html`<p><code>${eventType}</code> ${days(own)}</p>`)}`;
  }

  #type({ eventType, days }: TypeDays, index: number): TemplateResult {
    const change = (part: Partial<TypeDays>) =>
      this.#put(this.types.map((each, at) => (at === index ? { ...each, ...part } : each)));
    return html`<li>
      <pick-box
        label="Event type"
        .value=${eventType ? [eventType] : []}
        .suggest=${async (typed: string) =>
          this.app.may("catalog:read")
            ? (await this.app.catalog.eventTypes(typed)).map((each) => ({ value: each.event_type }))
            : []}
        @picked=${(event: CustomEvent<readonly string[]>) => change({ eventType: event.detail[0] ?? "" })}
      ></pick-box>
      <label class="field"><span class="label">Days</span>
        <input type="number" required min="1" max="36500" .value=${days} @input=${(event: Event) => change({ days: (event.target as HTMLInputElement).value })} /></label>
      <div class="actions">${small("remove", `As all others: ${eventType || "this type"}`, () => this.#put(this.types.filter((_, at) => at !== index)))}</div>
    </li>`;
  }

  #put(types: readonly TypeDays[]): void {
    this.types = types;
    this.#attempt.forget();
  }

  async #save(): Promise<void> {
    const byType = Object.fromEntries(
      this.types
        .filter(({ eventType }) => eventType !== "")
        .map(({ eventType, days }) => [eventType, Number(days)]),
    );
    const all = this.all === "" ? null : Number(this.all);
    if (shorter(this.settings, all, byType)) {
      const text =
        "Events that are older than the new times are deleted for good with the next run, within a day.";
      if (!(await confirmed("Keep events for a shorter time?", text, "Delete what is older"))) return;
    }
    await this.#attempt.make(async () => {
      const saved = await changeSettings(this.app.client, {
        retention_days: all,
        retention_days_by_type: byType,
      });
      this.app.notify({ text: "Saved" });
      this.dispatchEvent(new CustomEvent<Settings>("saved", { detail: saved }));
    });
  }
}

/** Whether events of any type are to be kept for a shorter time than before. */
export function shorter(
  before: Pick<Settings, "retention_days" | "retention_days_by_type">,
  all: number | null,
  byType: Readonly<Record<string, number>>,
): boolean {
  const ends = (days: number | null | undefined) => days ?? Number.POSITIVE_INFINITY;
  if (ends(all) < ends(before.retention_days)) return true;
  return [...new Set([...Object.keys(before.retention_days_by_type), ...Object.keys(byType)])].some(
    (type) => ends(byType[type] ?? all) < ends(before.retention_days_by_type[type] ?? before.retention_days),
  );
}
