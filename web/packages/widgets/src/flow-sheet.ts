import { css } from "lit";

/** The look of streams; lengths come from the layout. */
export const flowSheet = css`
  :host {
    display: block;
    height: 100%;
    min-width: 0;
    min-height: 0;
  }
  .box,
  .scroll {
    height: 100%;
  }
  .scroll {
    overflow: auto;
    scrollbar-width: thin;
  }
  .sheet {
    position: relative;
    width: var(--width);
    height: var(--height);
  }
  svg {
    display: block;
    width: 100%;
    height: 100%;
  }
  .stream {
    fill: var(--_series-1);
    fill-opacity: 0.16;
  }
  .stream.end {
    fill: var(--_other);
  }
  .stream:hover,
  .stream[data-current] {
    fill-opacity: 0.42;
  }
  .node {
    fill: var(--_series-1);
  }
  .node.other {
    fill: var(--_other);
  }
  .node.end {
    fill: url(#ended);
    stroke: var(--_negative);
  }
  .node[data-current] {
    stroke: var(--_text);
    stroke-width: 2;
  }
  .line {
    stroke: var(--_negative);
    stroke-width: 1.5;
  }
  .label,
  .heading {
    position: absolute;
    left: 0;
    top: 0;
    transform: translate(var(--x), var(--y));
    max-width: var(--room);
    font-size: 12px;
    line-height: 16px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .heading {
    color: var(--_muted);
    font-size: 11px;
  }
  .label {
    display: flex;
    gap: 6px;
    border-radius: 4px;
    text-shadow:
      0 0 3px var(--_surface),
      0 0 3px var(--_surface),
      0 0 3px var(--_surface);
  }
  .label.end {
    color: var(--_negative);
  }
  .label[data-current] {
    background: var(--_raised);
  }
  .label span {
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .label b {
    flex: none;
    font-weight: 600;
    font-variant-numeric: tabular-nums;
  }
`;
