import type { AnswerOf, Wire } from "@tidemark/widgets/wire";
import type { Client } from "./client";

export type Role = Wire<"Role">;
export type Member = Wire<"Member">;
export type Invitation = Wire<"OneTimeLink">;
export type ReportGrants = Wire<"ReportGrants">;
export type ReportGrant = ReportGrants["grants"][number];

/** From the one that may do everything to the one that may look. */
export const ROLES: readonly Role[] = ["owner", "admin", "editor", "viewer"];

const one = (user: string) => `/api/v1/members/${encodeURIComponent(user)}`;
const grants = (report: string) => `/api/v1/reports/${encodeURIComponent(report)}/grants`;

export async function listMembers(client: Client): Promise<readonly Member[]> {
  return (await client.get<AnswerOf<"listMembers">>("/api/v1/members")).members;
}

export function changeRole(client: Client, user: string, role: Role): Promise<Member> {
  return client.call("PATCH", one(user), { body: { role } });
}

export function removeMember(client: Client, user: string): Promise<null> {
  return client.call("DELETE", one(user));
}

export async function listInvitations(client: Client): Promise<readonly Invitation[]> {
  return (await client.get<AnswerOf<"listInvitations">>("/api/v1/invitations")).invitations;
}

/** The link is in this answer only. */
export function invite(client: Client, email: string, role: Role): Promise<Invitation> {
  return client.call("POST", "/api/v1/invitations", { body: { email, role } });
}

export function withdraw(client: Client, link: string): Promise<null> {
  return client.call("DELETE", `/api/v1/invitations/${encodeURIComponent(link)}`);
}

export function readGrants(client: Client, report: string): Promise<ReportGrants> {
  return client.get(grants(report));
}

/** Restricts the report to those named; to nobody, it is open again. */
export function replaceGrants(
  client: Client,
  report: string,
  to: readonly ReportGrant[],
): Promise<ReportGrants> {
  return client.call("PUT", grants(report), { body: { grants: to } });
}
