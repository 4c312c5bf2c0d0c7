import type { Catalog } from "./api/catalog";
import type { Client } from "./api/client";
import type { Notice } from "./shell/notices";

/** What every page of the dashboard is given. */
export interface App {
  readonly client: Client;
  readonly catalog: Catalog;
  /** Says something at the edge of the page, perhaps with a way back. */
  notify(notice: Notice): void;
  /** Asked before the page is left; null where nothing would be lost. */
  guard(unsaved: (() => boolean) | null): void;
}
