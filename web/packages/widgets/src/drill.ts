import type { WidgetAnswer } from "./api";
import type { Choices } from "./choices";
import type { Ask } from "./feed-controller";
import type { Where } from "./pointing";

/** A place of a widget's picture within a report. */
export interface Placed {
  readonly widget: WidgetAnswer;
  readonly where: Where;
  /** Where the picture begins in the window. */
  readonly top: number;
}

/** What a list of what is behind a number needs to know. */
export interface Drilled {
  readonly placed: Placed;
  readonly people: boolean;
  readonly ask: Ask;
  readonly choices: Choices & { readonly interval: string };
  readonly theme: string;
  readonly locale: string;
}

/** Shows the people or events behind a place of a picture over the page, where there are any. */
export async function openDrill(root: ParentNode & Node, drilled: Drilled): Promise<void> {
  const { TidemarkDrill, placeOf } = await import("./drill-panel");
  const place = placeOf(drilled.placed.widget, drilled.placed.where, drilled.locale);
  if (!place || place.spots.length === 0) return;
  if (!customElements.get("tidemark-drill")) customElements.define("tidemark-drill", TidemarkDrill);
  root.querySelector("tidemark-drill")?.remove();
  const panel = document.createElement("tidemark-drill") as InstanceType<typeof TidemarkDrill>;
  panel.place = place;
  panel.drilled = drilled;
  panel.theme = drilled.theme;
  root.append(panel);
}
