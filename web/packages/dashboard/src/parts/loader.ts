import type { ReactiveController, ReactiveControllerHost, TemplateResult } from "lit";
import { failedState, loadingState } from "./states";

type State<T> =
  | { readonly kind: "loading" }
  | { readonly kind: "ready"; readonly value: T }
  | { readonly kind: "failed"; readonly cause: unknown };

/** Something that a page fetches, in the state it is in. What is fetched again stays in view meanwhile. */
export class Loader<T> implements ReactiveController {
  #state: State<T> = { kind: "loading" };
  #asked = 0;
  #load: (() => Promise<T>) | null = null;

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  hostConnected(): void {}

  get value(): T | null {
    return this.#state.kind === "ready" ? this.#state.value : null;
  }

  /** Shows a value that was made here, without fetching. */
  put(value: T): void {
    this.#asked += 1;
    this.#become({ kind: "ready", value });
  }

  /** Fetches something else: what was there goes. */
  load(load: () => Promise<T>): void {
    this.#load = load;
    this.#become({ kind: "loading" });
    void this.refresh();
  }

  /** Fetches the same again. A failure takes the place of nothing that is in view. */
  async refresh(): Promise<void> {
    const load = this.#load;
    if (!load) return;
    this.#asked += 1;
    const asked = this.#asked;
    try {
      const value = await load();
      if (asked === this.#asked) this.#become({ kind: "ready", value });
    } catch (cause) {
      if (asked === this.#asked && this.#state.kind !== "ready") this.#become({ kind: "failed", cause });
    }
  }

  view(ready: (value: T) => TemplateResult): TemplateResult {
    switch (this.#state.kind) {
      case "loading":
        return loadingState();
      case "failed":
        return failedState(this.#state.cause, () => {
          if (this.#load) this.load(this.#load);
        });
      case "ready":
        return ready(this.#state.value);
    }
  }

  #become(state: State<T>): void {
    this.#state = state;
    this.host.requestUpdate();
  }
}
