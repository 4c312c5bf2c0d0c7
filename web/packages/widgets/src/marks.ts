import { html, type TemplateResult } from "lit";

/** The few line drawings of the messages. */
export const emptyMark: TemplateResult = html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
  <path d="M4 4v16h16M8 16v-2M12 16v-5M16 16v-3" />
</svg>`;

export const errorMark: TemplateResult = html`<svg class="mark bad" viewBox="0 0 24 24" aria-hidden="true">
  <path d="M12 8v5M12 16.5v.01M10.3 4.2 3 17a2 2 0 0 0 1.7 3h14.6a2 2 0 0 0 1.7-3L13.7 4.2a2 2 0 0 0-3.4 0z" />
</svg>`;

export const lockMark: TemplateResult = html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
  <path d="M7 11V8a5 5 0 0 1 10 0v3M6 11h12v9H6zM12 15v2" />
</svg>`;
