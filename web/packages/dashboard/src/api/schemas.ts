import type { AnswerOf, BodyOf, Wire } from "@tidemark/widgets/wire";
import type { Client } from "./client";

export type EventSchema = Wire<"EventSchema">;
export type SchemaMode = Wire<"SchemaMode">;
export type SchemaCompatibility = Wire<"SchemaCompatibility">;
export type SchemaDrift = Wire<"SchemaDrift">;
export type SchemaDraft = AnswerOf<"draftSchema">;
export type SchemaCheck = AnswerOf<"checkSchema">;

const ALL = "/api/v1/schemas";
const one = (eventType: string) => `${ALL}/${encodeURIComponent(eventType)}`;

/** The schemas in force. */
export async function listSchemas(client: Client): Promise<readonly EventSchema[]> {
  return (await client.get<AnswerOf<"listSchemas">>(ALL)).schemas;
}

/** All versions, the first one first; the last is in force. */
export async function schemaVersions(client: Client, eventType: string): Promise<readonly EventSchema[]> {
  return (await client.get<AnswerOf<"schemaVersions">>(one(eventType))).versions;
}

export function addSchema(client: Client, schema: BodyOf<"addSchema">): Promise<EventSchema> {
  return client.call("POST", ALL, { body: schema });
}

/** What is left out stays as it is. */
export function changeSchema(
  client: Client,
  eventType: string,
  change: BodyOf<"changeSchema">,
): Promise<EventSchema> {
  return client.call("PATCH", one(eventType), { body: change });
}

/** In what a schema is stricter than the version in force. */
export function checkSchema(
  client: Client,
  eventType: string,
  schema: unknown,
  signal?: AbortSignal,
): Promise<SchemaCheck> {
  return client.call("POST", `${one(eventType)}/check`, { body: { schema }, signal });
}

/** A schema that the newest events of the type fit. */
export function draftSchema(client: Client, eventType: string): Promise<SchemaDraft> {
  return client.get(`${one(eventType)}/draft`);
}

/** In what the newest events of the type differ from the schema in force. */
export function schemaDrift(client: Client, eventType: string): Promise<SchemaDrift> {
  return client.get(`${one(eventType)}/drift`);
}
