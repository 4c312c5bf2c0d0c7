import { html, type PropertyValues, type TemplateResult } from "lit";
import { Page } from "../page-element";
import { defineQuestionElements } from "../question/elements";
import { SharePanel } from "../share/share-panel";
import type { Route } from "../shell/route";
import { ControlsEditor } from "./controls-editor";
import { ReportBuilder } from "./report-builder";
import { ReportGrid } from "./report-grid";
import { ReportList } from "./report-list";
import { ReportView } from "./report-view";
import { TemplateGallery } from "./template-gallery";
import { WholeBar } from "./whole-bar";
import { WidgetEditor } from "./widget-editor";

defineQuestionElements();
customElements.define("report-list", ReportList);
customElements.define("template-gallery", TemplateGallery);
customElements.define("report-view", ReportView);
customElements.define("report-grid", ReportGrid);
customElements.define("whole-bar", WholeBar);
customElements.define("controls-editor", ControlsEditor);
customElements.define("widget-editor", WidgetEditor);
customElements.define("report-builder", ReportBuilder);
if (!customElements.get("share-panel")) customElements.define("share-panel", SharePanel);

/** Reports: the list, one to look at, one to edit, a new one. */
export class ReportsPage extends Page {
  protected override updated(changed: PropertyValues): void {
    const before = changed.get("route") as Route | undefined;
    // A choice within a report leaves its reader where they are.
    if (changed.has("route") && before?.rest.join("/") !== this.route.rest.join("/")) scrollTo(0, 0);
  }

  protected override render(): TemplateResult {
    const [report = "", action = "", widget = ""] = this.route.rest;
    if (report === "") return html`<report-list .app=${this.app}></report-list>`;
    if (report === "new") return html`<template-gallery .app=${this.app}></template-gallery>`;
    if (action === "edit") {
      return html`<report-builder .app=${this.app} .report=${report} .opened=${widget}></report-builder>`;
    }
    return html`<report-view .app=${this.app} .report=${report} .query=${this.route.query} .sharing=${action === "share"}></report-view>`;
  }
}

customElements.define("reports-page", ReportsPage);
