import { type CSSResult, css, unsafeCSS } from "lit";
import { SERIES_DARK, SERIES_LIGHT } from "./palette";

export type Theme = "light" | "dark" | "auto";

export function readTheme(value: string | null | undefined): Theme {
  return value === "light" || value === "dark" ? value : "auto";
}

function tokens(values: Readonly<Record<string, string>>, series: readonly string[]): CSSResult {
  const lines = Object.entries(values).map(
    ([name, value]) => `--_${name}: var(--tidemark-${name}, ${value});`,
  );
  const colours = series.map((value, i) => `--_series-${i + 1}: var(--tidemark-series-${i + 1}, ${value});`);
  return unsafeCSS([...lines, ...colours].join("\n"));
}

const light = tokens(
  {
    background: "transparent",
    surface: "#ffffff",
    raised: "#ffffff",
    text: "#172033",
    muted: "#5b667a",
    border: "#e3e7ee",
    grid: "#edf0f5",
    accent: "#2b50e0",
    positive: "#0b7a53",
    negative: "#c02636",
    warning: "#8a5a00",
    "warning-surface": "#fff5dc",
    skeleton: "#eef1f6",
    other: "#98a2b3",
    shadow: "0 1px 2px rgb(16 24 40 / 5%)",
  },
  SERIES_LIGHT,
);

const dark = tokens(
  {
    background: "transparent",
    surface: "#161c29",
    raised: "#1f2736",
    text: "#e8ecf4",
    muted: "#9aa6ba",
    border: "#283143",
    grid: "#232c3c",
    accent: "#8ba0ff",
    positive: "#3ecf9a",
    negative: "#ff7d86",
    warning: "#f2c14e",
    "warning-surface": "#332a14",
    skeleton: "#212a3a",
    other: "#6c788d",
    shadow: "none",
  },
  SERIES_DARK,
);

/** The custom properties that every element of this package is drawn with, for the three values of `theme`. */
export const themeSheet = css`
  :host {
    color-scheme: light;
    --_font: var(
      --tidemark-font,
      Inter, ui-sans-serif, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif
    );
    --_radius: var(--tidemark-radius, 12px);
    --_gap: var(--tidemark-gap, 16px);
    ${light}
    font-family: var(--_font);
    color: var(--_text);
    background: var(--_background);
    line-height: 1.45;
    font-size: 14px;
    -webkit-font-smoothing: antialiased;
  }
  :host([theme="dark"]) {
    color-scheme: dark;
    ${dark}
  }
  @media (prefers-color-scheme: dark) {
    :host([theme="auto"]) {
      color-scheme: dark;
      ${dark}
    }
  }
  :host([hidden]) {
    display: none;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
`;

/** Resolves a custom property of an element to a colour that a canvas understands: `rgba(r, g, b, a)`. */
export function resolveColour(host: Element, property: string): string {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const value = getComputedStyle(host).getPropertyValue(property).trim();
  if (!context || value === "") return "#808080";
  context.canvas.width = 1;
  context.canvas.height = 1;
  context.fillStyle = value;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 255] = context.getImageData(0, 0, 1, 1).data;
  return `rgba(${red}, ${green}, ${blue}, ${alpha / 255})`;
}
