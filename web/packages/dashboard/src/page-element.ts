import { LitElement } from "lit";
import { property } from "lit/decorators.js";
import type { App } from "./app";
import type { Route } from "./shell/route";

/** An element of the dashboard: drawn into the page itself, with the page's own style sheet. */
export abstract class PageElement extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}

/** A page of the dashboard, at an address. */
export abstract class Page extends PageElement {
  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) route!: Route;
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
