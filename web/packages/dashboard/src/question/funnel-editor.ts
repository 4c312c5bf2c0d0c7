import type { Interval } from "@tidemark/widgets/api";
import type { EventScope, ExclusionOf, FunnelQuestion, StepOf } from "@tidemark/widgets/questions";
import { html, nothing, type TemplateResult } from "lit";
import { icon } from "../shell/icons";
import { breakdownFields } from "./breakdown-fields";
import { countField, type EditedEvent, Editor, selectField, textField } from "./editor";
import { small } from "./measures-editor";
import { removed, replaced, shifted, withMember } from "./record";
import { eventsOf } from "./title";
import { INTERVALS } from "./words";

const ORDERS = [
  ["ordered", "In this order"],
  ["strict", "In this order, nothing in between"],
  ["any", "In any order"],
] as const;
const REENTRIES = [
  ["any_entry", "Any first step counts"],
  ["first_entry", "Only the earliest first step"],
] as const;
const COUNTED = [
  ["users", "People"],
  ["sessions", "Sessions"],
  ["totals", "Attempts"],
] as const;
const UNITS = [
  ["s", "seconds"],
  ["m", "minutes"],
  ["h", "hours"],
  ["d", "days"],
  ["w", "weeks"],
] as const;
const MOST_STEPS = 20;
const MOST_EXCLUSIONS = 10;

/** The form of a funnel. */
export class FunnelEditor extends Editor<FunnelQuestion> {
  protected override render(): TemplateResult {
    const { value } = this;
    return html`${this.#steps(value)}
      <section class="part-of">
        <h3>Counting</h3>
        <div class="fields">
          ${this.#window(value)}
          ${selectField("Order", ORDERS, value.order ?? "ordered", (order) => this.edit({ ...value, order }), { wrong: this.wrongWith("order") })}
          ${selectField("Counted", COUNTED, value.count ?? "users", (count) => this.edit({ ...value, count }), { wrong: this.wrongWith("count") })}
          ${selectField("Entering again", REENTRIES, value.entry ?? "any_entry", (entry) => this.edit({ ...value, entry }), { wrong: this.wrongWith("entry") })}
        </div>
      </section>
      ${this.#exclusions(value)} ${this.#shown(value)}`;
  }

  #steps(value: FunnelQuestion): TemplateResult {
    const { steps } = value;
    const wrong = this.wrongWith("steps");
    return html`<section class="part-of">
      <h3>Steps</h3>
      ${wrong ? html`<p class="wrong">${wrong}</p>` : nothing}
      <ol class="cards">
        ${steps.map(
          (step, at) => html`<li class="part" aria-label=${`Step ${at + 1}`}>
            <div class="part-head">
              <b>Step ${at + 1}</b>
              ${small("up", `Move step ${at + 1} up`, () => this.edit({ ...value, steps: shifted(steps, at, -1) }), at === 0)}
              ${small("down", `Move step ${at + 1} down`, () => this.edit({ ...value, steps: shifted(steps, at, 1) }), at === steps.length - 1)}
              ${small("close", `Remove step ${at + 1}`, () => this.#removeStep(at), steps.length <= 2)}
            </div>
            <scope-editor
              label="Event"
              placeholder="choose an event"
              .value=${step}
              .catalog=${this.catalog}
              .path=${`steps[${at}]`}
              .complaints=${this.complaints}
              @edited=${(event: EditedEvent<EventScope>) => this.edit({ ...value, steps: replaced(steps, at, event.detail) })}
            ></scope-editor>
            ${textField(
              "Shown as",
              step.name ?? "",
              (name) =>
                this.edit({
                  ...value,
                  steps: replaced(steps, at, withMember<StepOf, "name">(step, "name", name || undefined)),
                }),
              { wrong: this.wrongWith(`steps[${at}].name`), placeholder: eventsOf(step) },
            )}
          </li>`,
        )}
      </ol>
      ${
        steps.length < MOST_STEPS
          ? html`<div class="adders"><button
              type="button"
              class="small quiet"
              @click=${() => this.edit({ ...value, steps: [...steps, { event: "" }] })}
            >${icon("plus")} Step</button></div>`
          : nothing
      }
    </section>`;
  }

  /** Exclusions that named the last step now end with the one before. */
  #removeStep(at: number): void {
    const steps = removed(this.value.steps, at);
    const exclusions = (this.value.exclusions ?? []).flatMap((exclusion) => {
      const to = Math.min(exclusion.to, steps.length);
      return exclusion.from < to ? [{ ...exclusion, to }] : [];
    });
    const next = withMember<FunnelQuestion, "exclusions">(
      this.value,
      "exclusions",
      exclusions.length > 0 ? exclusions : undefined,
    );
    this.edit({ ...next, steps });
  }

  #window(value: FunnelQuestion): TemplateResult {
    const [, count = "7", unit = "d"] = /^(\d+)([smhdw])$/.exec(value.window ?? "7d") ?? [];
    const set = (length: number | string, word: string) =>
      this.edit({ ...value, window: `${length}${word}` });
    return html`<div class="pair">
      ${countField("Within", Number(count), [1, 100_000], (length) => set(length, unit), this.wrongWith("window"))}
      ${selectField("Unit", UNITS, unit as "d", (word) => set(count, word))}
    </div>`;
  }

  #exclusions(value: FunnelQuestion): TemplateResult {
    const exclusions = value.exclusions ?? [];
    const numbers = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, at) => [String(from + at), `step ${from + at}`] as const);
    const set = (list: readonly ExclusionOf[]) =>
      this.edit(
        withMember<FunnelQuestion, "exclusions">(value, "exclusions", list.length > 0 ? list : undefined),
      );
    return html`<section class="part-of">
      <h3>Exclusions</h3>
      ${exclusions.map(
        (exclusion, at) => html`<div class="part">
          <div class="part-head">
            <b>Ends the attempt</b>
            ${small("close", `Remove exclusion ${at + 1}`, () => set(removed(exclusions, at)))}
          </div>
          <scope-editor
            label="Event"
            placeholder="choose an event"
            .value=${exclusion}
            .catalog=${this.catalog}
            .path=${`exclusions[${at}]`}
            .complaints=${this.complaints}
            @edited=${(event: EditedEvent<EventScope>) => set(replaced(exclusions, at, event.detail as ExclusionOf))}
          ></scope-editor>
          <div class="pair">
            ${selectField(
              "Between",
              numbers(1, value.steps.length - 1),
              String(exclusion.from),
              (from) =>
                set(
                  replaced(exclusions, at, {
                    ...exclusion,
                    from: Number(from),
                    to: Math.max(exclusion.to, Number(from) + 1),
                  }),
                ),
              { wrong: this.wrongWith(`exclusions[${at}].from`) },
            )}
            ${selectField(
              "and",
              numbers(exclusion.from + 1, value.steps.length),
              String(exclusion.to),
              (to) => set(replaced(exclusions, at, { ...exclusion, to: Number(to) })),
              { wrong: this.wrongWith(`exclusions[${at}].to`) },
            )}
          </div>
        </div>`,
      )}
      ${
        exclusions.length < MOST_EXCLUSIONS
          ? html`<div class="adders"><button
              type="button"
              class="small quiet"
              @click=${() => set([...exclusions, { event: "", from: 1, to: value.steps.length }])}
            >${icon("plus")} Exclusion</button></div>`
          : nothing
      }
    </section>`;
  }

  #shown(value: FunnelQuestion): TemplateResult {
    const { breakdown } = value;
    const steps = [
      ["first", "the first step"] as const,
      ...value.steps.slice(1).map((_, at) => [String(at + 2), `step ${at + 2}`] as const),
      ["last", "the last step reached"] as const,
    ];
    const overTime = [["", "Not over time"] as const, ...INTERVALS];
    return html`<section class="part-of">
      <h3>Shown by</h3>
      <div class="fields">
        ${breakdownFields(
          this.catalog,
          breakdown,
          (member) => this.wrongWith(member),
          (next) => this.edit(withMember<FunnelQuestion, "breakdown">(value, "breakdown", next)),
        )}
        ${
          breakdown
            ? selectField(
                "Taken at",
                steps,
                String(breakdown.step ?? "first"),
                (word) =>
                  this.edit({
                    ...value,
                    breakdown: {
                      ...breakdown,
                      step: word === "first" || word === "last" ? word : Number(word),
                    },
                  }),
                { wrong: this.wrongWith("breakdown.step") },
              )
            : nothing
        }
        ${selectField(
          "Over time by",
          overTime,
          value.interval ?? "",
          (word) =>
            this.edit(
              withMember<FunnelQuestion, "interval">(
                value,
                "interval",
                word === "" ? undefined : (word as Interval | "auto"),
              ),
            ),
          { wrong: this.wrongWith("interval") },
        )}
      </div>
    </section>`;
  }
}
