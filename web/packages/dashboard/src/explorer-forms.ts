import type { MeasureKind } from "@tidemark/widgets/questions";
import { html, nothing, type TemplateResult } from "lit";
import { ANY_EVENT, OF_PROPERTY } from "./exploration";
import { choice, count, eventField, type FormSetting, propertyField } from "./form-fields";

const MEASURES: readonly (readonly [MeasureKind, string])[] = [
  ["events", "Events"],
  ["users", "Users"],
  ["sessions", "Sessions"],
  ["events_per_user", "Events per user"],
  ["sum", "Sum of"],
  ["avg", "Average of"],
  ["median", "Median of"],
  ["p95", "95th percentile of"],
  ["max", "Largest"],
  ["min", "Smallest"],
  ["distinct", "Distinct values of"],
];
const OVER_TIME: readonly (readonly [MeasureKind, string])[] = [
  ["dau", "Daily active users"],
  ["wau", "Weekly active users"],
  ["mau", "Monthly active users"],
  ["stickiness", "Stickiness (DAU / MAU)"],
  ["session_duration", "Session duration, average"],
  ["median_session_duration", "Session duration, median"],
  ["p90_session_duration", "Session duration, 90%"],
  ["bounce_rate", "Bounce rate"],
  ["engagement_rate", "Engagement rate"],
  ["events_per_session", "Events per session"],
  ["pages_per_session", "Pages per session"],
];
const NOW: readonly (readonly [MeasureKind, string])[] = [["active_users_now", "Active users now"]];
const PERIODS = [
  ["day", "Day"],
  ["week", "Week"],
  ["month", "Month"],
] as const;

const ENTRIES = [
  ["recurring", "In every period anew"],
  ["first_time", "For the first time ever"],
] as const;

export function measureName(measure: MeasureKind): string {
  return [...MEASURES, ...OVER_TIME, ...NOW].find(([value]) => value === measure)?.[1] ?? measure;
}

/** The form of the kind of question that is chosen. */
export function formOf(setting: FormSetting): TemplateResult {
  switch (setting.form.type) {
    case "trend":
    case "metric":
    case "table":
      return measuredForm(setting);
    case "funnel":
      return funnelForm(setting);
    case "retention":
      return retentionForm(setting);
    case "cohort":
      return cohortForm(setting);
    case "stickiness":
      return stickinessForm(setting);
    case "paths":
      return pathsForm(setting);
  }
}

function measuredForm(setting: FormSetting): TemplateResult {
  const { form, change } = setting;
  return html`<div class="fields">
    ${choice(setting, "measure", "Measure", [...MEASURES, ...OVER_TIME, ...(form.type === "metric" ? NOW : [])])}
    ${OF_PROPERTY.has(form.measure) ? propertyField(setting, "property", "Property", "properties.amount", form.subject.event) : nothing}
    ${eventField(setting, "Event type", form.subject, (subject) => change({ subject }))}
    ${form.type === "metric" ? nothing : propertyField(setting, "breakdown", "Broken down by", form.type === "table" ? "country" : "nothing", form.subject.event)}
    ${
      form.type === "trend"
        ? choice(setting, "interval", "Bucket", [["auto", "Automatic"], ["hour", "Hour"], ...PERIODS])
        : nothing
    }
    ${
      form.type === "table"
        ? nothing
        : choice(setting, "compare", "Compared with", [
            ["", form.type === "metric" ? "The period before" : "Nothing"],
            ...(form.type === "metric" ? [] : ([["previous_period", "The period before"]] as const)),
            ["week", "A week before"],
            ["month", "A month before"],
            ["year", "A year before"],
          ])
    }
  </div>`;
}

function funnelForm(setting: FormSetting): TemplateResult {
  const { form, change } = setting;
  const { steps } = form;
  return html`<ol class="steps-form">
      ${steps.map(
        (step, at) => html`<li>
          ${eventField(
            setting,
            `Step ${at + 1}`,
            step,
            (value) => change({ steps: steps.map((old, index) => (index === at ? value : old)) }),
            "choose an event",
          )}
          ${
            steps.length > 2
              ? html`<button
                  type="button"
                  class="small quiet"
                  aria-label=${`Remove step ${at + 1}`}
                  @click=${() => change({ steps: steps.filter((_, index) => index !== at) })}
                >
                  ✕
                </button>`
              : nothing
          }
        </li>`,
      )}
      ${
        steps.length < 20
          ? html`<li>
              <button type="button" class="small" @click=${() => change({ steps: [...steps, ANY_EVENT] })}>+ Step</button>
            </li>`
          : nothing
      }
    </ol>
    <div class="fields">
      ${count(setting, "windowLength", "Within", 1, 366)}
      ${choice(setting, "windowUnit", "Unit", [
        ["m", "Minutes"],
        ["h", "Hours"],
        ["d", "Days"],
        ["w", "Weeks"],
      ])}
      ${choice(setting, "order", "Order", [
        ["ordered", "In this order"],
        ["strict", "With nothing between"],
        ["any", "In any order"],
      ])}
      ${choice(setting, "count", "Count", [
        ["users", "People"],
        ["sessions", "Sessions"],
        ["totals", "Attempts"],
      ])}
      ${choice(setting, "reentry", "Entering", [
        ["any_entry", "At any first step"],
        ["first_entry", "At the earliest first step"],
      ])}
      ${propertyField(setting, "breakdown", "Broken down by", "nothing", steps[0]?.event)}
      ${choice(setting, "overTime", "Over time", [["", "As a whole"], ...PERIODS])}
    </div>`;
}

function retentionForm(setting: FormSetting): TemplateResult {
  const { form, change } = setting;
  return html`<div class="fields">
    ${eventField(setting, "First do", form.start, (start) => change({ start }))}
    ${eventField(setting, "Then come back and do", form.comeback, (comeback) => change({ comeback }))}
    ${choice(setting, "period", "Period", PERIODS)} ${count(setting, "periods", "Periods", 1, 366)}
    ${choice(setting, "entry", "Starting", ENTRIES)}
    ${choice(setting, "criterion", "Returned", [
      ["on", "In that period"],
      ["on_or_after", "In that period or later"],
    ])}
    ${choice(setting, "alignment", "Periods are", [
      ["calendar", "Of the calendar"],
      ["rolling", "24 hours from the start"],
    ])}
    ${propertyField(setting, "breakdown", "Broken down by", "nothing", form.start.event)}
  </div>`;
}

function cohortForm(setting: FormSetting): TemplateResult {
  const { form, change } = setting;
  return html`<div class="fields">
    ${
      form.cohorts.length > 0
        ? nothing
        : eventField(setting, "People who did", form.start, (start) => change({ start }))
    }
    ${choice(setting, "measure", "Measure", MEASURES)}
    ${OF_PROPERTY.has(form.measure) ? propertyField(setting, "property", "Property", "properties.amount", form.subject.event) : nothing}
    ${eventField(setting, "Of the event type", form.subject, (subject) => change({ subject }))}
    ${choice(setting, "period", "Period", PERIODS)}
    ${
      form.cohorts.length > 0
        ? nothing
        : html`${count(setting, "periods", "Periods", 1, 366)}
          ${choice(setting, "entry", "Starting", ENTRIES)}`
    }
    <label class="tick">
      <input
        type="checkbox"
        .checked=${form.perMember}
        @change=${(event: Event) => change({ perMember: (event.target as HTMLInputElement).checked })}
      />
      <span>Per person of the row</span>
    </label>
    <cohort-choice
      .catalog=${setting.catalog}
      .value=${form.cohorts}
      @chosen=${(event: CustomEvent<readonly string[]>) => change({ cohorts: event.detail })}
    ></cohort-choice>
  </div>`;
}

function stickinessForm(setting: FormSetting): TemplateResult {
  const { form, change } = setting;
  return html`<div class="fields">
    ${eventField(setting, "Event type", form.subject, (subject) => change({ subject }))}
    ${choice(setting, "period", "Active on", [
      ["day", "Days"],
      ["week", "Weeks"],
      ["month", "Months"],
    ])}
  </div>`;
}

function pathsForm(setting: FormSetting): TemplateResult {
  const { form, change } = setting;
  return html`<div class="fields">
    ${choice(setting, "direction", "What happens", [
      ["after", "After"],
      ["before", "Before"],
    ])}
    ${eventField(setting, "This event", form.anchor, (anchor) => change({ anchor }), "choose an event")}
    ${count(setting, "length", "Steps", 1, 10)}
    ${propertyField(setting, "by", "Told apart by", "event_type", form.anchor.event)}
  </div>`;
}
