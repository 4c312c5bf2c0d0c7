import type { Controls, Display, Layout } from "@tidemark/widgets/api";
import type { Question } from "@tidemark/widgets/questions";
import type { ReportDraft, StoredReport } from "../api/reports";
import { asSent } from "../question/lacking";
import { titleOf } from "../question/title";

/** A widget that is being edited. Its key stays for as long as the page does, its id is the server's. */
export interface DraftWidget {
  readonly key: string;
  readonly title: string;
  readonly display: Display;
  readonly layout: Layout;
  readonly question: Question;
}

/** Where nothing may be chosen. */
export const NO_CONTROLS: Controls = {
  date_range: false,
  max_days: 366,
  breakdown: [],
  filters: [],
  drill_down: "none",
};

/** A report that is being edited. */
export interface Draft {
  readonly name: string;
  readonly widgets: readonly DraftWidget[];
  readonly controls: Controls;
}

/** The server's ids of widgets by their keys, as of the version that was last read or saved. */
export type Ids = ReadonlyMap<string, string>;

let made = 0;

export function newKey(): string {
  made += 1;
  return `new-${made}`;
}

export function draftOf(report: StoredReport): { readonly draft: Draft; readonly ids: Ids } {
  const widgets = report.widgets.map(({ widget_id, title, display, layout, question }) => ({
    key: widget_id,
    title,
    display,
    layout,
    question: { ...question, range: question.range ?? { last: "30d" } },
  }));
  return {
    draft: { name: report.report_name, widgets, controls: report.controls ?? NO_CONTROLS },
    ids: new Map(widgets.map(({ key }) => [key, key])),
  };
}

/** What is sent to save a draft: widgets that the server has keep their ids. */
export function sentOf(draft: Draft, ids: Ids): ReportDraft {
  return {
    report_name: draft.name.trim(),
    controls: draft.controls,
    widgets: draft.widgets.map(({ key, title, display, layout, question }) => {
      const id = ids.get(key);
      return {
        ...(id === undefined ? {} : { widget_id: id }),
        type: question.type,
        title: title.trim() === "" ? titleOf(question).slice(0, 200) : title,
        display,
        layout,
        question: asSent(question),
      };
    }),
  };
}

/** The ids after saving: the server answers with the widgets in the order in which they were sent. */
export function idsOf(draft: Draft, saved: StoredReport): Ids {
  return new Map(
    draft.widgets.flatMap(({ key }, at) => {
      const id = saved.widgets[at]?.widget_id;
      return id === undefined ? [] : [[key, id] as const];
    }),
  );
}
