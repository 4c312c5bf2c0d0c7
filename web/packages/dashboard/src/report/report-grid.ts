import type { Layout } from "@tidemark/widgets/api";
import { paint } from "@tidemark/widgets/paint";
import { html, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { Client } from "../api/client";
import { PageElement } from "../page-element";
import { titleOf } from "../question/title";
import { icon } from "../shell/icons";
import type { DraftWidget } from "./draft";
import { COLUMNS, type Direction, fitted, placed, sized, stepped } from "./grid";

const ROW_PIXELS = 80;
const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

/** What is asked of a widget. */
export interface WidgetWish {
  readonly key: string;
  readonly wish: "edit" | "duplicate" | "remove";
}

interface Drag {
  readonly key: string;
  readonly how: "move" | "size";
  readonly from: { readonly x: number; readonly y: number };
  readonly start: Layout;
  readonly column: number;
}

/**
 * The widgets of a draft on the grid, each with its answer. A widget is moved and sized by pointer, or with the arrow keys on its
 * handles. Emits `arranged` with the widgets and `wish` with a `WidgetWish`.
 */
export class ReportGrid extends PageElement {
  @property({ attribute: false }) client: Client | null = null;
  @property({ attribute: false }) widgets: readonly DraftWidget[] = [];
  /** Widgets with something wrong, by key. */
  @property({ attribute: false }) wrong: ReadonlyMap<string, string> = new Map();
  @state() private dragged: readonly DraftWidget[] | null = null;
  @state() private said = "";
  #drag: Drag | null = null;

  protected override render(): TemplateResult {
    const shown = this.dragged ?? this.widgets;
    // In the order of the draft, so that no picture is taken from the document while another one moves.
    return html`<p class="unseen" role="status" aria-live="polite">${this.said}</p>
      <div class="canvas ${this.dragged ? "dragging" : ""}">${shown.map((widget) => this.#widget(widget))}</div>`;
  }

  #widget(widget: DraftWidget): TemplateResult {
    const { key, layout } = widget;
    const title = widget.title || titleOf(widget.question);
    const wrong = this.wrong.get(key);
    const wish = (word: WidgetWish["wish"]) => () =>
      this.dispatchEvent(new CustomEvent<WidgetWish>("wish", { detail: { key, wish: word } }));
    return html`<section
      class="place ${this.#drag?.key === key ? "held" : ""} ${wrong ? "wrong-widget" : ""}"
      data-key=${key}
      data-layout=${`${layout.x},${layout.y},${layout.w},${layout.h}`}
      aria-label=${title}
      ${paint({ "--x": String(layout.x), "--y": String(layout.y), "--w": String(layout.w), "--h": String(layout.h) })}
    >
      <answer-preview .client=${this.client} .question=${widget.question} .display=${widget.display} .caption=${title}></answer-preview>
      ${wrong ? html`<p class="wrong badge-wrong">${wrong}</p>` : ""}
      <div class="tools" role="toolbar" aria-label=${`Tools of ${title}`}>
        <button
          type="button"
          class="small handle only-icon"
          aria-label=${`Move ${title}`}
          aria-description="Arrow keys move it"
          title="Drag, or press arrow keys"
          @pointerdown=${(event: PointerEvent) => this.#take(event, widget, "move")}
          @keydown=${(event: KeyboardEvent) => this.#key(event, key, "move")}
        >${icon("move")}</button>
        <button type="button" class="small only-icon" aria-label=${`Edit ${title}`} title="Edit" @click=${wish("edit")}>${icon("edit")}</button>
        <button type="button" class="small only-icon" aria-label=${`Duplicate ${title}`} title="Duplicate" @click=${wish("duplicate")}>${icon("copy")}</button>
        <button type="button" class="small only-icon" aria-label=${`Remove ${title}`} title="Remove" @click=${wish("remove")}>${icon("remove")}</button>
      </div>
      <button
        type="button"
        class="sizer only-icon"
        aria-label=${`Resize ${title}`}
        aria-description="Arrow keys make it larger or smaller"
        title="Drag, or press arrow keys"
        @pointerdown=${(event: PointerEvent) => this.#take(event, widget, "size")}
        @keydown=${(event: KeyboardEvent) => this.#key(event, key, "size")}
      >${icon("resize")}</button>
    </section>`;
  }

  #key(event: KeyboardEvent, key: string, how: Drag["how"]): void {
    const direction = DIRECTIONS[event.key];
    if (!direction || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const change = how === "size" || event.shiftKey ? sized : stepped;
    const next = change(this.widgets, key, direction);
    const layout = next.find((widget) => widget.key === key)?.layout;
    if (!layout) return;
    this.said = `Column ${layout.x + 1}, row ${layout.y + 1}, ${layout.w} wide, ${layout.h} high`;
    this.#arranged(next, `${how} ${key}`);
  }

  #take(event: PointerEvent, widget: DraftWidget, how: Drag["how"]): void {
    const canvas = this.querySelector<HTMLElement>(".canvas");
    if (event.button !== 0 || !canvas) return;
    const handle = event.currentTarget as HTMLElement;
    handle.setPointerCapture(event.pointerId);
    const gap = Number.parseFloat(getComputedStyle(canvas).columnGap) || 0;
    this.#drag = {
      key: widget.key,
      how,
      from: { x: event.pageX, y: event.pageY },
      start: widget.layout,
      column: (canvas.clientWidth + gap) / COLUMNS,
    };
    const move = (moved: PointerEvent) => this.#moveTo(moved.pageX, moved.pageY);
    const end = (ended: PointerEvent) => {
      handle.removeEventListener("pointermove", move);
      handle.removeEventListener("pointerup", end);
      handle.removeEventListener("pointercancel", end);
      const next = this.dragged;
      this.#drag = null;
      this.dragged = null;
      if (next && ended.type === "pointerup") this.#arranged(next, "");
    };
    handle.addEventListener("pointermove", move);
    handle.addEventListener("pointerup", end);
    handle.addEventListener("pointercancel", end);
  }

  #moveTo(x: number, y: number): void {
    const drag = this.#drag;
    if (!drag) return;
    const columns = Math.round((x - drag.from.x) / drag.column);
    const rows = Math.round((y - drag.from.y) / ROW_PIXELS);
    const { start } = drag;
    const wanted =
      drag.how === "move"
        ? { ...start, x: start.x + columns, y: start.y + rows }
        : { ...start, w: Math.min(start.w + columns, COLUMNS - start.x), h: start.h + rows };
    this.dragged = placed(this.widgets, drag.key, fitted(wanted));
  }

  #arranged(widgets: readonly DraftWidget[], about: string): void {
    this.dispatchEvent(new CustomEvent("arranged", { detail: { widgets, about } }));
  }
}
