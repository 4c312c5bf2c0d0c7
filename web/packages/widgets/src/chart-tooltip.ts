import { css } from "lit";
import { type ChartColours, lineColour } from "./chart-option";
import type { Plot } from "./plot";
import type { DrawnLine } from "./trend-lines";

const MOST_ROWS = 12;

export interface TooltipInput {
  readonly plot: Plot;
  readonly index: number;
  readonly hidden: ReadonlySet<string>;
  readonly colours: ChartColours;
}

/** What the tooltip of one bucket says, largest value first. Built as nodes: names come from events and are never markup. */
export function chartTooltip(input: TooltipInput): HTMLElement {
  const { plot, index } = input;
  const box = node("div", "tip");
  const heading = node("div", "tip-head", plot.heading(index));
  const unfinished = (line: DrawnLine) =>
    !line.compare && index >= line.partialFrom && index < line.points.length;
  if (plot.lines.some(unfinished)) heading.append(node("span", "tip-note", "so far"));
  box.append(heading);
  const rows = plot.lines
    .filter((line) => !input.hidden.has(line.id))
    .map((line) => ({ line, value: line.points[index]?.value ?? null }))
    .filter(({ line }) => index < line.points.length)
    .sort((a, b) => Number(a.line.compare) - Number(b.line.compare) || (b.value ?? 0) - (a.value ?? 0));
  for (const { line, value } of rows.slice(0, MOST_ROWS)) {
    const row = node("div", line.compare ? "tip-row tip-before" : "tip-row");
    const swatch = node("span", "tip-swatch");
    swatch.style.backgroundColor = lineColour(line, input.colours);
    const before = line.points[index]?.compared_time;
    const name = before && plot.comparedWith ? `${line.name} ${plot.comparedWith(before)}` : line.name;
    row.append(swatch, node("span", "tip-name", name), node("span", "tip-value", plot.value(value)));
    box.append(row);
  }
  if (rows.length > MOST_ROWS) box.append(node("div", "tip-note", `and ${rows.length - MOST_ROWS} more`));
  if (plot.additive && input.hidden.size === 0) {
    const total = rows.reduce((sum, row) => sum + (row.line.compare ? 0 : (row.value ?? 0)), 0);
    box.append(tipRow("Total", plot.value(total), "tip-total"));
  }
  for (const [name, value] of plot.details?.(index) ?? []) box.append(tipRow(name, value));
  return box;
}

/** A row of a tooltip: a name and its value. */
export function tipRow(name: string, value: string, className = ""): HTMLElement {
  const row = node("div", `tip-row ${className}`);
  row.append(node("span", "tip-name", name), node("span", "tip-value", value));
  return row;
}

/** A tooltip of rows below a heading, with a note beside it. */
export function tip(
  heading: string,
  rows: readonly (readonly [string, string])[],
  note: string | null = null,
): HTMLElement {
  const box = node("div", "tip");
  const head = node("div", "tip-head", heading);
  if (note) head.append(node("span", "tip-note", note));
  box.append(head, ...rows.map(([name, value]) => tipRow(name, value)));
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
    max-height: 4.5em;
    font-weight: 600;
    overflow: hidden;
    overflow-wrap: anywhere;
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
