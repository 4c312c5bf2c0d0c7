import { RequestFailure } from "@tidemark/widgets/request";
import type { Server } from "./server";

export interface StoredCohort {
  readonly id: string;
  readonly name: string;
}

/** What is there to choose from: event types, properties and their values. Where the server lists none, people type. */
export class Catalog {
  readonly #answers = new Map<string, Promise<readonly string[]>>();
  #cohorts: Promise<readonly StoredCohort[]> | null = null;

  constructor(private readonly server: Server) {}

  eventTypes(search = ""): Promise<readonly string[]> {
    return this.#list("/api/v1/event-types", { search }, "event_types", "event_type");
  }

  /** The properties that events of a type have, or any event. */
  async properties(event = "", search = ""): Promise<readonly string[]> {
    const found = await this.#list(
      "/api/v1/properties",
      { event_type: event, search },
      "properties",
      "property",
    );
    return found.length > 0 ? found : COMMON.filter((name) => name.includes(search));
  }

  values(property: string, event = "", search = ""): Promise<readonly string[]> {
    if (property.trim() === "") return Promise.resolve([]);
    return this.#list(
      "/api/v1/property-values",
      { property: property.trim(), event_type: event, search },
      "values",
      "value",
    );
  }

  /** The stored cohorts; none where the server does not keep any. */
  cohorts(): Promise<readonly StoredCohort[]> {
    this.#cohorts ??= this.server.cohorts().catch(() => []);
    return this.#cohorts;
  }

  #list(
    path: string,
    parameters: Readonly<Record<string, string>>,
    list: string,
    name: string,
  ): Promise<readonly string[]> {
    const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== ""));
    const address = query.size > 0 ? `${path}?${query}` : path;
    let answer = this.#answers.get(address);
    if (!answer) {
      answer = this.server.names(address, list, name).catch((cause: unknown) => {
        // A refused question (a half-typed property) or a missing route leaves the field to the keyboard.
        if (!(cause instanceof RequestFailure)) throw cause;
        if (cause.status === 0 || cause.status >= 500) this.#answers.delete(address);
        return [];
      });
      this.#answers.set(address, answer);
    }
    return answer;
  }
}

/** Properties of nearly every event. */
const COMMON: readonly string[] = [
  "event_type",
  "country",
  "device_type",
  "browser",
  "os",
  "page_path",
  "referrer",
  "utm_source",
];
