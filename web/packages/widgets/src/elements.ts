import { TidemarkChart } from "./chart";
import { TidemarkFlow } from "./flow";
import { TidemarkFreshness } from "./freshness";
import { TidemarkFunnel } from "./funnel";
import { TidemarkGrid } from "./grid";
import { TidemarkNumber } from "./number";
import { TidemarkReport } from "./report";
import { TidemarkTable } from "./table";
import { TidemarkWidget } from "./widget";

const elements: readonly [string, CustomElementConstructor][] = [
  ["tidemark-chart", TidemarkChart],
  ["tidemark-funnel", TidemarkFunnel],
  ["tidemark-grid", TidemarkGrid],
  ["tidemark-flow", TidemarkFlow],
  ["tidemark-number", TidemarkNumber],
  ["tidemark-table", TidemarkTable],
  ["tidemark-freshness", TidemarkFreshness],
  ["tidemark-widget", TidemarkWidget],
  ["tidemark-report", TidemarkReport],
];

/** Registers the elements; a second copy of the script on a page leaves the first one's in place. */
export function defineElements(): void {
  for (const [name, element] of elements) {
    if (!customElements.get(name)) customElements.define(name, element);
  }
}

export { TidemarkReport, TidemarkWidget };
