import type { EventScope, FunnelQuestion, Operator, RangeOf, Scalar } from "@tidemark/widgets/questions";
import type { Wire } from "@tidemark/widgets/wire";
import { address, type Client } from "./client";

export interface Times {
  readonly at_least?: number;
  readonly at_most?: number;
  readonly exactly?: number;
}

export interface Deed extends EventScope {
  readonly times?: Times;
  readonly range?: RangeOf;
}

/** What makes a person a member. */
export type CohortRule =
  | { readonly and: readonly CohortRule[] }
  | { readonly or: readonly CohortRule[] }
  | { readonly not: CohortRule }
  | { readonly did: Deed }
  | { readonly did_not: Omit<Deed, "times"> }
  | { readonly first_did: Omit<Deed, "times"> & { readonly range: RangeOf } }
  | { readonly property: string; readonly operator: Operator; readonly value?: Scalar | readonly Scalar[] }
  | { readonly cohort: string };

export interface ListedCohort {
  readonly cohort_id: string;
  readonly name: string;
  readonly description?: string;
  readonly kind: "dynamic" | "static";
  readonly definition?: CohortRule;
  readonly version: number;
  readonly updated_at: string;
}

export interface Cohort extends ListedCohort {
  readonly size: number;
  readonly listed?: number;
  readonly as_of: string;
}

export interface CohortDraft {
  readonly name: string;
  readonly description?: string;
  readonly kind: "dynamic" | "static";
  readonly definition?: CohortRule;
  readonly user_ids?: readonly string[];
  readonly from?: {
    readonly question?: FunnelQuestion;
    readonly step?: number;
    readonly dropped?: boolean;
    readonly definition?: CohortRule;
  };
}

export type CohortPeople = Wire<"CohortPeople">;
export type CohortPerson = CohortPeople["people"][number];

const ALL = "/api/v1/cohorts";
const one = (id: string) => `${ALL}/${encodeURIComponent(id)}`;

export async function listCohorts(client: Client): Promise<readonly ListedCohort[]> {
  return (await client.get<{ cohorts: readonly ListedCohort[] }>(ALL)).cohorts;
}

export function readCohort(client: Client, id: string): Promise<Cohort> {
  return client.get(one(id));
}

export function createCohort(client: Client, draft: CohortDraft): Promise<Cohort> {
  return client.call("POST", ALL, { body: draft });
}

export function replaceCohort(
  client: Client,
  id: string,
  draft: CohortDraft,
  seen?: number,
): Promise<Cohort> {
  const { kind: _, ...body } = draft;
  return client.call("PUT", one(id), { body, seen });
}

export function removeCohort(client: Client, id: string, keepalive = false): Promise<null> {
  return client.call("DELETE", one(id), { keepalive });
}

export function addMembers(client: Client, id: string, userIds: readonly string[]): Promise<Cohort> {
  return client.call("POST", `${one(id)}/members`, { body: { user_ids: userIds } });
}

export function cohortPeople(client: Client, id: string, cursor?: string): Promise<CohortPeople> {
  return client.get(address(`${one(id)}/people`, { limit: 50, cursor }));
}
