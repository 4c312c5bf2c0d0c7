import type { Controls } from "@tidemark/widgets/api";
import type { FilterOf } from "@tidemark/widgets/questions";
import type { Theme } from "@tidemark/widgets/theme";
import type { AnswerOf, Wire } from "@tidemark/widgets/wire";
import type { Client } from "./client";

export type Key = Wire<"Key">;
export type NewKey = Wire<"NewKey">;
export type Permission = Wire<"Permission">;

/** What was sent to change settings has any of them; what is answered has all. */
export type SettingsChange = Wire<"Settings">;
export type Settings = Required<Omit<SettingsChange, "masking" | "consent">> & {
  readonly masking: readonly MaskingRule[];
  readonly consent: Required<NonNullable<SettingsChange["consent"]>>;
};
export type MaskingRule = Exclude<NonNullable<SettingsChange["masking"]>, string>[number];

/** What the session may do in its tenant. */
export function readPermissions(client: Client): Promise<AnswerOf<"readPermissions">> {
  return client.get("/api/v1/permissions");
}

export async function listKeys(client: Client): Promise<readonly Key[]> {
  return (await client.get<AnswerOf<"listKeys">>("/api/v1/keys")).keys;
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

export function changeSettings(client: Client, settings: SettingsChange): Promise<Settings> {
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

export type EmbedToken = Wire<"EmbedToken">;

export function createEmbedToken(client: Client, report: string, grant: EmbedGrant): Promise<EmbedToken> {
  return client.call("POST", `/api/v1/reports/${encodeURIComponent(report)}/embed-tokens`, { body: grant });
}

/** Chooses another password, which ends the other sessions of the person. */
export function changePassword(client: Client, current: string, wanted: string): Promise<null> {
  const body = { current_password: current, new_password: wanted };
  return client.call("POST", "/api/v1/session/password", { body });
}
