import type { ReactiveController, ReactiveControllerHost } from "lit";

/** Counts the changes of the colours around an element, so that canvases are painted anew. */
export class LookController implements ReactiveController {
  #count = 0;
  readonly #query = matchMedia("(prefers-color-scheme: dark)");

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  get value(): string {
    return `${this.#count}${this.#query.matches ? "d" : "l"}`;
  }

  refresh(): void {
    this.#count += 1;
  }

  hostConnected(): void {
    this.#query.addEventListener("change", this.#changed);
  }

  hostDisconnected(): void {
    this.#query.removeEventListener("change", this.#changed);
  }

  readonly #changed = () => this.host.requestUpdate();
}
