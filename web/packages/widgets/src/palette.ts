/**
 * Series colours that stay apart under protanopia, deuteranopia and tritanopia (a test holds the distances), for light and
 * for dark surfaces. Each is a default of the custom property `--tidemark-series-N`.
 */
export const SERIES_LIGHT = [
  "#2b50e0",
  "#de8e03",
  "#2b9694",
  "#a8175f",
  "#22a6ee",
  "#7a2a08",
  "#6a2c9c",
  "#6c7a31",
] as const;

export const SERIES_DARK = [
  "#7289f2",
  "#e88c01",
  "#1ec1a2",
  "#b95a8c",
  "#90d7ff",
  "#d43401",
  "#8147b5",
  "#e4ca5d",
] as const;

export const SERIES_COUNT = SERIES_LIGHT.length;

/** The colour of the n-th part of a breakdown, as CSS writes it; the rest is grey. */
export function slotColour(at: number, value: string | null): string {
  return value === "$other" ? "var(--_other)" : `var(--_series-${(at % SERIES_COUNT) + 1})`;
}
