import type { AnswerOf, Wire } from "@tidemark/widgets/wire";
import { address, type Client } from "./client";

export type AuditEntry = Wire<"AuditEntry">;
export type AuditHead = Wire<"AuditHead">;
export type Verification = AnswerOf<"verifyAudit">;

/** Whose acts: the tenant's, or those that are about the server itself. */
export type LogOf = "tenant" | "server";

const base = (of: LogOf) => (of === "tenant" ? "/api/v1/audit" : "/api/v1/server/audit");

/** Where the log stands: the number of its last entry, signed. */
export function auditHead(client: Client, of: LogOf): Promise<AuditHead> {
  return client.get(`${base(of)}/head`);
}

/** The entries after a number, the oldest first. */
export async function auditAfter(
  client: Client,
  of: LogOf,
  after: number,
  limit: number,
): Promise<readonly AuditEntry[]> {
  const answer: AnswerOf<"audit"> = await client.get(address(base(of), { cursor: after, limit }));
  return answer.entries;
}

/** Whether the log is whole, also as far as a head tells that was kept elsewhere. */
export function verifyAudit(client: Client, of: LogOf, head: string): Promise<Verification> {
  return client.get(address(`${base(of)}/verification`, { head }));
}

export function exportAudit(client: Client, of: LogOf, format: "ndjson" | "csv"): Promise<Blob> {
  return client.file(address(`${base(of)}/export`, { format }));
}
