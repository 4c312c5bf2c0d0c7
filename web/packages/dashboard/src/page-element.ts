import { LitElement } from "lit";

/** An element of the start page: drawn into the page itself, with the page's own style sheet. */
export abstract class PageElement extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}

/** Runs a task now and every `millis` while the page is looked at; the returned function ends it. */
export function whileVisible(millis: number, task: () => void): () => void {
  const run = () => {
    if (document.visibilityState !== "hidden") task();
  };
  const timer = setInterval(run, millis);
  document.addEventListener("visibilitychange", run);
  run();
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", run);
  };
}
