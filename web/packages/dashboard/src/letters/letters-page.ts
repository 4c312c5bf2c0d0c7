import { html, type PropertyValues, type TemplateResult } from "lit";
import { Page } from "../page-element";
import { defineGovernanceElements } from "../parts/governance-elements";
import { LetterList } from "./letter-list";
import { LetterView } from "./letter-view";

defineGovernanceElements();
customElements.define("letter-list", LetterList);
customElements.define("letter-view", LetterView);

/** What could not become an event: all of it by kind, and one with its payload. */
export class LettersPage extends Page {
  /** The address of the list as it was last narrowed, to come back to. */
  #list = "#/dead-letters";

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("route") && this.route.rest.length === 0) {
      this.#list = `#/dead-letters${this.route.query.size > 0 ? `?${this.route.query}` : ""}`;
    }
  }

  protected override render(): TemplateResult {
    const [id] = this.route.rest;
    return id
      ? html`<letter-view .app=${this.app} .letter=${id} .back=${this.#list}></letter-view>`
      : html`<letter-list .app=${this.app} .query=${this.route.query}></letter-list>`;
  }
}

customElements.define("letters-page", LettersPage);
