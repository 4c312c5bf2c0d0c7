import type { Client } from "./client";
import type { Job } from "./jobs";

const person = (id: string) => `/api/v1/users/${encodeURIComponent(id)}`;

/** Erases a person from everything that came before. */
export function erasePerson(client: Client, id: string): Promise<Job> {
  return client.call("DELETE", person(id));
}

/** Everything that is kept of a person. A transfer that breaks off fails. */
export function exportPerson(client: Client, id: string): Promise<Blob> {
  return client.file(`${person(id)}/export`);
}
