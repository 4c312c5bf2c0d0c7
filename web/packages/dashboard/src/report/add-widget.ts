import type { Display, WidgetType } from "@tidemark/widgets/api";
import type { Question, RangeOf } from "@tidemark/widgets/questions";
import { html } from "lit";
import { openDialog } from "../parts/dialog";
import { freshQuestion, liveQuestion } from "../question/fresh";
import { displaysOf, KINDS } from "../question/words";

export interface NewWidget {
  readonly question: Question;
  readonly display: Display;
  readonly size: { readonly w: number; readonly h: number };
}

const SIZES: Readonly<Record<WidgetType, { readonly w: number; readonly h: number }>> = {
  trend: { w: 12, h: 4 },
  metric: { w: 4, h: 2 },
  table: { w: 6, h: 5 },
  funnel: { w: 12, h: 5 },
  retention: { w: 12, h: 5 },
  cohort: { w: 12, h: 5 },
  stickiness: { w: 6, h: 4 },
  paths: { w: 12, h: 6 },
};

/** Asks which kind of widget to add; null when it was dismissed. */
export function chooseKind(range: RangeOf | undefined): Promise<NewWidget | null> {
  return openDialog<NewWidget>(
    "Add a widget",
    (close) => html`<ul class="gallery">
      ${KINDS.map(
        ({
          type,
          name,
          about,
        }) => html`<li><button type="button" @click=${() => close(newWidget(freshQuestion(type, range)))}>
          <b>${name}</b><span class="soft">${about}</span>
        </button></li>`,
      )}
      <li><button type="button" @click=${() => close(newWidget(liveQuestion()))}>
        <b>Live</b><span class="soft">How many are active right now</span>
      </button></li>
    </ul>`,
    true,
  );
}

export function newWidget(question: Question): NewWidget {
  return {
    question,
    display: displaysOf(question.type)[0] ?? "table",
    size: SIZES[question.type],
  };
}
