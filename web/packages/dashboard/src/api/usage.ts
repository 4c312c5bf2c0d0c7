import { RequestFailure } from "@tidemark/widgets/request";
import type { Wire } from "@tidemark/widgets/wire";
import type { Client } from "./client";

/** What the tenant used of its plan. */
export type Usage = Wire<"Usage">;

/** One of the limits of a plan. */
export type Limit = Usage["limits"][number];

export function readUsage(client: Client): Promise<Usage> {
  return client.get("/api/v1/usage");
}

/** The same where it can be told at this moment; null otherwise. */
export async function findUsage(client: Client): Promise<Usage | null> {
  try {
    return await readUsage(client);
  } catch (cause) {
    if (cause instanceof RequestFailure) return null;
    throw cause;
  }
}
