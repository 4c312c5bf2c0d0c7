import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { Catalog, StoredCohort } from "./catalog";
import { PageElement } from "./page-element";

/** Whom a question is about: everyone, or the members of a stored cohort. Emits `chosen` with its id, empty for everyone. */
export class AmongChoice extends PageElement {
  @property({ attribute: false }) catalog: Catalog | null = null;
  @property({ attribute: false }) value = "";
  @state() private cohorts: readonly StoredCohort[] = [];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("catalog")) return;
    void this.catalog?.cohorts().then((cohorts) => {
      this.cohorts = cohorts;
    });
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.cohorts.length === 0) return nothing;
    return html`<label class="among">
      <span class="label">Among</span>
      <select @change=${this.#changed}>
        <option value="" ?selected=${this.value === ""}>everyone</option>
        ${this.cohorts.map(
          ({ id, name }) => html`<option value=${id} ?selected=${id === this.value}>${name}</option>`,
        )}
      </select>
    </label>`;
  }

  readonly #changed = (event: Event) => {
    const { value } = event.target as HTMLSelectElement;
    this.dispatchEvent(new CustomEvent<string>("chosen", { detail: value }));
  };
}
