import { css, type ReactiveController, type ReactiveControllerHost } from "lit";

/** What a tooltip says, and where the arrow keys lead. */
export interface TipSource {
  describe(key: string): HTMLElement | null;
  /** The place that a pressed key leads to: null closes the tooltip, undefined leaves the key to the page. */
  next(current: string | null, pressed: string): string | null | undefined;
  /** Somebody clicked a place, or pressed Enter on it. */
  choose?(key: string): void;
  /** Brings a place onto the screen before its tooltip is shown. */
  reveal?(key: string): Promise<unknown>;
}

/**
 * A tooltip over the elements marked `data-tip` within the `.box` of its host: follows the mouse, a finger, and the arrow
 * keys. What the keys have reached is marked `data-current`.
 */
export class TipLayer implements ReactiveController {
  readonly #place = document.createElement("div");
  #box: HTMLElement | null = null;
  #key: string | null = null;

  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement,
    private readonly source: TipSource,
  ) {
    this.#place.className = "tip-place";
    this.#place.setAttribute("role", "status");
    this.#place.hidden = true;
    host.addController(this);
  }

  hostUpdated(): void {
    const box = this.host.shadowRoot?.querySelector<HTMLElement>(".box") ?? null;
    if (box !== this.#box) this.#move(box);
    if (this.#key !== null) this.#show(this.#key);
  }

  hostDisconnected(): void {
    this.#move(null);
  }

  #move(box: HTMLElement | null): void {
    for (const [type, listener] of this.#listeners) {
      this.#box?.removeEventListener(type, listener);
      box?.addEventListener(type, listener);
    }
    this.#box = box;
    this.#place.remove();
    box?.append(this.#place);
  }

  readonly #over = (event: Event) => {
    const marked = event.target instanceof Element ? event.target.closest("[data-tip]") : null;
    this.#show(marked?.getAttribute("data-tip") ?? null);
  };

  readonly #close = () => this.#show(null);

  readonly #clicked = (event: Event) => {
    const marked = event.target instanceof Element ? event.target.closest("[data-tip]") : null;
    const key = marked?.getAttribute("data-tip");
    if (key) this.source.choose?.(key);
  };

  readonly #pressed = (event: Event) => {
    if (!(event instanceof KeyboardEvent) || event.target !== this.#box) return;
    if (event.key === "Enter") {
      if (this.#key !== null) this.source.choose?.(this.#key);
      return;
    }
    const key = this.source.next(this.#key, event.key);
    if (key === undefined) return;
    event.preventDefault();
    if (key === null) {
      this.#show(null);
      return;
    }
    this.#key = key;
    void Promise.resolve(this.source.reveal?.(key)).then(() => {
      if (this.#key === key) this.#show(key);
    });
  };

  readonly #listeners: readonly (readonly [string, (event: Event) => void])[] = [
    ["pointerover", this.#over],
    ["pointerdown", this.#over],
    ["pointerleave", this.#close],
    ["click", this.#clicked],
    ["blur", this.#close],
    ["keydown", this.#pressed],
  ];

  #show(key: string | null): void {
    const box = this.#box;
    for (const element of box?.querySelectorAll("[data-current]") ?? []) {
      if (element.getAttribute("data-tip") !== key) element.removeAttribute("data-current");
    }
    const marked = key === null ? null : box?.querySelector(`[data-tip="${CSS.escape(key)}"]`);
    const tip = key === null ? null : this.source.describe(key);
    this.#key = marked && tip ? key : null;
    this.#place.hidden = !marked || !tip;
    if (!box || !marked || !tip) return;
    marked.setAttribute("data-current", "");
    this.#place.replaceChildren(tip);
    const around = box.getBoundingClientRect();
    const at = marked.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.#place;
    const right = Math.min(at.right, around.right) - around.left + 8;
    const before = Math.max(at.left, around.left) - around.left - 8 - width;
    const beside = right + width <= around.width ? right : before >= 0 ? before : null;
    const below = at.bottom - around.top + 6;
    const above = at.top - around.top - 6 - height;
    const left = beside ?? Math.max(0, Math.min(at.left - around.left, around.width - width));
    const wanted = beside !== null ? at.top - around.top : below + height <= around.height ? below : above;
    const top = Math.max(0, Math.min(wanted, around.height - height));
    this.#place.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }
}

export const tipLayerSheet = css`
  .box {
    position: relative;
    min-height: 0;
    min-width: 0;
  }
  .box [data-tip] {
    cursor: var(--_drill-cursor, default);
  }
  .box:focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
    border-radius: 4px;
  }
  .tip-place {
    position: absolute;
    top: 0;
    left: 0;
    z-index: 6;
    max-width: 100%;
    pointer-events: none;
  }
  .tip-place[hidden] {
    display: none;
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;
