import { css, html, type TemplateResult } from "lit";
import { paint } from "./paint";

/** A name in a legend, with its colour as CSS writes it. */
export interface LegendEntry {
  readonly id: string;
  readonly name: string;
  readonly colour: string;
  readonly on: boolean;
  /** Drawn in the background. */
  readonly before?: boolean;
}

/** The names of what is drawn, each a switch. */
export function legend(entries: readonly LegendEntry[], toggle: (id: string) => void): TemplateResult {
  return html`<ul class="legend" aria-label="Legend">
    ${entries.map(
      (entry) => html`<li>
        <button
          type="button"
          title=${entry.name}
          aria-pressed=${entry.on ? "true" : "false"}
          @click=${() => toggle(entry.id)}
        >
          <span class="swatch ${entry.before ? "before" : ""}" ${paint({ "--swatch": entry.colour })}></span>
          <span class="text">${entry.name}</span>
        </button>
      </li>`,
    )}
  </ul>`;
}

export const legendSheet = css`
  .legend {
    display: flex;
    flex: 0 0 auto;
    flex-wrap: wrap;
    gap: 2px 4px;
    margin: 6px -6px 0;
    padding: 0;
    list-style: none;
    max-height: 52px;
    overflow: auto;
    scrollbar-width: thin;
  }
  .legend li {
    display: block;
    min-width: 0;
    max-width: min(220px, calc(50% - 4px));
    padding: 0;
  }
  .legend button {
    all: unset;
    box-sizing: border-box;
    display: flex;
    align-items: center;
    gap: 6px;
    max-width: 100%;
    padding: 2px 6px;
    border-radius: 6px;
    font-size: 12px;
    line-height: 18px;
    color: var(--_muted);
    cursor: pointer;
  }
  .legend button:hover {
    color: var(--_text);
    background: var(--_skeleton);
  }
  .legend button:focus-visible {
    outline: 2px solid var(--_accent);
  }
  .legend button[aria-pressed="false"] {
    opacity: 0.45;
    text-decoration: line-through;
  }
  .legend .swatch {
    flex: none;
    width: 10px;
    height: 10px;
    border-radius: 3px;
    background: var(--swatch);
  }
  .legend .swatch.before {
    height: 3px;
    opacity: 0.5;
  }
  .legend .text {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
`;
