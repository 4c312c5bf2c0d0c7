import { Format } from "@tidemark/widgets/format";
import type { RangeOf } from "@tidemark/widgets/questions";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { Job } from "../api/jobs";
import {
  countLetters,
  type Letter,
  type LetterCount,
  type LetterFilter,
  type LetterPage,
  listLetters,
  purgeLetters,
  replayLetters,
} from "../api/letters";
import type { App } from "../app";
import { PageElement } from "../page-element";
import { Attempt } from "../parts/attempt";
import { confirmed } from "../parts/dialog";
import { instantsOf } from "../parts/instants";
import { Loader } from "../parts/loader";
import { emptyState } from "../parts/states";
import type { EditedEvent } from "../question/editor";
import { addressOf, go } from "../shell/route";
import { letterTallies } from "./letter-tallies";
import { type Facet, filterOf, isNarrow, tally, total, wordsOf } from "./tally";

interface Shown {
  readonly page: LetterPage;
  readonly counts: readonly LetterCount[];
}

const STATES = [
  ["open", "Open"],
  ["replayed", "Replayed"],
  ["all", "All"],
] as const;

/** All dead letters of a filter, with what can be done with them. The filter stands in the address. */
export class LetterList extends PageElement {
  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) query!: URLSearchParams;
  @state() private job: Job | null = null;
  readonly #attempt = new Attempt(this);
  readonly #shown = new Loader<Shown>(this);
  /** What there is to choose from, whatever is chosen. */
  readonly #all = new Loader<readonly LetterCount[]>(this);

  override connectedCallback(): void {
    super.connectedCallback();
    this.#all.load(() => countLetters(this.app.client, { state: "all" }));
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("query")) this.#load();
  }

  #load(): void {
    this.#shown.load(async () => {
      const filter = this.#filter;
      const [page, counts] = await Promise.all([
        listLetters(this.app.client, filter),
        countLetters(this.app.client, filter),
      ]);
      return { page, counts };
    });
  }

  get #range(): RangeOf | undefined {
    const last = this.query.get("last");
    const [start_time, end_time] = [this.query.get("from"), this.query.get("to")];
    if (last) return { last };
    return start_time && end_time ? { start_time, end_time } : undefined;
  }

  get #filter(): LetterFilter {
    return filterOf(this.query, instantsOf(this.#range));
  }

  protected override render(): TemplateResult {
    const edits = this.app.may("dead_letters:edit");
    return html`<div class="page-head"><h1>Dead letters</h1>
        <div class="actions">
          ${this.app.may("settings:read") ? html`<a class="button" href="#/alerts">Alerts</a>` : nothing}
          ${edits ? this.#deeds() : nothing}
        </div>
      </div>
      ${this.#attempt.failed ? html`<p class="problem card" role="alert">${this.#attempt.failed}</p>` : nothing}
      ${
        this.job
          ? html`<job-progress .client=${this.app.client} .job=${this.job} @over=${() => void this.#refresh()}></job-progress>`
          : nothing
      }
      ${this.#form()} ${this.#shown.view((shown) => this.#show(shown))}`;
  }

  #deeds(): TemplateResult {
    const count = total(this.#shown.value?.counts ?? []);
    const open = this.#filter.state === "open";
    return html`${
      open
        ? html`<button type="button" class="primary" ?disabled=${count === 0 || this.#attempt.busy} @click=${() => void this.#replay(count)}>Replay all</button>`
        : nothing
    }<button type="button" class="danger" ?disabled=${count === 0 || this.#attempt.busy} @click=${() => void this.#purge(count)}>Remove all…</button>`;
  }

  #form(): TemplateResult {
    const chosen = this.query.get("state") ?? "open";
    return html`<div class="card search-form" role="search" aria-label="Dead letters">
      <div class="field"><span class="label" id="letter-state">State</span>
        <div class="segments" role="group" aria-labelledby="letter-state">
          ${STATES.map(
            ([value, words]) => html`<button
              type="button"
              aria-pressed=${value === chosen ? "true" : "false"}
              @click=${() => this.#narrow({ state: value === "open" ? "" : value })}
            >${words}</button>`,
          )}
        </div>
      </div>
      ${this.#facet("reason", "Reason", "any reason")} ${this.#facet("event_type", "Event type", "any event type")}
      ${this.#facet("field", "Field", "any field")} ${this.#facet("source", "Source", "any source")}
      ${this.#facet("key", "Key", "any key")}
      <range-editor
        label="Received"
        none="Any time"
        .value=${this.#range}
        @edited=${(event: EditedEvent<RangeOf | undefined>) => this.#span(event.detail)}
      ></range-editor>
    </div>`;
  }

  #facet(facet: Facet, label: string, placeholder: string): TemplateResult {
    const chosen = this.query.get(facet);
    return html`<pick-box
      .label=${label}
      .placeholder=${placeholder}
      .value=${chosen ? [chosen] : []}
      .suggest=${async (typed: string) =>
        tally(this.#all.value ?? [], facet)
          .filter(({ value }) => value !== "" && value.toLowerCase().includes(typed.toLowerCase()))
          .map(({ value, count }) => ({ value, note: new Format().number(count) }))}
      @picked=${(event: CustomEvent<readonly string[]>) => this.#narrow({ [facet]: event.detail[0] ?? "" })}
    ></pick-box>`;
  }

  #span(range: RangeOf | undefined): void {
    this.#narrow({
      last: range && "last" in range ? range.last : "",
      from: range && !("last" in range) ? range.start_time : "",
      to: range && !("last" in range) ? range.end_time : "",
    });
  }

  #narrow(change: Readonly<Record<string, string>>): void {
    go(["dead-letters"], { ...Object.fromEntries(this.query), ...change });
  }

  #show({ page, counts }: Shown): TemplateResult {
    if (page.dead_letters.length === 0) return this.#nothing();
    return html`${letterTallies(counts, this.query, (facet, value) => this.#narrow({ [facet]: value }))}
      <ol class="letter-rows">${page.dead_letters.map(letterRow)}</ol>
      ${
        page.next_cursor
          ? html`<button type="button" class="more" ?disabled=${this.#attempt.busy} @click=${() => void this.#older({ page, counts })}>Older ones</button>`
          : html`<p class="soft">That is all.</p>`
      }`;
  }

  #nothing(): TemplateResult {
    if (isNarrow(this.#filter) || this.#filter.state === "replayed") {
      return emptyState(
        "No dead letter is like this",
        "Loosen what you look for: leave out a filter or choose a longer time.",
        html`<a class="button" href="#/dead-letters">All that are open</a>`,
      );
    }
    return emptyState(
      "Everything became an event",
      "What a schema, an importer or a Segment client's server could not make an event of is kept here, with the reason, until somebody corrects and replays it or removes it.",
    );
  }

  async #replay(count: number): Promise<void> {
    const filter = this.#filter;
    await this.#attempt.make(async () => {
      const words = wordsOf(filter, count, new Format().number(count));
      const text = `${words} go through the pipeline again as they are. Those that still break a rule stay; none counts twice.`;
      if (!(await confirmed("Replay them?", text, "Replay", "primary"))) return;
      this.job = await replayLetters(this.app.client, filter);
    });
  }

  async #purge(count: number): Promise<void> {
    const filter = this.#filter;
    await this.#attempt.make(async () => {
      const words = wordsOf(filter, count, new Format().number(count));
      if (!(await confirmed("Remove them for good?", `${words}. This cannot be taken back.`, "Remove")))
        return;
      const removed = await purgeLetters(this.app.client, filter);
      this.app.notify({ text: `Removed ${new Format().number(removed)} dead letters` });
      await this.#refresh();
    });
  }

  async #older({ page, counts }: Shown): Promise<void> {
    await this.#attempt.make(async () => {
      const next = await listLetters(this.app.client, this.#filter, page.next_cursor ?? undefined);
      const dead_letters = [...page.dead_letters, ...next.dead_letters];
      this.#shown.put({ page: { dead_letters, next_cursor: next.next_cursor }, counts });
    });
  }

  async #refresh(): Promise<void> {
    await Promise.all([this.#shown.refresh(), this.#all.refresh()]);
  }
}

function letterRow(letter: Letter): TemplateResult {
  const received = Date.parse(letter.received_at);
  return html`<li>
    <a href=${addressOf(["dead-letters", letter.id])}>
      <b title=${letter.event_type ?? ""}>${letter.event_type ?? "No event type"}</b>
      <span class="why" title=${letter.message}>${letter.field ? html`<code>${letter.field}</code> ` : nothing}${letter.message}</span>
      <span class="tag ${letter.state === "open" ? "bad" : "good"}">${letter.state === "open" ? letter.reason.replaceAll("_", " ") : "replayed"}</span>
      <time datetime=${letter.received_at} title=${new Date(received).toLocaleString()}>${new Format().ago(received, Date.now())}</time>
    </a>
  </li>`;
}
