import { RequestFailure } from "@tidemark/widgets/request";
import type { Client } from "./client";

/** One of the limits of a plan; absent bounds are none. */
export interface Limit {
  readonly limit: string;
  readonly used: number;
  readonly soft: number | null;
  readonly hard: number | null;
  readonly unit: string;
  /** What it counts in: a month as `2026-11`, otherwise null. */
  readonly window?: string | null;
  readonly resets_at?: string | null;
  readonly state: "ok" | "soft" | "hard";
}

/** What the tenant used of its plan. */
export interface Usage {
  readonly plan: string;
  readonly at: string;
  readonly limits: readonly Limit[];
  readonly days: readonly { readonly date: string; readonly events: number; readonly queries: number }[];
}

export function readUsage(client: Client): Promise<Usage> {
  return client.get("/api/v1/usage");
}

/** The same where the server has limits and tells the session of them; null otherwise. */
export async function findUsage(client: Client): Promise<Usage | null> {
  try {
    return await readUsage(client);
  } catch (cause) {
    if (cause instanceof RequestFailure) return null;
    throw cause;
  }
}
