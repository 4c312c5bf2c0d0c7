import { BarChart, LineChart } from "echarts/charts";
import { GridSimpleComponent } from "echarts/components";
import { type ECharts, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { type ChartInput, chartOption } from "./chart-option";

use([LineChart, BarChart, GridSimpleComponent, CanvasRenderer]);

/** One chart on one element. This module carries the chart library and is loaded when the first chart is drawn. */
export class ChartCanvas {
  readonly #chart: ECharts;
  #drawn: Omit<ChartInput, "width"> | null = null;
  #width = 0;

  constructor(element: HTMLElement) {
    this.#chart = init(element, null, { renderer: "canvas" });
  }

  draw(input: Omit<ChartInput, "width">): void {
    this.#drawn = input;
    this.#width = this.#chart.getWidth();
    this.#chart.setOption(chartOption({ ...input, width: this.#width }), {
      replaceMerge: ["series"],
      lazyUpdate: false,
    });
  }

  /** The bucket under a horizontal position, or null beside the plot. */
  bucketAt(x: number, buckets: number): number | null {
    const index = Math.round(Number(this.#chart.convertFromPixel({ xAxisIndex: 0 }, x)));
    return index >= 0 && index < buckets ? index : null;
  }

  /** The horizontal position of a bucket's middle. */
  positionOf(index: number): number {
    return Number(this.#chart.convertToPixel({ xAxisIndex: 0 }, index));
  }

  resize(): void {
    this.#chart.resize();
    if (this.#drawn && this.#chart.getWidth() !== this.#width) this.draw(this.#drawn);
  }

  close(): void {
    this.#chart.dispose();
  }
}
