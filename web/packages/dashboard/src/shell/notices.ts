import { html, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { PageElement } from "../page-element";

/** A sentence at the edge of the page that goes by itself. */
export interface Notice {
  readonly text: string;
  readonly bad?: boolean;
  /** A button beside it, as in Undo. */
  readonly action?: { readonly label: string; readonly run: () => void };
  /** Runs when the notice goes without its action having been chosen, also when the page is left. */
  readonly unless?: (leaving: boolean) => void;
}

const PLAIN_MILLIS = 4_000;
const WITH_ACTION_MILLIS = 8_000;

/** The notices of the moment, announced as they come. One that is pointed at or focused stays. */
export class NoticeBoard extends PageElement {
  @state() private notices: readonly Notice[] = [];
  readonly #timers = new Map<Notice, ReturnType<typeof setTimeout>>();

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("pagehide", this.#leave);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("pagehide", this.#leave);
  }

  show(notice: Notice): void {
    this.notices = [...this.notices, notice];
    this.#count(notice);
  }

  protected override render(): TemplateResult {
    return html`<div class="notices" role="status" aria-live="polite">
      ${this.notices.map(
        (notice) => html`<div
          class="notice ${notice.bad ? "bad" : ""}"
          @pointerenter=${() => this.#hold(notice)}
          @pointerleave=${() => this.#count(notice)}
          @focusin=${() => this.#hold(notice)}
          @focusout=${() => this.#count(notice)}
        >
          <span>${notice.text}</span>
          ${
            notice.action
              ? html`<button type="button" class="small" @click=${() => this.#act(notice)}>${notice.action.label}</button>`
              : ""
          }
        </div>`,
      )}
    </div>`;
  }

  #count(notice: Notice): void {
    this.#hold(notice);
    const millis = notice.action ? WITH_ACTION_MILLIS : PLAIN_MILLIS;
    this.#timers.set(
      notice,
      setTimeout(() => this.#expire(notice, false), millis),
    );
  }

  #hold(notice: Notice): void {
    clearTimeout(this.#timers.get(notice));
  }

  #act(notice: Notice): void {
    this.#drop(notice);
    notice.action?.run();
  }

  #expire(notice: Notice, leaving: boolean): void {
    if (!this.notices.includes(notice)) return;
    this.#drop(notice);
    notice.unless?.(leaving);
  }

  #drop(notice: Notice): void {
    this.#hold(notice);
    this.#timers.delete(notice);
    this.notices = this.notices.filter((other) => other !== notice);
  }

  readonly #leave = () => {
    for (const notice of this.notices) this.#expire(notice, true);
  };
}
