import type { EventScope, PathsQuestion } from "@tidemark/widgets/questions";
import { html, type TemplateResult } from "lit";
import { countField, Editor, selectField, tickField } from "./editor";
import { eventOf, eventPicker, listOf, propertyPicker } from "./pickers";
import { withMember } from "./record";
import { scopeField } from "./return-editors";

const DIRECTIONS = [
  ["after", "After the first one of a session"],
  ["before", "Before the last one of a session"],
] as const;

/** The form of paths. */
export class PathsEditor extends Editor<PathsQuestion> {
  protected override render(): TemplateResult {
    const { value } = this;
    return html`<section class="part-of">
        <h3>Anchor</h3>
        ${scopeField(this, "Event", value.anchor, "anchor", (anchor) => this.edit({ ...value, anchor }), "choose an event")}
      </section>
      <section class="part-of">
        <h3>Paths</h3>
        <div class="fields">
          ${selectField("Direction", DIRECTIONS, value.direction ?? "after", (direction) => this.edit({ ...value, direction }), { wrong: this.wrongWith("direction") })}
          ${countField("Steps", value.steps ?? 3, [1, 10], (steps) => this.edit({ ...value, steps }), this.wrongWith("steps"))}
          ${countField("Paths at most", value.limit ?? 10, [1, 50], (limit) => this.edit({ ...value, limit }), this.wrongWith("limit"))}
          ${propertyPicker(
            {
              label: "Events told apart by",
              catalog: this.catalog,
              placeholder: "event_type",
              wrong: this.wrongWith("by"),
            },
            value.by ?? "event_type",
            (by) => this.edit({ ...value, by: by || "event_type" }),
          )}
          ${tickField("Repeats count once", value.repeats === "collapse", (on) =>
            this.edit(withMember<PathsQuestion, "repeats">(value, "repeats", on ? "collapse" : undefined)),
          )}
        </div>
      </section>`;
  }
}

/** Event types without a filter. */
export class EventTypesField extends Editor<EventScope> {
  protected override render(): TemplateResult {
    return eventPicker(
      { label: "Event", catalog: this.catalog, wrong: this.wrongWith("event") },
      listOf(this.value.event),
      (list) => this.edit(withMember<EventScope, "event">(this.value, "event", eventOf(list))),
    );
  }
}
