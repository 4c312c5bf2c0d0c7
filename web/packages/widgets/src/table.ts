import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import type { Cell, TableColumn, TableData, TrendData } from "./api";
import { displayName, Format, label } from "./format";
import { paint } from "./paint";
import { pointTo } from "./pointing";
import { drawnTrend } from "./trend-lines";

/** A table of breakdowns and measures with its totals, or the buckets of a trend as rows. */
export class TidemarkTable extends LitElement {
  @property({ attribute: false }) data: TableData | null = null;
  @property({ attribute: false }) trend: TrendData | null = null;
  @property() locale = "";
  @property() caption = "";
  /** Whether there is something behind its rows to look at. */
  @property({ type: Boolean }) drill = false;

  static override styles = css`
    :host {
      display: block;
      height: 100%;
      min-height: 0;
      min-width: 0;
    }
    .scroll {
      height: 100%;
      margin: 0 -16px -14px;
      overflow: auto;
      scrollbar-width: thin;
    }
    .scroll:focus-visible {
      outline: 2px solid var(--_accent);
      outline-offset: -2px;
    }
    table {
      width: 100%;
      border-collapse: separate;
      border-spacing: 0;
      font-size: 13px;
    }
    caption {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    th,
    td {
      padding: 7px 8px;
      text-align: left;
      vertical-align: middle;
    }
    th:first-child,
    td:first-child {
      padding-left: 16px;
    }
    th:last-child,
    td:last-child {
      padding-right: 16px;
    }
    thead th {
      position: sticky;
      top: 0;
      z-index: 1;
      background: var(--_surface);
      border-bottom: 1px solid var(--_border);
      color: var(--_muted);
      font-weight: 500;
      max-width: 170px;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    tbody td {
      border-bottom: 1px solid var(--_grid);
    }
    tbody tr:last-child td {
      border-bottom: 0;
    }
    tbody tr:hover td {
      background: var(--_skeleton);
    }
    tfoot td {
      position: sticky;
      bottom: 0;
      background: var(--_surface);
      border-top: 1px solid var(--_border);
      font-weight: 650;
    }
    .number {
      text-align: right;
      font-variant-numeric: tabular-nums;
      white-space: nowrap;
    }
    .name {
      max-width: 0;
      width: 60%;
      min-width: 120px;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .none {
      color: var(--_muted);
    }
    .bar {
      position: relative;
      isolation: isolate;
    }
    .bar::before {
      content: "";
      position: absolute;
      z-index: -1;
      inset: 4px auto 4px 8px;
      width: calc(var(--part) * (100% - 8px));
      border-radius: 5px;
      background: var(--_series-1);
      opacity: 0.12;
    }
    tbody tr {
      cursor: var(--_drill-cursor, default);
    }
    .opens {
      all: unset;
      cursor: inherit;
    }
    .opens:focus-visible {
      outline: 2px solid var(--_accent);
      outline-offset: 2px;
      border-radius: 3px;
    }
    .more {
      margin: 8px 16px 12px;
      color: var(--_muted);
      font-size: 12px;
    }
  `;

  protected override render(): TemplateResult {
    const data = this.data ?? (this.trend ? bucketsAsRows(this.trend, this.locale) : null);
    if (!data) return html``;
    const format = new Format(this.locale || undefined);
    const first = data.columns.findIndex((column) => column.kind === "measure");
    const most = this.data ? Math.max(0, ...data.rows.map((row) => numeric(row[first]))) : 0;
    const totals = alignedTotals(data);
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${this.caption || "Table"}>
      <table>
        <caption>
          ${this.caption}
        </caption>
        <thead>
          <tr>
            ${data.columns.map(
              (column) =>
                html`<th scope="col" class=${side(column)} title=${column.name}>${label(column.name)}</th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${data.rows.map(
            (row, index) => html`<tr @click=${() => this.drill && pointTo(this, { index })}>
              ${data.columns.map((column, at) =>
                cell(
                  column,
                  row[at] ?? null,
                  at === 0 && most > 0 ? numeric(row[first]) / most : 0,
                  format,
                  this.drill && at === 0,
                ),
              )}
            </tr>`,
          )}
        </tbody>
        ${
          totals
            ? html`<tfoot>
                <tr>
                  ${data.columns.map((column, at) =>
                    column.kind === "measure"
                      ? html`<td class="number">${format.inUnit(numericOrNull(totals[at]), column.unit)}</td>`
                      : html`<td>${at === 0 ? "Total" : ""}</td>`,
                  )}
                </tr>
              </tfoot>`
            : nothing
        }
      </table>
      ${
        data.total_rows > data.rows.length
          ? html`<p class="more">
              ${format.number(data.rows.length)} of ${format.number(data.total_rows)} rows are shown.
            </p>`
          : nothing
      }
    </div>`;
  }
}

/** A cell; the first one of a row carries the row's share of the largest as a bar behind its name. */
function cell(
  column: TableColumn,
  value: Cell,
  part: number,
  format: Format,
  opens: boolean,
): TemplateResult {
  if (column.kind === "measure") {
    const text = format.inUnit(numericOrNull(value), column.unit);
    return html`<td class="number">${opens ? opener(text) : text}</td>`;
  }
  const name = displayName(value);
  const none = value === null || value === "$none" || value === "";
  const classes = `name ${none ? "none" : ""} ${part > 0 ? "bar" : ""}`;
  return html`<td class=${classes} title=${name} ${paint({ "--part": String(part) })}>${opens ? opener(name) : name}</td>`;
}

/** The keyboard's way to what is behind a row; the click on it is that on the row. */
function opener(text: string): TemplateResult {
  return html`<button type="button" class="opens" aria-haspopup="dialog">${text}</button>`;
}

function side(column: TableColumn): string {
  return column.kind === "measure" ? "number" : "";
}

function numericOrNull(value: Cell | undefined): number | null {
  return typeof value === "number" ? value : null;
}

function numeric(value: Cell | undefined): number {
  return Math.max(0, numericOrNull(value) ?? 0);
}

/** Totals come one a column or one a measure; either way the result has one a column. */
function alignedTotals(data: TableData): readonly Cell[] | null {
  const { totals, columns } = data;
  if (!totals || totals.length === 0) return null;
  if (totals.length === columns.length) return totals;
  let next = 0;
  return columns.map((column) => (column.kind === "measure" ? (totals[next++] ?? null) : null));
}

function bucketsAsRows(trend: TrendData, locale: string): TableData {
  const format = new Format(locale || undefined);
  const { lines, times } = drawnTrend(trend);
  return {
    columns: [
      { name: trend.interval, kind: "breakdown" },
      ...lines.map((line) => ({
        name: line.name,
        kind: "measure" as const,
        ...(line.unit ? { unit: line.unit } : {}),
      })),
    ],
    rows: times.map((time, at) => [
      format.bucketInFull(time, trend.interval, trend.zone),
      ...lines.map((line) => line.points[at]?.value ?? null),
    ]),
    total_rows: times.length,
  };
}
