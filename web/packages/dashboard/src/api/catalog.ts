import { RequestFailure } from "@tidemark/widgets/request";
import type { Wire } from "@tidemark/widgets/wire";
import { address, type Client } from "./client";
import { type ListedCohort, listCohorts } from "./cohorts";

export type EventType = Wire<"EventTypes">["event_types"][number];
export type Property = Wire<"Properties">["properties"][number];
export type PropertyValue = Wire<"PropertyValues">["values"][number];
export type ValueType = PropertyValue["type"];

const SHOWN = 50;
/** After this an answer is asked for again, so that new events show up. */
const KEPT_MILLIS = 60_000;

/** What there is to choose from: event types, properties with their types and values, cohorts. Answers are kept for a minute. */
export class Catalog {
  readonly #answers = new Map<string, { readonly at: number; readonly answer: Promise<unknown> }>();

  constructor(private readonly client: Client) {}

  async eventTypes(search = ""): Promise<readonly EventType[]> {
    const path = address("/api/v1/event-types", { search, limit: SHOWN });
    return (await this.#kept<Wire<"EventTypes">>(path))?.event_types ?? [];
  }

  /** The properties that events of a type have, or any event. */
  async properties(event = "", search = ""): Promise<readonly Property[]> {
    const path = address("/api/v1/properties", { event_type: event, search, limit: SHOWN });
    return (await this.#kept<Wire<"Properties">>(path))?.properties ?? [];
  }

  /** The types that the values of a property have; none where it was never seen. */
  async typesOf(property: string): Promise<ReadonlySet<ValueType>> {
    if (property === "") return new Set();
    const found = (await this.properties("", property)).find((entry) => entry.property === property);
    return new Set(found?.types.map((entry) => entry.type) ?? []);
  }

  async values(property: string, event = "", search = ""): Promise<readonly PropertyValue[]> {
    if (property === "") return [];
    const path = address("/api/v1/property-values", { property, event_type: event, search, limit: SHOWN });
    return (await this.#kept<Wire<"PropertyValues">>(path))?.values ?? [];
  }

  async cohorts(): Promise<readonly ListedCohort[]> {
    return (await this.#remembered("cohorts", () => listCohorts(this.client))) ?? [];
  }

  /** Has cohorts looked up again after one was changed. */
  forgetCohorts(): void {
    this.#answers.delete("cohorts");
  }

  #kept<T>(path: string): Promise<T | null> {
    return this.#remembered(path, () => this.client.get<T>(path));
  }

  /** A refused question (a half-typed property) leaves the field to the keyboard; nothing of a failure is kept. */
  #remembered<T>(name: string, look: () => Promise<T>): Promise<T | null> {
    const known = this.#answers.get(name);
    if (known && Date.now() - known.at < KEPT_MILLIS) return known.answer as Promise<T | null>;
    const answer = look().catch((cause: unknown) => {
      this.#answers.delete(name);
      if (!(cause instanceof RequestFailure)) throw cause;
      return null;
    });
    this.#answers.set(name, { at: Date.now(), answer });
    return answer;
  }
}
