import { html, LitElement, nothing, svg, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { PathsData } from "./analysis-api";
import { tip, tooltipSheet } from "./chart-tooltip";
import { type Flow, type FlowNode, type FlowStream, flowLayout, HEADING, NODE_WIDTH } from "./flow-layout";
import { flowSheet } from "./flow-sheet";
import { displayName, Format } from "./format";
import { paint } from "./paint";
import { pointTo } from "./pointing";
import { TipLayer, tipLayerSheet } from "./tip-layer";

/** Paths as streams from step to step; what ends at a step is hatched. */
export class TidemarkFlow extends LitElement {
  @property({ attribute: false }) data: PathsData | null = null;
  @property({ attribute: false }) name = "";
  @property() locale = "";
  @state() private room = { width: 0, height: 0 };
  #flow: Flow | null = null;
  readonly #resize = new ResizeObserver(([entry]) => {
    const { width = 0, height = 0 } = entry?.contentRect ?? {};
    if (width !== this.room.width || height !== this.room.height) this.room = { width, height };
  });

  constructor() {
    super();
    new TipLayer(this, {
      describe: (key) => this.#describe(key),
      next: (current, pressed) => this.#next(current, pressed),
      choose: (key) => {
        const [kind, column = 0, at = 0] = key.split(":");
        pointTo(this, kind === "n" ? { index: +at, column: +column } : { index: +column });
      },
      reveal: async (key) =>
        this.renderRoot
          .querySelector(`.label[data-tip="${key}"]`)
          ?.scrollIntoView({ block: "nearest", inline: "nearest" }),
    });
  }

  static override styles = [tooltipSheet, tipLayerSheet, flowSheet];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize.disconnect();
  }

  protected override updated(): void {
    const box = this.renderRoot.querySelector(".box");
    if (box) this.#resize.observe(box);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { data, room } = this;
    if (!data) return nothing;
    const format = new Format(this.locale || undefined);
    this.#flow = room.width > 0 ? flowLayout(data, { width: room.width, height: room.height - 4 }) : null;
    return html`<div
      class="box"
      tabindex="0"
      role="group"
      aria-label=${`${this.name}: ${format.number(data.total)} paths in streams; the arrow keys go from event to event`}
    >
      <div class="scroll">${this.#flow ? this.#sheet(this.#flow, data, format) : nothing}</div>
      ${streamsAsTable(data, format)}
    </div>`;
  }

  #sheet(flow: Flow, data: PathsData, format: Format): TemplateResult {
    const nodes = flow.columns.flat();
    return html`<div class="sheet" ${paint({ "--width": `${flow.width}px`, "--height": `${flow.height}px` })}>
      <svg viewBox="0 0 ${flow.width} ${flow.height}" aria-hidden="true">
        <defs>
          <pattern id="ended" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <path d="M0 0v5" class="line" />
          </pattern>
        </defs>
        ${flow.streams.map(
          (stream, at) =>
            svg`<path class="stream ${stream.to.name === null ? "end" : ""}" data-tip="s:${at}" d=${ribbon(stream)}></path>`,
        )}
        ${nodes.map(
          (node) =>
            svg`<rect class="node ${kind(node)}" data-tip=${this.#key(node)} x=${node.x} y=${node.y} width=${NODE_WIDTH} height=${node.height} rx="2"></rect>`,
        )}
      </svg>
      ${flow.columns.map((column, at) => {
        const x = column[0]?.x ?? 0;
        return html`<span class="heading" aria-hidden="true" ${paint({ "--x": `${x}px`, "--y": "0px", "--room": `${flow.pitch - 8}px` })}
          >${columnName(at, data.direction)}</span
        >`;
      })}
      ${nodes.map(
        (node) => html`<span
          class="label ${kind(node)}"
          aria-hidden="true"
          data-tip=${this.#key(node)}
          ${paint({
            "--x": `${node.x + NODE_WIDTH + 6}px`,
            "--y": `${Math.max(HEADING - 4, node.y + node.height / 2 - 8)}px`,
            "--room": `${flow.pitch - NODE_WIDTH - 14}px`,
          })}
          ><span>${nodeName(node, data.direction)}</span><b>${format.compact(node.count)}</b></span
        >`,
      )}
    </div>`;
  }

  #key(node: FlowNode): string {
    return `n:${node.column}:${this.#flow?.columns[node.column]?.indexOf(node) ?? 0}`;
  }

  #node(key: string): FlowNode | undefined {
    const [, column = 0, at = 0] = key.split(":").map(Number);
    return this.#flow?.columns[column]?.[at];
  }

  #next(current: string | null, pressed: string): string | null | undefined {
    const columns = this.#flow?.columns ?? [];
    if (pressed === "Escape") return null;
    const [, column = 0, at = 0] = current?.startsWith("n:") ? current.split(":").map(Number) : [];
    const mirrored = this.data?.direction === "before" ? -1 : 1;
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowRight: [mirrored, 0],
      ArrowLeft: [-mirrored, 0],
      ArrowDown: [0, 1],
      ArrowUp: [0, -1],
    };
    const move = moves[pressed];
    if (!move || columns.length === 0) return undefined;
    if (current === null) return "n:0:0";
    const x = Math.max(0, Math.min(columns.length - 1, column + move[0]));
    const y = Math.max(0, Math.min((columns[x]?.length ?? 1) - 1, at + move[1]));
    return `n:${x}:${y}`;
  }

  #describe(key: string): HTMLElement | null {
    const { data } = this;
    if (!data) return null;
    const format = new Format(this.locale || undefined);
    const share = (count: number, of: number) => format.percent(of > 0 ? count / of : null);
    if (key.startsWith("s:")) {
      const stream = this.#flow?.streams[Number(key.slice(2))];
      if (!stream) return null;
      return tip(`${nodeName(stream.from, data.direction)} → ${nodeName(stream.to, data.direction)}`, [
        ["Paths", format.number(stream.count)],
        [`Of ${nodeName(stream.from, data.direction)}`, share(stream.count, stream.from.count)],
        ["Of all", share(stream.count, data.total)],
      ]);
    }
    const node = this.#node(key);
    if (!node) return null;
    return tip(
      nodeName(node, data.direction),
      [
        ["Paths", format.number(node.count)],
        ["Of all", share(node.count, data.total)],
      ],
      columnName(node.column, data.direction),
    );
  }
}

function kind(node: FlowNode): string {
  return node.name === null ? "end" : node.name === "$other" ? "other" : "";
}

function nodeName(node: FlowNode, direction: PathsData["direction"]): string {
  return node.name === null ? ended(direction) : displayName(node.name);
}

function ended(direction: PathsData["direction"]): string {
  return direction === "before" ? "Nothing before" : "Nothing more";
}

function columnName(column: number, direction: "after" | "before" | undefined): string {
  if (column === 0) return direction === "before" ? "End" : "Start";
  return direction === "before" ? `${column} before` : `Step ${column}`;
}

/** The outline of a stream, whose blocks may stand in either order. */
function ribbon({ from, to, fromY, toY, height }: FlowStream): string {
  const forth = to.x > from.x;
  const x0 = from.x + (forth ? NODE_WIDTH : 0);
  const x1 = to.x + (forth ? 0 : NODE_WIDTH);
  const middle = (x0 + x1) / 2;
  const n = (value: number) => value.toFixed(1);
  return (
    `M${n(x0)} ${n(fromY)}C${n(middle)} ${n(fromY)} ${n(middle)} ${n(toY)} ${n(x1)} ${n(toY)}` +
    `v${n(height)}C${n(middle)} ${n(toY + height)} ${n(middle)} ${n(fromY + height)} ${n(x0)} ${n(fromY + height)}Z`
  );
}

/** The same streams for those who do not see them. */
function streamsAsTable(data: PathsData, format: Format): TemplateResult {
  return html`<div class="unseen"><table>
    <caption>Streams from step to step</caption>
    <thead>
      <tr><th scope="col">Step</th><th scope="col">From</th><th scope="col">To</th><th scope="col">Paths</th></tr>
    </thead>
    <tbody>
      ${data.links.slice(0, 200).map(
        (link) => html`<tr>
          <td>${link.step}</td>
          <td>${displayName(link.from)}</td>
          <td>${displayName(link.to)}</td>
          <td>${format.number(link.count)}</td>
        </tr>`,
      )}
      ${data.drop_off.map(
        (drop) => html`<tr>
          <td>${drop.step}</td>
          <td>Any</td>
          <td>${ended(data.direction)}</td>
          <td>${format.number(drop.count)}</td>
        </tr>`,
      )}
    </tbody>
  </table></div>`;
}
