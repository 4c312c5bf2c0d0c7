import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import type { CohortData, RetentionData } from "./analysis-api";
import { tip, tooltipSheet } from "./chart-tooltip";
import { displayName, Format } from "./format";
import { cohortPicture, type GridMode, type GridPicture, retentionPicture } from "./grid-picture";
import { gridSheet } from "./grid-sheet";
import { type Span, sameSpan, spanOf } from "./grid-window";
import { paint } from "./paint";
import { pointTo } from "./pointing";
import { TipLayer, tipLayerSheet } from "./tip-layer";

const CELL_WIDTH = 64;
const CELL_HEIGHT = 32;
/** Above this many cells only those in view are in the document. */
const DRAWN_WHOLE = 2000;

/** Cohorts by periods, each cell shaded by its value: of a retention, or of a cohort report. */
export class TidemarkGrid extends LitElement {
  @property({ attribute: false }) retention: RetentionData | null = null;
  @property({ attribute: false }) cohorts: CohortData | null = null;
  @property({ attribute: false }) name = "";
  @property() locale = "";
  @state() private mode: GridMode = "percent";
  @state() private group = "";
  @state() private across: Span = { from: 0, to: 0 };
  @state() private down: Span = { from: 0, to: 0 };
  @query(".scroll") private readonly scroller!: HTMLElement | null;
  #picture: GridPicture | null = null;
  readonly #resize = new ResizeObserver(() => this.#look());

  constructor() {
    super();
    new TipLayer(this, {
      describe: (key) => this.#describe(key),
      next: (current, pressed) => this.#next(current, pressed),
      choose: (key) => {
        const [index = 0, column = 0] = key.split(":").map(Number);
        pointTo(this, { index, column, group: this.group });
      },
      reveal: (key) => this.#reveal(key),
    });
  }

  static override styles = [tooltipSheet, tipLayerSheet, gridSheet];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize.disconnect();
  }

  protected override willUpdate(changed: PropertyValues): void {
    const parts = ["retention", "cohorts", "locale", "mode", "group"];
    if (parts.some((part) => changed.has(part))) this.#picture = this.#draw();
  }

  protected override updated(): void {
    if (!this.scroller) return;
    this.#resize.observe(this.scroller);
    this.#look();
  }

  protected override render(): TemplateResult | typeof nothing {
    const picture = this.#picture;
    if (!picture) return nothing;
    const format = new Format(this.locale || undefined);
    const windowed = this.#windowed(picture);
    const head = picture.rows[0]?.average ? 1 : 0;
    const all = { from: 0, to: picture.columns.length };
    const across = windowed ? this.across : all;
    const down = windowed ? this.down : { from: 0, to: picture.rows.length - head };
    const below = picture.rows.length - head - down.to;
    return html`
      ${this.#tools(picture)}
      <div
        class="box"
        tabindex="0"
        role="region"
        aria-label=${`${this.name}: ${picture.rows.length - head} rows, ${picture.columns.length} periods; the arrow keys go from cell to cell`}
      >
        <div
          class="scroll ${windowed ? "windowed" : ""}"
          @scroll=${this.#look}
          ${paint({ "--columns": String(picture.columns.length) })}
        >
          <table aria-rowcount=${picture.rows.length + 1} aria-colcount=${picture.columns.length + 2}>
            <colgroup>
              <col class="name" />
              <col class="size" />
              <col class="cell" span=${Math.max(1, picture.columns.length)} />
            </colgroup>
            <thead>
              <tr>
                <th scope="col" class="name">${picture.corner}</th>
                <th scope="col" class="size">People</th>
                ${spacer(across.from)}
                ${picture.columns
                  .slice(across.from, across.to)
                  .map(
                    (name, at) => html`<th scope="col" aria-colindex=${across.from + at + 3}>${name}</th>`,
                  )}
                ${spacer(picture.columns.length - across.to)}
              </tr>
              ${head === 1 ? this.#row(picture, 0, across, format) : nothing}
            </thead>
            <tbody>
              ${gap(down.from)}
              ${Array.from({ length: down.to - down.from }, (_, at) =>
                this.#row(picture, down.from + at + head, across, format),
              )}
              ${gap(below)}
            </tbody>
          </table>
        </div>
      </div>
    `;
  }

  #tools(picture: GridPicture): TemplateResult {
    const groups = this.retention?.groups ?? [];
    return html`<div class="tools">
      ${
        this.retention
          ? html`<div class="switch" role="group" aria-label="Cells show">
              ${(["percent", "count"] as const).map(
                (mode) => html`<button
                  type="button"
                  aria-pressed=${mode === this.mode ? "true" : "false"}
                  @click=${() => {
                    this.mode = mode;
                  }}
                >${mode === "percent" ? "Percent" : "Count"}</button>`,
              )}
            </div>`
          : nothing
      }
      ${
        groups.length > 0
          ? html`<label
              >Group
              <select
                @change=${(event: Event) => {
                  this.group = (event.target as HTMLSelectElement).value;
                }}
              >
                <option value="" ?selected=${this.group === ""}>Everyone</option>
                ${groups.map(
                  (group, at) =>
                    html`<option value=${at} ?selected=${this.group === String(at)}>${displayName(group.value)}</option>`,
                )}
              </select></label
            >`
          : nothing
      }
      <span class="scale" aria-hidden="true"
        >${picture.scale[0]}<span class="ramp"></span>${picture.scale[1]}<span class="hatch"></span>so far</span
      >
    </div>`;
  }

  #row(picture: GridPicture, at: number, across: Span, format: Format): TemplateResult {
    const row = picture.rows[at];
    if (!row) return html``;
    const cells = Array.from({ length: across.to - across.from }, (_, offset) => {
      const column = across.from + offset;
      const cell = picture.cell(at, column);
      return cell
        ? html`<td
            class="cell ${cell.partial ? "partial" : ""}"
            data-tip="${at}:${column}"
            ${paint({ "--shade": cell.shade.toFixed(3) })}
          >
            ${cell.text}${cell.partial ? html`<span class="unseen">, so far</span>` : nothing}
          </td>`
        : html`<td></td>`;
    });
    return html`<tr class=${row.average ? "average" : ""} aria-rowindex=${at + 2}>
      <th scope="row" class="name" title=${row.inFull}>${row.name}</th>
      <td class="size" title=${format.number(row.size)}>${format.compact(row.size)}</td>
      ${spacer(across.from)}${cells}${spacer(picture.columns.length - across.to)}
    </tr>`;
  }

  #draw(): GridPicture | null {
    const format = new Format(this.locale || undefined);
    const { retention, cohorts } = this;
    if (retention) {
      const chosen = this.group === "" ? undefined : retention.groups?.[Number(this.group)];
      return retentionPicture(retention, chosen ?? retention, this.mode, format);
    }
    return cohorts ? cohortPicture(cohorts, format) : null;
  }

  #windowed(picture: GridPicture): boolean {
    return picture.rows.length * picture.columns.length > DRAWN_WHOLE;
  }

  /** Notes which cells are in view. */
  readonly #look = () => {
    const { scroller } = this;
    const picture = this.#picture;
    if (!scroller || !picture || !this.#windowed(picture)) return;
    const columns = picture.columns.length;
    const across = spanOf(scroller.scrollLeft, scroller.clientWidth, CELL_WIDTH, columns);
    const down = spanOf(scroller.scrollTop, scroller.clientHeight, CELL_HEIGHT, picture.rows.length - 1);
    if (!sameSpan(across, this.across)) this.across = across;
    if (!sameSpan(down, this.down)) this.down = down;
  };

  #next(current: string | null, pressed: string): string | null | undefined {
    const picture = this.#picture;
    if (!picture) return undefined;
    const [row = 0, column = 0] = current === null ? [] : current.split(":").map(Number);
    const lastRow = picture.rows.length - 1;
    const lastColumn = picture.columns.length - 1;
    const to = (r: number, c: number) => {
      const y = Math.max(0, Math.min(lastRow, r));
      const x = Math.max(0, Math.min(lastColumn, c));
      return picture.cell(y, x) ? `${y}:${x}` : (current ?? undefined);
    };
    if (current === null && pressed.startsWith("Arrow")) return to(0, 0);
    switch (pressed) {
      case "ArrowRight":
        return to(row, column + 1);
      case "ArrowLeft":
        return to(row, column - 1);
      case "ArrowDown":
        return to(row + 1, column);
      case "ArrowUp":
        return to(row - 1, column);
      case "Home":
        return to(row, 0);
      case "End": {
        let last = lastColumn;
        while (last > 0 && !picture.cell(row, last)) last -= 1;
        return to(row, last);
      }
      case "Escape":
        return null;
      default:
        return undefined;
    }
  }

  async #reveal(key: string): Promise<void> {
    const { scroller } = this;
    const [row = 0, column = 0] = key.split(":").map(Number);
    if (!scroller) return;
    const head = scroller.querySelector("thead")?.offsetHeight ?? 0;
    const side = scroller.querySelector<HTMLElement>("th.name")?.offsetWidth ?? 0;
    const table = scroller.querySelector("table");
    const columns = this.#picture?.columns.length ?? 1;
    const before = side + (scroller.querySelector<HTMLElement>("th.size")?.offsetWidth ?? 0);
    const width = ((table?.offsetWidth ?? 0) - before) / columns;
    const left = before + column * width;
    if (left - side < scroller.scrollLeft) scroller.scrollLeft = left - side;
    else if (left + width > scroller.scrollLeft + scroller.clientWidth) {
      scroller.scrollLeft = left + width - scroller.clientWidth;
    }
    const first = this.#picture?.rows[0]?.average ? 1 : 0;
    if (row >= first) {
      const top = (row - first) * CELL_HEIGHT;
      if (top < scroller.scrollTop) scroller.scrollTop = top;
      else if (top + CELL_HEIGHT + head > scroller.scrollTop + scroller.clientHeight) {
        scroller.scrollTop = top + CELL_HEIGHT + head - scroller.clientHeight;
      }
    }
    this.#look();
    await this.updateComplete;
  }

  #describe(key: string): HTMLElement | null {
    const [row = 0, column = 0] = key.split(":").map(Number);
    const picture = this.#picture;
    const cell = picture?.cell(row, column);
    if (!picture || !cell) return null;
    const heading = `${picture.rows[row]?.inFull}, ${picture.columns[column]?.toLocaleLowerCase()}`;
    return tip(heading, picture.rowsOf(row, column), cell.partial ? "so far" : null);
  }
}

function spacer(columns: number): TemplateResult | typeof nothing {
  return columns > 0 ? html`<td colspan=${columns} aria-hidden="true"></td>` : nothing;
}

function gap(rows: number): TemplateResult | typeof nothing {
  return rows > 0
    ? html`<tr class="space" aria-hidden="true" ${paint({ "--rows": String(rows) })}>
        <td></td>
      </tr>`
    : nothing;
}
