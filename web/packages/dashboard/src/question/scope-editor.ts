import type { EventScope } from "@tidemark/widgets/questions";
import { html, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { type EditedEvent, Editor } from "./editor";
import { eventOf, eventPicker, listOf } from "./pickers";
import { withMember } from "./record";

/** Which events are meant: types and a filter. Other members of the value stay as they are. */
export class ScopeEditor extends Editor<EventScope> {
  @property() label = "Event";
  @property() placeholder = "any event";

  protected override render(): TemplateResult {
    const events = listOf(this.value.event);
    return html`<div class="scope">
      ${eventPicker(
        {
          label: this.label,
          catalog: this.catalog,
          placeholder: this.placeholder,
          wrong: this.wrongWith("event"),
        },
        events,
        (list) =>
          this.edit(withMember<EventScope, "event">(this.value, "event", eventOf(list) ?? this.#none())),
      )}
      <filter-editor
        .value=${this.value.filter}
        .event=${events.length === 1 ? (events[0] ?? "") : ""}
        .catalog=${this.catalog}
        .path=${this.at("filter")}
        .complaints=${this.complaints}
        @edited=${(event: EditedEvent<EventScope["filter"]>) => this.edit(withMember<EventScope, "filter">(this.value, "filter", event.detail))}
      ></filter-editor>
    </div>`;
  }

  /** A scope that has to name an event keeps an empty place for it. */
  #none(): "" | undefined {
    return this.placeholder === "any event" ? undefined : "";
  }
}
