import { css } from "lit";

/** The look of a shaded grid. The sizes of its cells are known to the element, which draws what is in view alone. */
export const gridSheet = css`
  :host {
    display: flex;
    flex-direction: column;
    height: 100%;
    min-width: 0;
    min-height: 0;
    container-type: inline-size;
    --name: 104px;
    --size: 66px;
  }
  .tools {
    flex: none;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 12px;
    margin-bottom: 8px;
    color: var(--_muted);
    font-size: 12px;
  }
  .switch {
    display: inline-flex;
    padding: 2px;
    border: 1px solid var(--_border);
    border-radius: 8px;
  }
  .switch button {
    all: unset;
    padding: 1px 9px;
    border-radius: 6px;
    cursor: pointer;
  }
  .switch button[aria-pressed="true"] {
    background: var(--_skeleton);
    color: var(--_text);
  }
  :is(.switch button, select):focus-visible {
    outline: 2px solid var(--_accent);
  }
  .tools label {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    min-width: 0;
    max-width: 100%;
  }
  select {
    min-width: 0;
    max-width: 200px;
    height: 26px;
    padding: 0 6px;
    border: 1px solid var(--_border);
    border-radius: 8px;
    background: var(--_surface);
    color: var(--_text);
    font: inherit;
    text-overflow: ellipsis;
  }
  .scale {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    margin-left: auto;
    font-variant-numeric: tabular-nums;
  }
  .ramp {
    width: 64px;
    height: 9px;
    border-radius: 3px;
    background: linear-gradient(
      90deg,
      color-mix(in srgb, var(--_series-1) 4%, transparent),
      color-mix(in srgb, var(--_series-1) 60%, transparent)
    );
  }
  .hatch {
    width: 14px;
    height: 9px;
    margin-left: 6px;
    border-radius: 3px;
    background: var(--_skeleton);
  }
  .box {
    flex: 1 1 auto;
    margin: 0 -16px -14px;
  }
  .box:focus-visible {
    outline: none;
  }
  .box:focus-visible::after {
    content: "";
    position: absolute;
    inset: 0 1px 1px;
    z-index: 5;
    border: 2px solid var(--_accent);
    border-radius: 0 0 var(--_radius) var(--_radius);
    pointer-events: none;
  }
  .scroll {
    height: 100%;
    overflow: auto;
    scrollbar-width: thin;
  }
  table {
    table-layout: fixed;
    width: 100%;
    min-width: calc(var(--name) + var(--size) + var(--columns) * 64px + 16px);
    border-collapse: separate;
    border-spacing: 0;
    font-size: 12px;
    font-variant-numeric: tabular-nums;
  }
  .windowed table {
    width: calc(var(--name) + var(--size) + var(--columns) * 64px + 16px);
  }
  col.name {
    width: calc(var(--name) + 16px);
  }
  col.size {
    width: var(--size);
  }
  th,
  td {
    height: 32px;
    padding: 0 6px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    text-align: center;
    font-weight: 400;
  }
  thead {
    position: sticky;
    top: 0;
    z-index: 2;
  }
  thead th,
  thead td {
    background: var(--_surface);
    border-bottom: 1px solid var(--_border);
    color: var(--_muted);
    font-weight: 500;
  }
  thead .average > * {
    color: var(--_text);
    font-weight: 650;
  }
  th.name {
    position: sticky;
    left: 0;
    z-index: 1;
    padding-left: 16px;
    background: var(--_surface);
    text-align: left;
  }
  .size {
    padding-right: 10px;
    color: var(--_muted);
    text-align: right;
  }
  td.cell {
    border: 1px solid var(--_surface);
    border-width: 0 2px 2px 0;
    background-color: color-mix(in srgb, var(--_series-1) calc(var(--shade) * 56% + 4%), var(--_surface));
    background-clip: padding-box;
    border-radius: 5px;
  }
  thead td.cell {
    border-bottom: 1px solid var(--_border);
    border-radius: 0;
  }
  td.partial,
  .hatch {
    background-image: repeating-linear-gradient(
      135deg,
      color-mix(in srgb, var(--_text) 16%, transparent) 0 1px,
      transparent 1px 5px
    );
  }
  td.partial {
    font-style: italic;
  }
  td[data-current] {
    box-shadow: inset 0 0 0 2px var(--_text);
  }
  tr.space td {
    height: calc(var(--rows) * 32px);
    padding: 0;
  }
  @container (max-width: 460px) {
    :host,
    .scroll {
      --name: 78px;
      --size: 54px;
    }
    .scale {
      margin-left: 0;
    }
  }
`;
