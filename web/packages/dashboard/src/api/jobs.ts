import type { AnswerOf, Wire } from "@tidemark/widgets/wire";
import type { Client } from "./client";

/** Something that takes the server longer than a request. */
export type Job = Wire<"Job">;

export async function listJobs(client: Client): Promise<readonly Job[]> {
  return (await client.get<AnswerOf<"jobs">>("/api/v1/jobs")).jobs;
}

export function readJob(client: Client, id: string): Promise<Job> {
  return client.get(`/api/v1/jobs/${encodeURIComponent(id)}`);
}

export function isOver(job: Job): boolean {
  return job.state === "done" || job.state === "failed";
}
