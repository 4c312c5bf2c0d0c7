import type { Controls } from "@tidemark/widgets/api";
import type { FilterOf } from "@tidemark/widgets/questions";
import type { Theme } from "@tidemark/widgets/theme";
import type { Client } from "./client";

export interface Key {
  readonly key_id: string;
  readonly kind: "write" | "secret";
  readonly name: string;
  readonly hint: string;
  readonly origins: readonly string[];
  readonly created_at: string;
  readonly last_used_at: string | null;
  readonly revoked_at: string | null;
  /** In the answer to its making only. */
  readonly key?: string;
}

export interface NewKey {
  readonly kind: "write" | "secret";
  readonly name: string;
  readonly origins?: readonly string[];
}

export interface Settings {
  readonly zone: string;
  readonly week_start: string;
  readonly retention_days: number | null;
}

export async function listKeys(client: Client): Promise<readonly Key[]> {
  return (await client.get<{ keys: readonly Key[] }>("/api/v1/keys")).keys;
}

export function createKey(client: Client, key: NewKey): Promise<Key> {
  return client.call("POST", "/api/v1/keys", { body: key });
}

export function revokeKey(client: Client, id: string): Promise<null> {
  return client.call("DELETE", `/api/v1/keys/${encodeURIComponent(id)}`);
}

export function endEmbedTokens(client: Client): Promise<null> {
  return client.call("POST", "/api/v1/embed-secret/rotate");
}

export function readSettings(client: Client): Promise<Settings> {
  return client.get("/api/v1/settings");
}

export function changeSettings(client: Client, settings: Partial<Settings>): Promise<Settings> {
  return client.call("PUT", "/api/v1/settings", { body: settings });
}

/** What an embedded report is allowed and looks like. */
export interface EmbedGrant {
  readonly filter?: FilterOf;
  readonly origins?: readonly string[];
  readonly expires_in?: number;
  readonly theme?: Theme;
  /** What is left of what the report lets viewers choose. */
  readonly controls?: Partial<Controls>;
}

export interface EmbedToken {
  readonly token: string;
  readonly expires_at: string;
}

export function createEmbedToken(client: Client, report: string, grant: EmbedGrant): Promise<EmbedToken> {
  return client.call("POST", `/api/v1/reports/${encodeURIComponent(report)}/embed-tokens`, { body: grant });
}
