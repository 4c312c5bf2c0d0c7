import type { Controls } from "@tidemark/widgets/api";
import { RequestFailure } from "@tidemark/widgets/request";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { isConflict, sentenceOf } from "../api/client";
import { createReport, readReport, replaceReport, type StoredReport } from "../api/reports";
import type { App } from "../app";
import { PageElement } from "../page-element";
import { askText, choose } from "../parts/dialog";
import { Loader } from "../parts/loader";
import { emptyState } from "../parts/states";
import type { EditedEvent } from "../question/editor";
import { type Complaint, lackingIn } from "../question/lacking";
import { same } from "../question/record";
import { icon } from "../shell/icons";
import { go } from "../shell/route";
import { chooseKind } from "./add-widget";
import { type Draft, type DraftWidget, draftOf, type Ids, idsOf, newKey, sentOf } from "./draft";
import { below, compacted } from "./grid";
import type { WidgetWish } from "./report-grid";
import { Timeline } from "./timeline";
import { wholeOf } from "./whole";

const MOST_WIDGETS = 50;

/** Edits a report: its name, its widgets and their places, with undo and redo, until it is saved. */
export class ReportBuilder extends PageElement {
  @property({ attribute: false }) app!: App;
  @property() report = "";
  /** The key of the widget whose question is open; empty for none. */
  @property() opened = "";
  @state() private line: Timeline<Draft> | null = null;
  @state() private saving = false;
  @state() private trouble = "";
  /** What the server found wrong when it was saved last, by the widget's key. */
  @state() private wrong: ReadonlyMap<string, Complaint> = new Map();
  @state() private wrongControls: Complaint | null = null;
  #saved: Draft | null = null;
  #version = 0;
  #ids: Ids = new Map();
  readonly #loader = new Loader<StoredReport>(this);

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("keydown", this.#key);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("keydown", this.#key);
    this.app.guard(null);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("report")) {
      this.line = null;
      this.#loader.load(async () => {
        const report = await readReport(this.app.client, this.report);
        this.#takeOver(report);
        return report;
      });
      this.app.guard(() => this.#unsaved);
    }
  }

  get #unsaved(): boolean {
    return this.line !== null && !same(this.line.present, this.#saved);
  }

  #takeOver(report: StoredReport): void {
    const { draft, ids } = draftOf(report);
    this.#version = report.version;
    this.#ids = ids;
    this.#saved = draft;
    this.line = Timeline.of(draft);
    this.wrong = new Map();
    this.trouble = "";
  }

  protected override render(): TemplateResult {
    return this.#loader.view(() => (this.line ? this.#editing(this.line) : html``));
  }

  #editing(line: Timeline<Draft>): TemplateResult {
    const draft = line.present;
    const open = draft.widgets.find((widget) => widget.key === this.opened);
    return html`${this.#head(line)}
      ${this.trouble ? html`<p class="problem card" role="alert">${this.trouble}</p>` : nothing}
      ${open ? this.#widget(draft, open) : this.#canvas(draft)}`;
  }

  #head(line: Timeline<Draft>): TemplateResult {
    const { name } = line.present;
    return html`<div class="page-head builder-head">
      <label class="name-field"><span class="unseen">Name of the report</span>
        <input
          maxlength="200"
          autocomplete="off"
          .value=${name}
          title=${name}
          @input=${(event: Event) => this.#step({ ...line.present, name: (event.target as HTMLInputElement).value }, "name")}
        /></label>
      <div class="actions">
        <span class="soft saved-state" role="status">${this.#unsaved ? "Not saved yet" : "Saved"}</span>
        <button type="button" class="only-icon" aria-label="Undo" title="Undo (Ctrl+Z)" ?disabled=${!line.canUndo} @click=${this.#undo}>${icon("undo")}</button>
        <button type="button" class="only-icon" aria-label="Redo" title="Redo (Ctrl+Shift+Z)" ?disabled=${!line.canRedo} @click=${this.#redo}>${icon("redo")}</button>
        <button type="button" @click=${() => void this.#add()}>${icon("plus")} Widget</button>
        <button type="button" @click=${() => void this.#saveAs()}>Save as…</button>
        <button type="button" @click=${() => go(["reports", this.report])}>Close</button>
        <button type="button" class="primary" ?disabled=${this.saving || !this.#unsaved} @click=${() => void this.#save()}>
          ${this.saving ? "Saving…" : "Save"}
        </button>
      </div>
    </div>`;
  }

  #canvas(draft: Draft): TemplateResult {
    const messages = new Map([...this.wrong].map(([key, { message }]) => [key, message]));
    return html`<whole-bar
        .catalog=${this.app.catalog}
        .widgets=${draft.widgets}
        @edited=${(event: EditedEvent<readonly DraftWidget[]>) => this.#widgets(event.detail)}
      ></whole-bar>
      <controls-editor
        .controls=${draft.controls}
        .catalog=${this.app.catalog}
        .wrong=${this.wrongControls}
        @edited=${(event: EditedEvent<Controls>) => this.#step({ ...draft, controls: event.detail }, "controls")}
      ></controls-editor>
      ${
        draft.widgets.length === 0
          ? emptyState(
              "This report is empty",
              "Add a widget: choose what to ask, and see the answer while you write the question.",
              html`<button type="button" class="primary" @click=${() => void this.#add()}>${icon("plus")} Add a widget</button>`,
            )
          : html`<report-grid
              .client=${this.app.client}
              .widgets=${draft.widgets}
              .wrong=${messages}
              @arranged=${(event: CustomEvent<{ widgets: readonly DraftWidget[]; about: string }>) =>
                this.#widgets(event.detail.widgets, event.detail.about)}
              @wish=${(event: CustomEvent<WidgetWish>) => this.#grant(event.detail)}
            ></report-grid>`
      }`;
  }

  #widget(draft: Draft, open: DraftWidget): TemplateResult {
    const complaint = this.wrong.get(open.key);
    return html`<widget-editor
      .app=${this.app}
      .widget=${open}
      .complaints=${complaint ? [complaint] : []}
      @edited=${(event: EditedEvent<DraftWidget>) => {
        this.#forget(open.key);
        this.#widgets(
          draft.widgets.map((widget) => (widget.key === open.key ? event.detail : widget)),
          `question ${open.key}`,
        );
      }}
      @done=${() => this.#open("")}
    ></widget-editor>`;
  }

  #grant({ key, wish }: WidgetWish): void {
    const draft = this.line?.present;
    const widget = draft?.widgets.find((candidate) => candidate.key === key);
    if (!draft || !widget) return;
    switch (wish) {
      case "edit":
        this.#open(key);
        return;
      case "duplicate":
        if (this.#isFull(draft)) return;
        this.#widgets([
          ...draft.widgets,
          {
            ...widget,
            key: newKey(),
            title: widget.title ? `${widget.title.slice(0, 193)} (copy)` : "",
            layout: below(draft.widgets, widget.layout.w, widget.layout.h),
          },
        ]);
        return;
      case "remove":
        this.#widgets(compacted(draft.widgets.filter((candidate) => candidate.key !== key)));
        this.app.notify({ text: "Widget removed", action: { label: "Undo", run: this.#undo } });
    }
  }

  #isFull(draft: Draft): boolean {
    if (draft.widgets.length < MOST_WIDGETS) return false;
    this.app.notify({ text: `A report has at most ${MOST_WIDGETS} widgets.`, bad: true });
    return true;
  }

  async #add(): Promise<void> {
    const draft = this.line?.present;
    if (!draft || this.#isFull(draft)) return;
    const chosen = await chooseKind(wholeOf(draft.widgets).range);
    const now = this.line?.present;
    if (!chosen || !now) return;
    const key = newKey();
    const { question, display, size } = chosen;
    const layout = below(now.widgets, size.w, size.h);
    this.#widgets([...now.widgets, { key, title: "", question, display, layout }]);
    this.#open(key);
  }

  #open(key: string): void {
    if (this.line) this.line = this.line.settled();
    go(key === "" ? ["reports", this.report, "edit"] : ["reports", this.report, "edit", key]);
  }

  #widgets(widgets: readonly DraftWidget[], about = ""): void {
    const draft = this.line?.present;
    if (draft) this.#step({ ...draft, widgets }, about);
  }

  #step(draft: Draft, about: string): void {
    this.line = this.line?.followed(draft, about) ?? null;
  }

  readonly #undo = () => {
    this.line = this.line?.undone() ?? null;
  };

  readonly #redo = () => {
    this.line = this.line?.redone() ?? null;
  };

  readonly #key = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || document.querySelector("dialog[open]")) return;
    const key = event.key.toLowerCase();
    const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
    if (key === "s") {
      event.preventDefault();
      if (this.#unsaved && !this.saving) void this.#save();
    } else if (!typing && key === "z") {
      event.preventDefault();
      if (event.shiftKey) this.#redo();
      else this.#undo();
    } else if (!typing && key === "y") {
      event.preventDefault();
      this.#redo();
    }
  };

  #forget(key: string): void {
    if (!this.wrong.has(key)) return;
    this.wrong = new Map([...this.wrong].filter(([other]) => other !== key));
  }

  /** Whether every question can be asked; those that cannot are marked. */
  #isComplete(draft: Draft): boolean {
    const lacking = draft.widgets.flatMap((widget) => {
      const [first] = lackingIn(widget.question);
      return first ? [[widget.key, first] as const] : [];
    });
    this.wrong = new Map(lacking);
    this.wrongControls = null;
    this.trouble = "";
    if (draft.name.trim() === "") this.trouble = "Give the report a name.";
    else if (lacking.length > 0) this.trouble = "Some widgets are not complete yet: they are marked below.";
    return this.trouble === "";
  }

  async #save(over = false): Promise<void> {
    const draft = this.line?.present;
    if (!draft || !this.#isComplete(draft)) return;
    this.saving = true;
    try {
      const saved = await replaceReport(
        this.app.client,
        this.report,
        sentOf(draft, this.#ids),
        over ? undefined : this.#version,
      );
      this.#version = saved.version;
      this.#ids = idsOf(draft, saved);
      this.#saved = draft;
      this.line = this.line?.settled() ?? null;
      this.app.notify({ text: "Saved" });
    } catch (cause) {
      if (isConflict(cause)) void this.#settle();
      else this.#complain(draft, cause);
    } finally {
      this.saving = false;
    }
  }

  /** Names the widget that a refusal is about, as in `widgets[2].question.measures[0].property`. */
  #complain(draft: Draft, cause: unknown): void {
    const field = cause instanceof RequestFailure ? (cause.problem.field ?? "") : "";
    const [, at = "", path = ""] = /^widgets\[(\d+)\]\.(?:question\.)?(.*)$/.exec(field) ?? [];
    const widget = at === "" ? undefined : draft.widgets[Number(at)];
    const message =
      cause instanceof RequestFailure ? (cause.problem.detail ?? cause.problem.title) : sentenceOf(cause);
    if (widget) this.wrong = new Map([[widget.key, { path, message }]]);
    this.wrongControls = field.startsWith("controls.")
      ? { path: field.slice("controls.".length), message }
      : null;
    this.trouble = widget
      ? "The report was not saved: one widget needs mending."
      : `Not saved. ${sentenceOf(cause)}`;
  }

  async #settle(): Promise<void> {
    const answer = await choose<"theirs" | "mine" | "copy">(
      "Somebody else has changed this report",
      "It was saved elsewhere since you opened it. Take theirs and lose your changes, write yours over theirs, or keep yours as a report of its own.",
      [
        { label: "Take theirs", value: "theirs" },
        { label: "Save mine as a copy", value: "copy" },
        { label: "Overwrite", value: "mine", look: "danger" },
      ],
    );
    if (answer === "theirs") this.#takeOver(await readReport(this.app.client, this.report));
    else if (answer === "copy") await this.#saveAs();
    else if (answer === "mine") {
      // Widgets that they have removed are new ones again.
      const theirs = new Set(
        (await readReport(this.app.client, this.report)).widgets.map((widget) => widget.widget_id),
      );
      this.#ids = new Map([...this.#ids].filter(([, id]) => theirs.has(id)));
      await this.#save(true);
    }
  }

  async #saveAs(): Promise<void> {
    const draft = this.line?.present;
    if (!draft || !this.#isComplete(draft)) return;
    const name = await askText(
      "Save as another report",
      "Name",
      `${draft.name.slice(0, 193)} (copy)`,
      "Save",
    );
    if (name === null) return;
    try {
      const made = await createReport(this.app.client, sentOf({ ...draft, name }, new Map()));
      this.#saved = this.line?.present ?? null;
      this.app.notify({ text: `Saved as “${name}”` });
      go(["reports", made.report_id, "edit"]);
    } catch (cause) {
      this.#complain(draft, cause);
    }
  }
}
