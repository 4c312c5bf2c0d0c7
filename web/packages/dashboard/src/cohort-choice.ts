import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { Catalog, StoredCohort } from "./catalog";
import { PageElement } from "./page-element";

/** The stored cohorts to compare, where the server has any. Emits `chosen` with their ids. */
export class CohortChoice extends PageElement {
  @property({ attribute: false }) catalog: Catalog | null = null;
  @property({ attribute: false }) value: readonly string[] = [];
  @state() private cohorts: readonly StoredCohort[] = [];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("catalog")) {
      void this.catalog?.cohorts().then((cohorts) => {
        this.cohorts = cohorts;
      });
    }
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.cohorts.length === 0) return nothing;
    return html`<fieldset>
      <legend>Rows are</legend>
      ${this.cohorts.map(
        (cohort) => html`<label class="tick" title=${cohort.name}>
          <input
            type="checkbox"
            .checked=${this.value.includes(cohort.id)}
            @change=${(event: Event) => this.#tick(cohort.id, (event.target as HTMLInputElement).checked)}
          />
          <span>${cohort.name}</span>
        </label>`,
      )}
      <span class="soft">${this.value.length > 0 ? "" : "none of them: each start period is a row"}</span>
    </fieldset>`;
  }

  #tick(id: string, on: boolean): void {
    const value = on ? [...this.value, id] : this.value.filter((other) => other !== id);
    this.dispatchEvent(new CustomEvent<readonly string[]>("chosen", { detail: value }));
  }
}
