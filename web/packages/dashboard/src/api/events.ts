import type { FilterOf } from "@tidemark/widgets/questions";
import { address, type Client } from "./client";

export type Properties = Readonly<Record<string, unknown>>;

export interface StoredEvent {
  readonly event_id: string;
  readonly event_type: string;
  readonly timestamp: string;
  readonly received_at: string;
  readonly user_id: string | null;
  readonly anonymous_id: string | null;
  readonly session_id: string | null;
  readonly context: Properties;
  readonly properties: Properties;
  readonly user: Properties;
}

export interface EventChoice {
  readonly event_type?: string;
  readonly person?: string;
  readonly since?: string;
  readonly until?: string;
  readonly filter?: FilterOf;
}

export interface EventPage {
  readonly events: readonly StoredEvent[];
  readonly next_cursor: string | null;
}

/** Events by page, those received last first. */
export function listEvents(
  client: Client,
  choice: EventChoice,
  limit: number,
  cursor?: string,
  signal?: AbortSignal,
): Promise<EventPage> {
  const { filter, ...plain } = choice;
  return client.get(
    address("/api/v1/events", {
      ...plain,
      filter: filter ? JSON.stringify(filter) : undefined,
      limit,
      cursor,
    }),
    signal,
  );
}

/** Who did an event: the user, else the anonymous visitor; empty for nobody. */
export function personOf(event: {
  readonly user_id: string | null;
  readonly anonymous_id: string | null;
}): string {
  return event.user_id || event.anonymous_id || "";
}
