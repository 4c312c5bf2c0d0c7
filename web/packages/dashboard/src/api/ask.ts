import type { FunnelQuestion, Question } from "@tidemark/widgets/questions";
import type { Wire } from "@tidemark/widgets/wire";
import type { Explanation } from "../explanation";
import { address, type Client } from "./client";

/** The answer's data, in the form of the question's type. */
export async function ask(client: Client, question: Question, signal?: AbortSignal): Promise<unknown> {
  const answer = await client.call<{ data: unknown }>("POST", "/api/v1/query", { body: question, signal });
  return answer.data;
}

export async function explain(client: Client, question: Question): Promise<Explanation> {
  const answer = await client.call<{ explain: Explanation }>("POST", "/api/v1/query?explain=true", {
    body: question,
  });
  return answer.explain;
}

export type ExportFormat = "csv" | "json" | "parquet";

/** All rows of an answer as a file. */
export function exportAnswer(client: Client, question: Question, format: ExportFormat): Promise<Blob> {
  return client.file(address("/api/v1/query/export", { format }), question);
}

/** Those who reached a step of a funnel, or those who reached the one before and not this one. */
export interface Behind {
  readonly question: FunnelQuestion;
  readonly step: number;
  readonly dropped: boolean;
}

export type FunnelPeople = Wire<"People">;
export type FunnelPerson = FunnelPeople["people"][number];

export function peopleBehind(client: Client, behind: Behind, cursor?: string): Promise<FunnelPeople> {
  return client.call("POST", "/api/v1/query/people", {
    body: { ...behind, limit: 50, ...(cursor ? { cursor } : {}) },
  });
}
