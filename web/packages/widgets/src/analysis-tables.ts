import type { FunnelData, FunnelStep, PathsData, StickinessData } from "./analysis-api";
import type { Cell, TableColumn, TableData } from "./api";
import { displayName } from "./format";

/** A funnel's steps as rows, group by group where it has groups. */
export function funnelTable(data: FunnelData): TableData {
  const groups = data.groups ?? [];
  const columns: TableColumn[] = [
    ...(groups.length > 0 ? [{ name: "group", kind: "breakdown" } as const] : []),
    { name: "step", kind: "breakdown" },
    { name: "count", kind: "measure" },
    { name: "from_first", kind: "measure", unit: "percent" },
    { name: "from_previous", kind: "measure", unit: "percent" },
    { name: "dropped", kind: "measure" },
    { name: "median_time", kind: "measure", unit: "seconds" },
    { name: "average_time", kind: "measure", unit: "seconds" },
    { name: "90%_time", kind: "measure", unit: "seconds" },
  ];
  const cells = (step: FunnelStep): Cell[] => [
    `${step.step}. ${step.name}`,
    step.count,
    step.from_first,
    step.from_previous,
    step.dropped,
    step.seconds?.median ?? null,
    step.seconds?.avg ?? null,
    step.seconds?.p90 ?? null,
  ];
  const rows =
    groups.length > 0
      ? groups.flatMap((group) => group.steps.map((step) => [displayName(group.value), ...cells(step)]))
      : data.steps.map(cells);
  return { columns, rows, total_rows: rows.length };
}

export function stickinessTable(data: StickinessData): TableData {
  const counted = data.distribution.some((bar) => bar.at_least !== undefined);
  return {
    columns: [
      { name: `active_${data.period}s`, kind: "breakdown" },
      { name: "people", kind: "measure" },
      { name: "share", kind: "measure", unit: "percent" },
      ...(counted ? [{ name: "or_more", kind: "measure" } as const] : []),
    ],
    rows: data.distribution.map((bar) => [
      bar.active,
      bar.users,
      bar.share,
      ...(counted ? [bar.at_least ?? null] : []),
    ]),
    total_rows: data.distribution.length,
  };
}

/** The commonest sequences, first the most frequent. */
export function pathsTable(data: PathsData): TableData {
  return {
    columns: [
      { name: "path", kind: "breakdown" },
      { name: "count", kind: "measure" },
      { name: "share", kind: "measure", unit: "percent" },
    ],
    rows: data.paths.map((path) => [path.events.map(displayName).join(" → "), path.count, path.share]),
    total_rows: data.paths.length,
  };
}
