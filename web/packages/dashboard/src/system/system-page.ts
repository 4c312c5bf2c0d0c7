import { Format } from "@tidemark/widgets/format";
import { html, nothing, svg, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { sentenceOf } from "../api/client";
import { type Health, type Pipeline, readHealth, readMetrics, readPipeline } from "../api/operate";
import { Page, whileVisible } from "../page-element";
import { failedState, loadingState } from "../parts/states";
import { type Look, largest, mean, rate, total } from "./vitals";

const LOOK_MILLIS = 3_000;
const KEPT_LOOKS = 40;

interface Vitals {
  readonly health: Health;
  readonly pipeline: Pipeline;
}

/**
 * How the server fares: its parts, and how far it is behind with the tenant's events. Who administers the server sees what goes
 * through it, of all tenants.
 */
export class SystemPage extends Page {
  @state() private vitals: Vitals | null = null;
  @state() private looks: readonly Look[] = [];
  @state() private failed: unknown = null;
  #end: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#end = whileVisible(LOOK_MILLIS, () => void this.#look());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end?.();
  }

  get #administers(): boolean {
    return this.app.person?.user.administrator ?? false;
  }

  async #look(): Promise<void> {
    const { client } = this.app;
    try {
      const [health, pipeline, samples] = await Promise.all([
        readHealth(),
        readPipeline(client),
        this.#administers ? readMetrics(client) : null,
      ]);
      this.vitals = { health, pipeline };
      if (samples) this.looks = [...this.looks, { at: Date.now(), samples }].slice(-KEPT_LOOKS);
      this.failed = null;
    } catch (cause) {
      this.failed = cause;
    }
  }

  protected override render(): TemplateResult {
    const now = this.looks.at(-1);
    return html`<div class="page-head"><h1>System</h1></div>
      ${this.failed && this.vitals ? html`<p class="problem card" role="alert">${sentenceOf(this.failed)}</p>` : nothing}
      ${
        this.vitals
          ? html`${parts(this.vitals.health)}${now ? this.#show(this.vitals, now) : html`<div class="vitals">${behind(this.vitals.pipeline)}</div>${this.#links()}`}`
          : this.failed
            ? failedState(this.failed, () => void this.#look())
            : loadingState()
      }`;
  }

  #links(): TemplateResult {
    return html`<p class="soft">
      ${this.#administers ? html`All of it, for Prometheus, is at <a href="/metrics">/metrics</a>. ` : nothing}The API is described at
      <a href="/openapi">/openapi</a>.
    </p>`;
  }

  #show({ pipeline }: Vitals, now: Look): TemplateResult {
    const format = new Format();
    const number = (value: number | null) => (value === null ? "–" : format.number(value));
    const perSecond = (name: string) => {
      const rates = this.looks.slice(1).map((look, at) => rate(this.looks[at] ?? null, look, name) ?? 0);
      const latest = rates.at(-1);
      return { text: latest === undefined ? "–" : format.number(Math.round(latest * 10) / 10), rates };
    };
    const before = this.looks[0] === now ? null : (this.looks[0] ?? null);
    const millis = (name: string) => {
      const seconds = mean(before, now, name);
      return seconds === null ? "–" : `${format.number(Math.round(seconds * 10_000) / 10)} ms`;
    };
    const hits = total(now.samples, "tidemark_cache_hits_total");
    const misses = total(now.samples, "tidemark_cache_misses_total");
    const share =
      hits !== null && misses !== null && hits + misses > 0 ? format.percent(hits / (hits + misses)) : "–";
    const accepted = perSecond("tidemark_events_accepted_total");
    const stored = perSecond("tidemark_events_stored_total");
    const memory = total(now.samples, "jvm_memory_used_bytes");
    return html`<div class="vitals">
        ${behind(pipeline)}
        ${vital("Accepted a second", accepted.text, `${number(total(now.samples, "tidemark_events_accepted_total"))} since the start`, accepted.rates)}
        ${vital("Stored a second", stored.text, `${number(total(now.samples, "tidemark_events_stored_total"))} since the start`, stored.rates)}
        ${vital("Rejected", number(total(now.samples, "tidemark_events_rejected_total")), `${number(total(now.samples, "tidemark_dead_letters_stored_total"))} dead letters`)}
        ${vital("Acknowledged in", millis("tidemark_events_ack_seconds"), "on the mean, until it is on disk")}
        ${vital("Question answered in", millis("tidemark_store_query_seconds"), `${number(total(now.samples, "tidemark_query_running"))} running, ${number(total(now.samples, "tidemark_query_waiting"))} waiting`)}
        ${vital("Answers from the cache", share, `${number(total(now.samples, "tidemark_cache_stale_total"))} stale`)}
        ${vital("Live readers", number(total(now.samples, "tidemark_live_streams")), watched(total(now.samples, "tidemark_live_reports") ?? 0, millis("tidemark_live_freshness_seconds")))}
        ${vital("Engine", total(now.samples, "tidemark_engine_up") === 1 ? "Up" : "Down", `${number(total(now.samples, "tidemark_engine_restarts_total"))} restarts`)}
        ${vital("Journal", bytes(total(now.samples, "tidemark_journal_retained_bytes")), `furthest behind ${number(largest(now.samples, "tidemark_journal_lag_events"))} events`)}
        ${vital("Memory of the server", bytes(memory), `up for ${format.duration(total(now.samples, "process_uptime_seconds"))}`)}
        ${vital("Processor", format.percent(total(now.samples, "system_cpu_usage")), `${number(total(now.samples, "system_cpu_count"))} cores`)}
      </div>
      ${this.#links()}`;
  }
}

function parts({ parts }: Health): TemplateResult {
  return html`<ul class="parts">
    ${parts.map(
      (part) => html`<li class="card part-health ${part.ready ? "good" : "bad"}">
        <span class="dot"></span><b>${part.name}</b><span class="soft">${part.note}</span>
      </li>`,
    )}
  </ul>`;
}

function behind({ lag_events, lag_seconds }: Pipeline): TemplateResult {
  const format = new Format();
  const events = `${format.number(lag_events)} ${lag_events === 1 ? "event" : "events"}`;
  return vital(
    "Behind",
    events,
    lag_events === 0 ? "everything is stored" : `oldest ${format.duration(lag_seconds)} ago`,
  );
}

function watched(reports: number, fresh: string): string {
  if (reports === 0) return "no report is watched";
  return `${new Format().number(reports)} ${reports === 1 ? "report" : "reports"}, fresh in ${fresh}`;
}

function vital(title: string, value: string, note: string, line: readonly number[] = []): TemplateResult {
  return html`<section class="card vital">
    <h2>${title}</h2>
    <p class="value">${value}</p>
    ${line.length > 1 ? spark(line) : nothing}
    <p class="soft">${note}</p>
  </section>`;
}

function spark(values: readonly number[]): TemplateResult {
  const most = Math.max(...values, 1);
  const points = values
    .map((value, at) => `${(at * 100) / (values.length - 1)},${22 - (20 * value) / most}`)
    .join(" ");
  return html`<svg class="spark" viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true">${svg`<polyline points=${points} />`}</svg>`;
}

function bytes(value: number | null): string {
  if (value === null) return "–";
  const format = new Format();
  const mega = value / 1e6;
  return mega < 1000
    ? `${format.number(Math.round(mega))} MB`
    : `${format.number(Math.round(mega / 100) / 10)} GB`;
}

customElements.define("system-page", SystemPage);
