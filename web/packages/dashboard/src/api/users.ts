import type { AnswerOf, Wire } from "@tidemark/widgets/wire";
import type { Client } from "./client";

/** Somebody who has an account on the server. */
export type ServerUser = Wire<"ServerUser">;

const one = (user: string) => `/api/v1/server/users/${encodeURIComponent(user)}`;

export async function listUsers(client: Client): Promise<readonly ServerUser[]> {
  return (await client.get<AnswerOf<"listUsers">>("/api/v1/server/users")).users;
}

/** Whoever is disabled cannot sign in, and every session of theirs has ended. */
export function disableUser(client: Client, user: string, disabled: boolean): Promise<ServerUser> {
  return client.call("PATCH", one(user), { body: { disabled } });
}

/** Removes them from the server and from every tenant. */
export function removeUser(client: Client, user: string): Promise<null> {
  return client.call("DELETE", one(user));
}
