/** Where somebody has pointed in a picture: a bucket, a row, a step, or a cell. */
export interface Where {
  readonly index: number;
  readonly column?: number;
  /** Which of the groups of a retention is shown, by its place; empty for everybody. */
  readonly group?: string;
}

/** Tells the widget around a picture where somebody has pointed. */
export function pointTo(element: Element, where: Where): void {
  element.dispatchEvent(
    new CustomEvent<Where>("tidemark-where", { detail: where, bubbles: true, composed: true }),
  );
}
