import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import { type ECharts, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { type ChartInput, chartOption } from "./chart-option";

use([LineChart, BarChart, GridComponent, TooltipComponent, CanvasRenderer]);

/** One chart on one element. This module carries the chart library and is loaded when the first chart is drawn. */
export class ChartCanvas {
  readonly #chart: ECharts;

  constructor(element: HTMLElement) {
    this.#chart = init(element, null, { renderer: "canvas" });
  }

  draw(input: ChartInput): void {
    this.#chart.setOption(chartOption(input), { replaceMerge: ["series"], lazyUpdate: false });
  }

  resize(): void {
    this.#chart.resize();
  }

  close(): void {
    this.#chart.dispose();
  }
}
