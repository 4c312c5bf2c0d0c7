import { css } from "lit";

/** How the choices of a report look, and the lists that open from them. */
export const controlsSheet = css`
  :host {
    display: block;
    background: none;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  .bar,
  .dates {
    display: flex;
    flex-wrap: wrap;
    align-items: flex-end;
    gap: 8px;
  }
  .field {
    display: grid;
    gap: 3px;
    min-width: 0;
    font-size: 12px;
    color: var(--_muted);
  }
  select,
  input,
  button,
  summary {
    max-width: 100%;
    min-height: 34px;
    padding: 5px 10px;
    border: 1px solid var(--_border);
    border-radius: 8px;
    background: var(--_surface);
    color: var(--_text);
    font: inherit;
    font-size: 13px;
  }
  button,
  summary {
    cursor: pointer;
  }
  button:hover:not(:disabled),
  select:hover,
  summary:hover {
    border-color: var(--_muted);
  }
  button:disabled {
    cursor: default;
    opacity: 0.55;
  }
  :focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 1px;
  }
  .reset {
    border-color: transparent;
    background: none;
    color: var(--_accent);
    font-weight: 600;
  }
  .wrong {
    align-self: center;
    color: var(--_negative);
    font-size: 12px;
  }
  details {
    position: relative;
    max-width: 100%;
  }
  summary {
    display: flex;
    align-items: center;
    gap: 6px;
    list-style: none;
    max-width: 260px;
  }
  summary::-webkit-details-marker {
    display: none;
  }
  summary::after {
    content: "";
    flex: none;
    width: 6px;
    height: 6px;
    margin: -3px 2px 0 2px;
    border: solid var(--_muted);
    border-width: 0 1.5px 1.5px 0;
    transform: rotate(45deg);
  }
  summary .text {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  summary.on {
    border-color: var(--_accent);
  }
  .list {
    position: absolute;
    z-index: 20;
    top: calc(100% + 4px);
    left: 0;
    width: max-content;
    min-width: 200px;
    max-width: min(320px, calc(100vw - 32px));
    padding: 8px;
    border: 1px solid var(--_border);
    border-radius: 10px;
    background: var(--_raised);
    box-shadow: 0 8px 24px rgb(16 24 40 / 16%);
  }
  .list.right {
    right: 0;
    left: auto;
  }
  @container (max-width: 560px) {
    .bar {
      position: relative;
    }
    details {
      position: static;
    }
    .list,
    .list.right {
      right: 0;
      left: 0;
      width: auto;
      max-width: none;
    }
  }
  .list input[type="search"] {
    width: 100%;
    margin-bottom: 6px;
  }
  .values {
    max-height: 216px;
    overflow: auto;
    scrollbar-width: thin;
  }
  .values label {
    display: flex;
    align-items: center;
    gap: 8px;
    padding: 5px 6px;
    border-radius: 6px;
    font-size: 13px;
    color: var(--_text);
    cursor: pointer;
  }
  .values label:hover {
    background: var(--_skeleton);
  }
  .values input {
    flex: none;
    min-height: 0;
    width: 15px;
    height: 15px;
    margin: 0;
    accent-color: var(--_accent);
  }
  .values .text {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .values .count {
    color: var(--_muted);
    font-size: 12px;
    font-variant-numeric: tabular-nums;
  }
  .note {
    margin: 4px 6px;
    color: var(--_muted);
    font-size: 12px;
  }
`;
