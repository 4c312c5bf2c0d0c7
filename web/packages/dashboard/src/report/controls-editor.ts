import type { Controls } from "@tidemark/widgets/api";
import { propertyName } from "@tidemark/widgets/choices";
import { html, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import type { Catalog } from "../api/catalog";
import { PageElement } from "../page-element";
import { countField, selectField, tickField } from "../question/editor";
import { suggestProperties } from "../question/pickers";
import { NO_CONTROLS } from "./draft";

const LEVELS = [
  ["none", "Nothing"],
  ["events", "Events, without who did them"],
  ["people", "People and their events"],
] as const;

/** What those who see the report elsewhere may choose in it. Emits `edited` with the controls. */
export class ControlsEditor extends PageElement {
  @property({ attribute: false }) controls: Controls = NO_CONTROLS;
  @property({ attribute: false }) catalog: Catalog | null = null;
  /** What the server found wrong, by its path below `controls`. */
  @property({ attribute: false }) wrong: { readonly path: string; readonly message: string } | null = null;

  protected override render(): TemplateResult {
    const { controls } = this;
    return html`<details class="card controls-editor">
      <summary><b>What viewers may choose</b> <span class="soft">${inWords(controls)}</span></summary>
      <div class="fields">
        ${tickField("The period", controls.date_range, (date_range) => this.#edit({ date_range }))}
        ${
          controls.date_range
            ? countField(
                "At most so many days",
                controls.max_days,
                [1, 3660],
                (max_days) => this.#edit({ max_days }),
                this.#wrongAt("max_days"),
              )
            : ""
        }
        ${this.#properties("Split by", "breakdown")} ${this.#properties("Filter by values of", "filters")}
        ${selectField("Behind a number they see", LEVELS, controls.drill_down, (drill_down) =>
          this.#edit({ drill_down }),
        )}
      </div>
      <p class="soft">
        Holds where the report is embedded or shared. Lists and numbers stay within what a token locks; a token can
        take choices away and add none.
      </p>
    </details>`;
  }

  #properties(label: string, member: "breakdown" | "filters"): TemplateResult {
    return html`<pick-box
      many
      .label=${label}
      placeholder="choose properties"
      .wrong=${this.#wrongAt(member)}
      .value=${this.controls[member]}
      .suggest=${suggestProperties(this.catalog, "", false)}
      @picked=${(event: CustomEvent<readonly string[]>) => this.#edit({ [member]: event.detail })}
    ></pick-box>`;
  }

  #wrongAt(member: string): string {
    return this.wrong?.path.startsWith(member) ? this.wrong.message : "";
  }

  #edit(change: Partial<Controls>): void {
    this.dispatchEvent(new CustomEvent("edited", { detail: { ...this.controls, ...change } }));
  }
}

function inWords({ date_range, breakdown, filters, drill_down }: Controls): string {
  const named = (paths: readonly string[]) => paths.map(propertyName).join(", ");
  const parts = [
    ...(date_range ? ["period"] : []),
    ...(breakdown.length > 0 ? [`split by ${named(breakdown)}`] : []),
    ...(filters.length > 0 ? [`filter by ${named(filters)}`] : []),
    ...(drill_down === "none" ? [] : [`see the ${drill_down}`]),
  ];
  return parts.length === 0 ? "nothing" : parts.join("; ");
}
