import { html, nothing, type TemplateResult } from "lit";
import { follow, laidOut, readJson } from "./json-place";

/** A JSON text in which what is wrong is marked, and a line that says so to whoever does not see the mark. */
export function markedJson(label: string, payload: string, field: string | null): TemplateResult {
  const text = laidOut(payload);
  const read = readJson(text);
  const found = read.kind === "json" && field ? follow(read.root, field) : null;
  // Of what is not there, the object that lacks it is marked with its first character alone.
  const [start, end] = !found
    ? [0, 0]
    : found.missing === ""
      ? [found.place.start, found.place.end]
      : [found.place.start, Math.min(found.place.end, text.indexOf("{", found.place.start) + 1)];
  return html`<figure class="code payload">
    <figcaption>
      <span>${label}</span>
      ${
        found
          ? html`<span class="wrong">${found.missing === "" ? `Marked: ${field}` : `Not there: ${field}`}</span>`
          : nothing
      }
    </figcaption>
    <pre tabindex="0" aria-label=${label}><code>${
      start < end
        ? html`${text.slice(0, start)}<mark>${text.slice(start, end)}</mark>${text.slice(end)}`
        : text
    }</code></pre>
  </figure>`;
}
