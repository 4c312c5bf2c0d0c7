import type { Permission } from "./api/account";
import type { Catalog } from "./api/catalog";
import type { Client } from "./api/client";
import type { Notice } from "./shell/notices";
import type { Session as Person } from "./shell/person";

/** What every page of the dashboard is given. */
export interface App {
  readonly client: Client;
  readonly catalog: Catalog;
  /** Who has signed in; null for the session of a key. */
  readonly person: Person | null;
  /** Whether the server would let the session do something. */
  may(permission: Permission): boolean;
  /** Says something at the edge of the page, perhaps with a way back. */
  notify(notice: Notice): void;
  /** Asked before the page is left; null where nothing would be lost. */
  guard(unsaved: (() => boolean) | null): void;
}
