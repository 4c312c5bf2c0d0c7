/** Loads what draws charts: with the first chart, or before it where one is certain to come. */
export const loadCharts = () => import("./chart-canvas");
