import { Format } from "@tidemark/widgets/format";
import { html, type TemplateResult } from "lit";
import type { Catalog } from "../api/catalog";
import type { Suggest } from "../parts/pick-box";

interface Setting {
  readonly label: string;
  readonly catalog: Catalog | null;
  readonly bare?: boolean;
  readonly placeholder?: string;
  readonly wrong?: string;
}

export function listOf(event: string | readonly string[] | undefined): readonly string[] {
  if (event === undefined || event === "") return [];
  return typeof event === "string" ? [event] : event;
}

/** One event type as a text, several as a list, none as undefined. */
export function eventOf(list: readonly string[]): string | readonly string[] | undefined {
  const [only] = list;
  return list.length > 1 ? list : only;
}

/** One or several of the event types that were seen. */
export function eventPicker(
  setting: Setting,
  value: readonly string[],
  picked: (value: readonly string[]) => void,
): TemplateResult {
  return html`<pick-box
    many
    .label=${setting.label}
    .bare=${setting.bare ?? false}
    .placeholder=${setting.placeholder ?? "any event"}
    .wrong=${setting.wrong ?? ""}
    .value=${value}
    .suggest=${suggestEvents(setting.catalog)}
    @picked=${(event: CustomEvent<readonly string[]>) => picked(event.detail)}
  ></pick-box>`;
}

/** One of the properties that were seen, with the types of its values. */
export function propertyPicker(
  setting: Setting & { readonly event?: string; readonly numeric?: boolean },
  value: string,
  picked: (value: string) => void,
): TemplateResult {
  return html`<pick-box
    .label=${setting.label}
    .bare=${setting.bare ?? false}
    .placeholder=${setting.placeholder ?? "choose a property"}
    .wrong=${setting.wrong ?? ""}
    .value=${value === "" ? [] : [value]}
    .suggest=${suggestProperties(setting.catalog, setting.event ?? "", setting.numeric ?? false)}
    @picked=${(event: CustomEvent<readonly string[]>) => picked(event.detail[0] ?? "")}
  ></pick-box>`;
}

/** A cohort by its name; its value is the id. */
export function cohortPicker(
  setting: Setting & { readonly names: ReadonlyMap<string, string> },
  value: string,
  picked: (id: string) => void,
): TemplateResult {
  return html`<pick-box
    strict
    .label=${setting.label}
    .bare=${setting.bare ?? false}
    placeholder="choose a cohort"
    .wrong=${setting.wrong ?? ""}
    .value=${value === "" ? [] : [value]}
    .named=${(id: string) => setting.names.get(id) ?? id}
    .suggest=${suggestCohorts(setting.catalog)}
    @picked=${(event: CustomEvent<readonly string[]>) => picked(event.detail[0] ?? "")}
  ></pick-box>`;
}

export function suggestEvents(catalog: Catalog | null): Suggest {
  const format = new Format();
  return async (typed) =>
    ((await catalog?.eventTypes(typed)) ?? []).map((type) => ({
      value: type.event_type,
      note: format.compact(type.events),
    }));
}

/** Properties that were seen, of an event type or of any. */
export function suggestProperties(catalog: Catalog | null, event: string, numeric: boolean): Suggest {
  return async (typed) => {
    const found = (await catalog?.properties(event, typed)) ?? [];
    const fitting = numeric
      ? found.filter((entry) => entry.types.some(({ type }) => type === "number"))
      : found;
    const listed = fitting.map((entry) => ({
      value: entry.property,
      note: entry.types
        .map(({ type }) => ({ string: "text", number: "number", boolean: "yes/no" })[type])
        .join(", "),
    }));
    const eventType =
      !numeric && "event_type".includes(typed) && !listed.some(({ value }) => value === "event_type");
    return eventType ? [{ value: "event_type", note: "text" }, ...listed] : listed;
  };
}

export function suggestCohorts(catalog: Catalog | null): Suggest {
  return async (typed) =>
    ((await catalog?.cohorts()) ?? [])
      .filter((cohort) => cohort.name.toLowerCase().includes(typed.toLowerCase()))
      .map((cohort) => ({ value: cohort.cohort_id, label: cohort.name, note: cohort.kind }));
}
