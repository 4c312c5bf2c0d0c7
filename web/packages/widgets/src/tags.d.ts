import type { TidemarkReport } from "./report";
import type { TidemarkWidget } from "./widget";

declare global {
  interface HTMLElementTagNameMap {
    "tidemark-report": TidemarkReport;
    "tidemark-widget": TidemarkWidget;
  }
}
