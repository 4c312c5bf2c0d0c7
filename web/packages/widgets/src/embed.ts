import { defineElements } from "./elements";
import { followHeights } from "./frame-height";

defineElements();
followHeights();

export { TidemarkReport, TidemarkWidget } from "./elements";
export type { TokenProvider } from "./token-source";
