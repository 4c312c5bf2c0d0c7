import type { AnswerOf, BodyOf, Wire } from "@tidemark/widgets/wire";
import { changeSettings, readSettings } from "./account";
import type { Client } from "./client";

/** Something that needs somebody, or did. */
export type Alert = Wire<"Alert">;
export type AlertMessage = Wire<"AlertMessage">;

/** Where messages go, and from when on an alert is raised. The secret is never told. */
export type AlertSettings = Omit<Wire<"AlertSettings">, "webhook_secret">;
export type AlertSettingsChange = NonNullable<BodyOf<"changeSettings">["alerts"]>;
export type Tried = AnswerOf<"testAlerts">;

/** What needs somebody first, then what was over last. */
export async function listAlerts(client: Client): Promise<readonly Alert[]> {
  return (await client.get<AnswerOf<"alerts">>("/api/v1/alerts")).alerts;
}

export async function readAlertSettings(client: Client): Promise<AlertSettings> {
  return (await readSettings(client)).alerts;
}

export async function changeAlertSettings(
  client: Client,
  alerts: AlertSettingsChange,
): Promise<AlertSettings> {
  return (await changeSettings(client, { alerts })).alerts;
}

/** Sends one message to the webhook. */
export function tryAlerts(client: Client): Promise<Tried> {
  return client.call("POST", "/api/v1/alerts/test");
}
