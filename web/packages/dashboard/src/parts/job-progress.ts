import { Format } from "@tidemark/widgets/format";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { Client } from "../api/client";
import { sentenceOf } from "../api/client";
import { isOver, type Job, readJob } from "../api/jobs";
import { PageElement } from "../page-element";

const LOOK_MILLIS = 700;

/** How far a job is, until it is over. Emits `over` with the job. */
export class JobProgress extends PageElement {
  @property({ attribute: false }) client!: Client;
  /** As it was when it was asked for. */
  @property({ attribute: false }) job!: Job;
  @state() private now!: Job;
  @state() private trouble = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#wait();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { job, now } = this;
    if (!changed.has("job")) return;
    if (now && now.job_id === job.job_id && now.updated_at >= job.updated_at) return;
    this.now = job;
    this.#wait();
  }

  protected override render(): TemplateResult {
    const job = this.now;
    const look = job.state === "done" ? "good" : job.state === "failed" ? "bad" : "";
    return html`<div class="job ${look}" role="status" data-job=${job.state}>
      <span class="dot ${isOver(job) ? "" : "beating"}"></span>
      <div>
        <b>${titleOf(job)}</b>
        <p class="soft">${told(job)}</p>
        ${job.problem && job.state !== "done" ? html`<p class="wrong">${job.problem}</p>` : nothing}
        ${this.trouble ? html`<p class="wrong">${this.trouble}</p>` : nothing}
      </div>
    </div>`;
  }

  #wait(): void {
    clearTimeout(this.#timer);
    if (!isOver(this.now)) this.#timer = setTimeout(() => void this.#look(), LOOK_MILLIS);
  }

  async #look(): Promise<void> {
    try {
      this.now = await readJob(this.client, this.now.job_id);
      this.trouble = "";
      if (isOver(this.now)) this.dispatchEvent(new CustomEvent<Job>("over", { detail: this.now }));
      else this.#wait();
    } catch (cause) {
      this.trouble = sentenceOf(cause);
      if (this.isConnected) this.#wait();
    }
  }
}

function titleOf({ kind, state }: Job): string {
  const what =
    kind === "replay_dead_letters"
      ? "Replaying dead letters"
      : kind === "erase_person"
        ? "Erasing a person"
        : kind.replaceAll("_", " ");
  switch (state) {
    case "waiting":
      return `${what}: waiting for its turn`;
    case "running":
      return what;
    case "done":
      return `${what}: done`;
    case "failed":
      return `${what}: failed`;
  }
}

/** What came of it so far. */
export function told({ kind, progress, state }: Job): string {
  const format = new Format();
  const count = (name: string) => (typeof progress[name] === "number" ? (progress[name] as number) : 0);
  if (kind === "replay_dead_letters") {
    const parts = (
      [
        ["accepted", "became events"],
        ["duplicate", "were stored before"],
        ["dropped", "were dropped by a rule"],
        ["refused", "were refused again"],
      ] as const
    ).flatMap(([name, words]) => (count(name) > 0 ? [`${format.number(count(name))} ${words}`] : []));
    return parts.join(", ") || (state === "done" ? "There was nothing to replay." : "Nothing sent yet.");
  }
  if (kind === "erase_person") {
    const step = typeof progress.step === "string" ? (STEPS[progress.step] ?? "") : "";
    const found = `${format.number(count("events"))} events, ${format.number(count("dead_letters"))} dead letters and ${format.number(count("anonymous_ids"))} anonymous ids`;
    if (state === "done") {
      const by = typeof progress.gone_from_disk_by === "string" ? new Date(progress.gone_from_disk_by) : null;
      return `${found} erased.${by ? ` Gone from the disk by ${by.toLocaleTimeString()}.` : ""}`;
    }
    return (
      [step, count("events") > 0 ? `${found} so far` : ""].filter((part) => part !== "").join(": ") ||
      "Not begun yet."
    );
  }
  return "";
}

const STEPS: Readonly<Record<string, string>> = {
  mark: "Noting what there is",
  state: "Noting what there is",
  drain: "Waiting for what is on its way to the store",
  letters: "Erasing dead letters",
  events: "Erasing events",
  rest: "Erasing profile, cohorts and kept answers",
};
