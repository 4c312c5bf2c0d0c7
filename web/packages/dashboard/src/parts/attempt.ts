import type { ReactiveController, ReactiveControllerHost } from "lit";
import { sentenceOf } from "../api/client";

/** What an element does at somebody's wish: whether it is under way, and why the last one failed. */
export class Attempt implements ReactiveController {
  #busy = false;
  #failed = "";

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  hostConnected(): void {}

  get busy(): boolean {
    return this.#busy;
  }

  /** A sentence for people; empty where nothing failed. */
  get failed(): string {
    return this.#failed;
  }

  /** Does it. A failure is not thrown but said in `failed`, until something succeeds. */
  async make(task: () => Promise<void>): Promise<void> {
    this.#become(true, this.#failed);
    let failed = "";
    try {
      await task();
    } catch (cause) {
      failed = sentenceOf(cause);
    }
    this.#become(false, failed);
  }

  /** Says no more why the last one failed. */
  forget(): void {
    this.#become(this.#busy, "");
  }

  #become(busy: boolean, failed: string): void {
    this.#busy = busy;
    this.#failed = failed;
    this.host.requestUpdate();
  }
}
