import type { Controls, Display, Layout, ReportHead, WidgetType } from "@tidemark/widgets/api";
import type { Question } from "@tidemark/widgets/questions";
import type { Wire } from "@tidemark/widgets/wire";
import type { OwnNames, Template } from "../template";
import type { Client } from "./client";

/** A widget as it is stored; without an id it is new. */
export interface StoredWidget {
  readonly widget_id?: string;
  readonly type: WidgetType;
  readonly title: string;
  readonly display: Display;
  readonly layout: Layout;
  readonly question: Question;
}

export interface StoredReport {
  readonly report_id: string;
  readonly report_name: string;
  readonly version: number;
  readonly updated_at: string;
  readonly controls?: Controls;
  readonly widgets: readonly (StoredWidget & { readonly widget_id: string })[];
}

export interface ListedReport extends ReportHead {
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly widget_count: number;
}

/** What is sent to make or replace a report. */
export interface ReportDraft {
  readonly report_name: string;
  readonly widgets: readonly StoredWidget[];
  readonly controls?: Controls;
}

const ALL = "/api/v1/reports";
const one = (id: string) => `${ALL}/${encodeURIComponent(id)}`;

export async function listReports(client: Client): Promise<readonly ListedReport[]> {
  return (await client.get<{ reports: readonly ListedReport[] }>(ALL)).reports;
}

export function readReport(client: Client, id: string): Promise<StoredReport> {
  return client.get(`${one(id)}/definition`);
}

export function createReport(client: Client, draft: ReportDraft): Promise<StoredReport> {
  return client.call("POST", ALL, { body: draft });
}

/** @param seen the version that the draft is based on; absent to replace whatever is there */
export function replaceReport(
  client: Client,
  id: string,
  draft: ReportDraft,
  seen?: number,
): Promise<StoredReport> {
  return client.call("PUT", one(id), { body: draft, seen });
}

export function removeReport(client: Client, id: string, keepalive = false): Promise<null> {
  return client.call("DELETE", one(id), { keepalive });
}

/** Makes another report of the same widgets. */
export async function duplicateReport(client: Client, id: string): Promise<StoredReport> {
  const report = await readReport(client, id);
  return createReport(client, {
    report_name: copyName(report.report_name),
    widgets: asNew(report.widgets),
    ...(report.controls ? { controls: report.controls } : {}),
  });
}

/** The same widgets without their ids. */
export function asNew(widgets: readonly StoredWidget[]): readonly StoredWidget[] {
  return widgets.map(({ widget_id: _, ...widget }) => widget);
}

const MOST_CHARACTERS = 200;

export function copyName(name: string): string {
  return `${name.slice(0, MOST_CHARACTERS - " (copy)".length)} (copy)`;
}

export function addWidget(
  client: Client,
  id: string,
  widget: Omit<StoredWidget, "layout">,
): Promise<StoredWidget> {
  return client.call("POST", `${one(id)}/widgets`, { body: widget });
}

export async function listTemplates(client: Client): Promise<readonly Template[]> {
  return (await client.get<Wire<"Templates">>("/api/v1/templates")).templates;
}

export function reportFrom(client: Client, template: string, names: OwnNames): Promise<StoredReport> {
  return client.call("POST", `/api/v1/templates/${encodeURIComponent(template)}/reports`, { body: names });
}
