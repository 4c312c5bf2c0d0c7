import { css } from "lit";
import type { Interval } from "./api";
import { type ChartColours, lineColour } from "./chart-option";
import type { Format } from "./format";
import type { DrawnTrend } from "./trend-lines";

const MOST_ROWS = 12;

export interface TooltipInput {
  readonly trend: DrawnTrend;
  readonly index: number;
  readonly hidden: ReadonlySet<string>;
  readonly interval: Interval;
  readonly zone: string;
  readonly colours: ChartColours;
  readonly format: Format;
}

/** What the tooltip of one bucket says, largest value first. Built as nodes: names come from events and are never markup. */
export function chartTooltip(input: TooltipInput): HTMLElement {
  const { trend, index, format, interval, zone } = input;
  const box = node("div", "tip");
  const time = trend.times[index];
  const heading = node("div", "tip-head", time ? format.bucketInFull(time, interval, zone) : "");
  if (index >= trend.partialFrom) heading.append(node("span", "tip-note", "so far"));
  box.append(heading);
  const rows = trend.lines
    .filter((line) => !input.hidden.has(line.id))
    .map((line) => ({ line, value: line.points[index]?.value ?? null }))
    .sort((a, b) => Number(a.line.compare) - Number(b.line.compare) || (b.value ?? 0) - (a.value ?? 0));
  for (const { line, value } of rows.slice(0, MOST_ROWS)) {
    const row = node("div", line.compare ? "tip-row tip-before" : "tip-row");
    const swatch = node("span", "tip-swatch");
    swatch.style.backgroundColor = lineColour(line, input.colours);
    const before = line.points[index]?.compared_time;
    const name = before ? `${line.name} ${format.bucket(before, interval, zone)}` : line.name;
    row.append(swatch, node("span", "tip-name", name), node("span", "tip-value", format.number(value)));
    box.append(row);
  }
  if (rows.length > MOST_ROWS) box.append(node("div", "tip-note", `and ${rows.length - MOST_ROWS} more`));
  if (trend.additive && input.hidden.size === 0) {
    const total = rows.reduce((sum, row) => sum + (row.line.compare ? 0 : (row.value ?? 0)), 0);
    const row = node("div", "tip-row tip-total");
    row.append(node("span", "tip-name", "Total"), node("span", "tip-value", format.number(total)));
    box.append(row);
  }
  return box;
}

function node(tag: string, className: string, text = ""): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

export const tooltipSheet = css`
  .tip {
    min-width: 150px;
    max-width: min(320px, 78vw);
    padding: 9px 12px;
    border: 1px solid var(--_border);
    border-radius: 10px;
    background: var(--_raised);
    box-shadow: 0 8px 24px rgb(10 18 36 / 16%);
    color: var(--_text);
    font: 12px/1.5 var(--_font);
    white-space: normal;
    pointer-events: none;
  }
  .tip-head {
    margin-bottom: 4px;
    font-weight: 600;
  }
  .tip-note {
    margin-left: 6px;
    color: var(--_muted);
    font-weight: 400;
  }
  .tip-row {
    display: flex;
    align-items: baseline;
    gap: 8px;
  }
  .tip-before {
    color: var(--_muted);
  }
  .tip-before .tip-swatch {
    opacity: 0.5;
  }
  .tip-swatch {
    flex: none;
    width: 8px;
    height: 8px;
    border-radius: 2px;
  }
  .tip-name {
    flex: 1 1 auto;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .tip-value {
    flex: none;
    font-weight: 600;
    font-variant-numeric: tabular-nums;
  }
  .tip-total {
    margin-top: 4px;
    padding-top: 4px;
    border-top: 1px solid var(--_border);
  }
`;
