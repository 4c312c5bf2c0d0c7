import { address, type Client } from "./client";

/** What became of one message about an alert. */
export interface AlertMessage {
  readonly event?: "raised" | "cleared";
  readonly state?: "waiting" | "delivered" | "given_up";
  readonly attempts?: number;
  readonly next_at?: string | null;
  readonly problem?: string | null;
}

/** Something that needs somebody, or did. */
export interface Alert {
  readonly alert_id: string;
  readonly kind: string;
  readonly subject: string | null;
  readonly state: "up" | "cleared";
  readonly text: string;
  readonly raised_at: string;
  readonly cleared_at: string | null;
  readonly messages?: readonly AlertMessage[];
}

/** Where messages go, and from when on. */
export interface AlertSettings {
  readonly webhook_url?: string | null;
  readonly webhook_secret_set?: boolean;
  readonly dead_letters_per_hour?: number | null;
}

export interface AlertSettingsChange extends Omit<AlertSettings, "webhook_secret_set"> {
  /** Absent: as it was. */
  readonly webhook_secret?: string | null;
}

export interface Tried {
  readonly delivered: boolean;
  readonly status: number | null;
  readonly problem: string | null;
}

/** Whether the server tells of alerts. */
export async function hasAlerts(client: Client): Promise<boolean> {
  return client.get(address("/api/v1/alerts", { limit: 1 })).then(
    () => true,
    () => false,
  );
}

/** What needs somebody first, then what was over last. */
export async function listAlerts(client: Client): Promise<readonly Alert[]> {
  return (await client.get<{ alerts: readonly Alert[] }>("/api/v1/alerts")).alerts;
}

export async function readAlertSettings(client: Client): Promise<AlertSettings> {
  return (await client.get<{ alerts?: AlertSettings }>("/api/v1/settings")).alerts ?? {};
}

export async function changeAlertSettings(
  client: Client,
  alerts: AlertSettingsChange,
): Promise<AlertSettings> {
  const answer = await client.call<{ alerts?: AlertSettings }>("PUT", "/api/v1/settings", {
    body: { alerts },
  });
  return answer.alerts ?? {};
}

/** Sends one message to the webhook. */
export function tryAlerts(client: Client): Promise<Tried> {
  return client.call("POST", "/api/v1/alerts/test");
}
