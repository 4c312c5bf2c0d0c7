import type { AnswerOf, Wire } from "@tidemark/widgets/wire";
import type { Client } from "./client";

/** Somewhere that the person has signed in. */
export type OwnSession = Wire<"OwnSession">;

export async function listSessions(client: Client): Promise<readonly OwnSession[]> {
  return (await client.get<AnswerOf<"listSessions">>("/api/v1/sessions")).sessions;
}

export function endSession(client: Client, id: string): Promise<null> {
  return client.call("DELETE", `/api/v1/sessions/${encodeURIComponent(id)}`);
}
