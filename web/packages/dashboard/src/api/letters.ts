import type { AnswerOf, QueryOf, Wire } from "@tidemark/widgets/wire";
import { address, type Client } from "./client";
import type { Job } from "./jobs";

export type Letter = Wire<"DeadLetter">;
export type LetterPage = AnswerOf<"deadLetters">;
export type LetterCount = Wire<"DeadLetterCounts">["counts"][number];
export type Replayed = Wire<"Replayed">;

/** Which dead letters are meant, as the server is told. What is absent does not matter. */
export type LetterFilter = Omit<QueryOf<"countDeadLetters">, "by" | "interval">;

const ALL = "/api/v1/dead-letters";
const one = (id: string) => `${ALL}/${encodeURIComponent(id)}`;

export function listLetters(client: Client, filter: LetterFilter, cursor?: string): Promise<LetterPage> {
  return client.get(address(ALL, { ...filter, limit: 50, cursor }));
}

/** How many there are of each kind on each day (UTC). */
export async function countLetters(client: Client, filter: LetterFilter): Promise<readonly LetterCount[]> {
  const by = "reason,field,event_type,source,key";
  const answer: AnswerOf<"countDeadLetters"> = await client.get(
    address(`${ALL}/counts`, { ...filter, by, interval: "day" }),
  );
  return answer.counts;
}

export function readLetter(client: Client, id: string): Promise<Letter> {
  return client.get(one(id));
}

/** Sends one through the pipeline again: as it is, or as it was corrected. */
export function replayLetter(client: Client, id: string, payload?: unknown): Promise<Replayed> {
  return client.call("POST", `${one(id)}/replay`, { body: payload === undefined ? {} : { payload } });
}

/** Sends all open ones of a filter through the pipeline again. */
export function replayLetters(client: Client, filter: LetterFilter): Promise<Job> {
  return client.call("POST", `${ALL}/replay`, { body: { filter: { ...filter, state: "open" } } });
}

export async function purgeLetters(client: Client, filter: LetterFilter): Promise<number> {
  const { state: _, ...narrow } = filter;
  const all = Object.keys(narrow).length === 0 ? "true" : undefined;
  const answer: AnswerOf<"purgeDeadLetters"> = await client.call("DELETE", address(ALL, { ...filter, all }));
  return answer.removed;
}
