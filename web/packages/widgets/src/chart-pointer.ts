import { css } from "lit";
import type { ChartCanvas } from "./chart-canvas";

/** What a pointer needs to know of the chart it points into. */
export interface Pointed {
  readonly canvas: ChartCanvas;
  readonly buckets: number;
  readonly describe: (index: number) => HTMLElement;
  /** Somebody clicked a bucket, or pressed Enter on it. */
  readonly choose: (index: number) => void;
}

/** A guide line and a tooltip that follow the mouse, a finger, or the arrow keys from bucket to bucket. */
export class ChartPointer {
  readonly #guide = document.createElement("div");
  readonly #tip = document.createElement("div");
  #pointed: Pointed | null = null;
  #index: number | null = null;

  constructor(private readonly box: HTMLElement) {
    this.#guide.className = "guide";
    this.#tip.className = "tip-place";
    this.#tip.setAttribute("role", "status");
    box.append(this.#guide, this.#tip);
    box.addEventListener("pointermove", this.#move);
    box.addEventListener("pointerdown", this.#move);
    box.addEventListener("pointerleave", this.#leave);
    box.addEventListener("click", this.#choose);
    box.addEventListener("keydown", this.#key);
    box.addEventListener("blur", this.#leave);
    this.#show(null);
  }

  /** Takes a newly drawn chart; an open tooltip shows its new numbers. */
  point(pointed: Pointed): void {
    this.#pointed = pointed;
    if (this.#index !== null) this.#show(Math.min(this.#index, pointed.buckets - 1));
  }

  close(): void {
    this.box.removeEventListener("pointermove", this.#move);
    this.box.removeEventListener("pointerdown", this.#move);
    this.box.removeEventListener("pointerleave", this.#leave);
    this.box.removeEventListener("click", this.#choose);
    this.box.removeEventListener("keydown", this.#key);
    this.box.removeEventListener("blur", this.#leave);
    this.#guide.remove();
    this.#tip.remove();
  }

  readonly #move = (event: PointerEvent) => {
    const pointed = this.#pointed;
    if (!pointed) return;
    const x = event.clientX - this.box.getBoundingClientRect().left;
    this.#show(pointed.canvas.bucketAt(x, pointed.buckets));
  };

  readonly #leave = () => this.#show(null);

  readonly #choose = () => {
    if (this.#index !== null) this.#pointed?.choose(this.#index);
  };

  readonly #key = (event: KeyboardEvent) => {
    if (event.key === "Enter") {
      this.#choose();
      return;
    }
    const last = (this.#pointed?.buckets ?? 0) - 1;
    if (last < 0) return;
    const next: Readonly<Record<string, number | null>> = {
      ArrowLeft: Math.max(0, (this.#index ?? last + 1) - 1),
      ArrowRight: Math.min(last, (this.#index ?? -1) + 1),
      Home: 0,
      End: last,
      Escape: null,
    };
    const index = next[event.key];
    if (index === undefined) return;
    event.preventDefault();
    this.#show(index);
  };

  #show(index: number | null): void {
    const pointed = this.#pointed;
    this.#index = index;
    const shown = index !== null && pointed !== null;
    this.#guide.hidden = !shown;
    this.#tip.hidden = !shown;
    if (!shown) return;
    this.#tip.replaceChildren(pointed.describe(index));
    const x = pointed.canvas.positionOf(index);
    const room = this.box.clientWidth;
    const width = this.#tip.offsetWidth;
    const right = x + 14 + width <= room;
    const left = right ? x + 14 : Math.max(0, Math.min(x - 14 - width, room - width));
    this.#guide.style.transform = `translateX(${Math.round(x)}px)`;
    this.#tip.style.transform = `translate(${Math.round(left)}px, 8px)`;
  }
}

export const pointerSheet = css`
  .guide {
    position: absolute;
    top: 26px;
    bottom: 24px;
    left: 0;
    width: 1px;
    background: var(--_muted);
    opacity: 0.5;
    pointer-events: none;
  }
  .tip-place {
    position: absolute;
    top: 0;
    left: 0;
    z-index: 3;
    max-width: 100%;
    pointer-events: none;
  }
  .guide[hidden],
  .tip-place[hidden] {
    display: none;
  }
`;
