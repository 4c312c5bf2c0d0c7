import { html, svg, type TemplateResult } from "lit";

const PATHS = {
  home: "M4 11 12 4l8 7v9h-5v-6H9v6H4z",
  reports: "M4 20V4M4 20h16M8 16v-5M12 16V7M16 16v-8",
  explore: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14M16 16l4.500 4.500",
  events: "M4 6h3M4 12h3M4 18h3M10 6h10M10 12h10M10 18h10",
  people: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8M5 20c0-4 3-6 7-6s7 2 7 6",
  cohorts:
    "M9 5a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7M3 19c0-3.500 2.500-5 6-5s6 1.500 6 5M15.500 5.500a3.200 3.200 0 0 1 0 6M17 14.300c2.500.6 4 2 4 4.700",
  keys: "M8 10a4 4 0 1 0 0 8 4 4 0 0 0 0-8M11 12l8-8M16 7l3 3",
  system: "M3 12h4l3-8 4 16 3-8h4",
  letters: "M4 6h16v12H4zM4 7l8 6 8-6",
  schemas: "M8 4c-3 0-1 6-4 8 3 2 1 8 4 8M16 4c3 0 1 6 4 8-3 2-1 8-4 8M12 9v.1M12 15v.1",
  alerts: "M6 17V11a6 6 0 0 1 12 0v6M4 17h16M10 20h4M12 3v2",
  privacy: "M12 3l7 3v6c0 5-3 7.500-7 9-4-1.500-7-4-7-9V6zM9 12l2 2 4-4",
  audit: "M6 3h9l4 4v14H6zM15 3v4h4M9 12h7M9 16h5",
  usage: "M4 17a8 8 0 1 1 16 0M12 17l4-6M4 20h16",
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6 6 18",
  plus: "M12 5v14M5 12h14",
  up: "M12 19V5M6 11l6-6 6 6",
  down: "M12 5v14M6 13l6 6 6-6",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  remove: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  edit: "M4 20l1-5L16 4l4 4L9 19zM14 6l4 4",
  move: "M12 3v18M3 12h18M9 6l3-3 3 3M9 18l3 3 3-3M6 9l-3 3 3 3M18 9l3 3-3 3",
  resize: "M20 10v10H10M20 20 12 12",
  undo: "M8 5 4 9l4 4M4 9h10a6 6 0 0 1 0 12h-3",
  redo: "M16 5l4 4-4 4M20 9H10a6 6 0 0 0 0 12h3",
  check: "M5 13l4 4L19 7",
  out: "M10 4H5v16h5M15 8l4 4-4 4M19 12H9",
} as const;

export type Icon = keyof typeof PATHS;

/** A drawing beside words or a label; it says nothing to a screen reader. */
export function icon(name: Icon): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${svg`<path d=${PATHS[name]} />`}</svg>`;
}

export const brandMark = html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
  <rect width="32" height="32" rx="8" />
  <path d="M9 8h14M9 12h9" class="high" />
  <path
    d="M5 20c3 0 3-3 5.500-3s2.500 3 5.500 3 3-3 5.500-3 2.500 3 5.500 3M5 25c3 0 3-3 5.500-3s2.500 3 5.500 3 3-3 5.500-3 2.500 3 5.500 3"
  />
</svg>`;
