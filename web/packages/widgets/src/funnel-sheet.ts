import { css } from "lit";

/** The look of a funnel: columns where there is room, else rows. */
export const funnelSheet = css`
  :host {
    display: flex;
    flex-direction: column;
    height: 100%;
    min-width: 0;
    min-height: 0;
    container-type: inline-size;
  }
  .headline {
    flex: none;
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 10px;
    margin: 0 0 8px;
    color: var(--_muted);
    font-size: 12px;
  }
  .headline b {
    color: var(--_text);
    font-size: 22px;
    font-weight: 650;
    letter-spacing: -0.02em;
    font-variant-numeric: tabular-nums;
  }
  .box {
    flex: 1 1 auto;
  }
  .scroll {
    height: 100%;
    overflow: auto;
    scrollbar-width: thin;
  }
  ol {
    display: grid;
    grid-auto-flow: column;
    grid-auto-columns: minmax(0, 1fr);
    grid-template-rows: auto minmax(56px, 1fr) auto;
    width: max(100%, calc(var(--steps) * 104px));
    height: 100%;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    display: grid;
    grid-row: 1 / -1;
    grid-template-rows: subgrid;
    min-width: 0;
    padding: 4px 6px;
    border-radius: 8px;
    row-gap: 6px;
  }
  li[data-current] {
    background: var(--_skeleton);
  }
  .name {
    display: flex;
    align-items: baseline;
    gap: 6px;
    min-width: 0;
    font-size: 12px;
    font-weight: 550;
  }
  .order {
    flex: none;
    min-width: 17px;
    padding: 0 4px;
    border-radius: 99px;
    background: var(--_skeleton);
    color: var(--_muted);
    font-size: 11px;
    text-align: center;
    font-variant-numeric: tabular-nums;
  }
  li[data-current] .order {
    background: var(--_surface);
  }
  .text {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .bars {
    display: flex;
    align-items: stretch;
    gap: 3px;
    min-height: 0;
    border-bottom: 1px solid var(--_border);
  }
  .bar {
    position: relative;
    flex: 1 1 0;
    max-width: 110px;
  }
  .bar::before,
  .bar::after {
    content: "";
    position: absolute;
    inset: auto 0 0;
    border-radius: 4px 4px 0 0;
    transition:
      height 0.35s,
      width 0.35s;
  }
  .bar::before {
    height: calc(var(--before) * 100%);
    background: repeating-linear-gradient(
      135deg,
      var(--colour) 0 1px,
      transparent 1px 6px
    );
    opacity: 0.4;
  }
  .bar::after {
    height: max(2px, calc(var(--part) * 100%));
    background: var(--colour);
  }
  .facts {
    display: flex;
    flex-direction: column;
    min-width: 0;
    font-size: 12px;
    line-height: 1.45;
    color: var(--_muted);
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .facts b {
    color: var(--_text);
    font-size: 14px;
    font-weight: 650;
  }
  .fall {
    color: var(--_negative);
  }
  @container (max-width: 460px) {
    ol {
      display: block;
      width: auto;
      height: auto;
    }
    li {
      display: block;
      padding: 4px;
    }
    .bars {
      flex-direction: column;
      border-bottom: 0;
      margin: 3px 0;
    }
    .bar {
      flex: none;
      height: 12px;
      max-width: none;
    }
    .bar::before,
    .bar::after {
      inset: 0 auto 0 0;
      border-radius: 0 4px 4px 0;
      height: auto;
    }
    .bar::before {
      width: calc(var(--before) * 100%);
    }
    .bar::after {
      width: max(2px, calc(var(--part) * 100%));
    }
    .facts {
      flex-flow: row wrap;
      align-items: baseline;
      gap: 0 10px;
    }
  }
  @container (min-width: 380px) and (max-width: 460px) {
    li {
      display: grid;
      grid-template: auto auto / minmax(0, 1fr) auto;
      gap: 0 12px;
      align-items: baseline;
    }
    .bars {
      grid-area: 2 / 1 / 3 / 3;
    }
    .facts {
      flex-wrap: nowrap;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .bar::before,
    .bar::after {
      transition: none;
    }
  }
`;
