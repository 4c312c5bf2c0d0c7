import type {
  Layout,
  Line,
  MetricData,
  Point,
  ReportAnswer,
  TableData,
  TrendData,
  WidgetAnswer,
} from "../../packages/widgets/src/api";

const DAY = 86_400_000;
export const FIXED_NOW = Date.parse("2026-03-14T15:20:00Z");

/** Repeatable noise between 0 and 1. */
export function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
}

/** Daily values with a weekly rhythm and growth; the last day is under way. */
export function days(count: number, level: number, seed: number, before = 0): Point[] {
  const random = noise(seed);
  const today = Math.floor(FIXED_NOW / DAY);
  return Array.from({ length: count }, (_, at) => {
    const day = today - count + 1 + at;
    const weekend = day % 7 === 2 || day % 7 === 3;
    const value = level * (1 + at * 0.012) * (weekend ? 0.62 : 1) * (0.88 + random() * 0.24);
    const partial = at === count - 1 && before === 0;
    return {
      time: `${new Date((day - before) * DAY).toISOString().slice(0, 10)}T00:00:00+00:00`,
      value: Math.round(partial ? value * 0.6 : value),
      ...(partial ? { partial: true } : {}),
    };
  });
}

function sum(lines: readonly Line[]): Point[] {
  const [first] = lines;
  return (first?.points ?? []).map((point, at) => ({
    ...point,
    value: lines.reduce((all, line) => all + (line.points[at]?.value ?? 0), 0),
  }));
}

function trend(lines: readonly Line[], series: readonly Point[]): TrendData {
  return {
    series,
    lines,
    interval: "day",
    zone: "UTC",
    start_time: series[0]?.time ?? "2026-02-13T00:00:00+00:00",
    end_time: "2026-03-15T00:00:00+00:00",
  };
}

export function comparedTrend(level = 4200): TrendData {
  const points = days(30, level, 11);
  const before = days(30, level * 0.84, 5, 30).map(({ time, value }, at) => ({
    time: points[at]?.time ?? time,
    value,
    compared_time: time,
  }));
  return trend(
    [
      { measure: "page_views", breakdown: null, compare: false, points },
      { measure: "page_views", breakdown: null, compare: true, points: before },
    ],
    points,
  );
}

export function brokenTrend(names: readonly string[], level = 900): TrendData {
  const lines = names.map((breakdown, at) => ({
    measure: "events",
    breakdown,
    compare: false,
    points: days(30, level / (1 + at * 0.7), 31 + at),
  }));
  return trend(lines, sum(lines));
}

export function overlappingTrend(): TrendData {
  const lines = ["Mobile", "Desktop", "Tablet"].map((breakdown, at) => ({
    measure: "users",
    breakdown,
    compare: false,
    points: days(30, [1800, 1300, 240][at] ?? 100, 71 + at),
  }));
  return trend(lines, days(30, 2900, 79));
}

export function zeroTrend(): TrendData {
  const points = days(30, 0, 1);
  return trend([{ measure: "events", breakdown: null, compare: false, points }], points);
}

export function metric(measure: string, value: number, previous?: number): MetricData {
  return {
    value,
    values: [
      {
        measure,
        value,
        ...(previous === undefined ? {} : { previous, change: (value - previous) / previous }),
      },
    ],
  };
}

export function pages(names?: readonly string[]): TableData {
  const random = noise(3);
  const paths = names ?? [
    "/",
    "/pricing",
    "/blog/how-we-cut-our-build-from-forty-minutes-to-three",
    "/docs/getting-started",
    "/docs/api/events",
    "/changelog",
    "/customers/northwind",
    "/blog/what-a-duplicate-costs",
    "/signup",
    "$none",
  ];
  const rows = paths.map((path, at) => {
    const views = Math.round((18_400 / (at + 1)) * (0.9 + random() * 0.2));
    return [path, views, Math.round(views * 0.61), at % 4 === 3 ? null : 0.2 + random() * 0.5];
  });
  return {
    columns: [
      { name: "page_path", kind: "breakdown" },
      { name: "views", kind: "measure" },
      { name: "users", kind: "measure" },
      { name: "bounce_rate", kind: "measure" },
    ],
    rows,
    totals: [rows.reduce((all, row) => all + Number(row[1]), 0), 31_207, 0.41],
    total_rows: names ? rows.length : 128,
  };
}

const at = (x: number, y: number, w: number, h: number): Layout => ({ x, y, w, h });

export function fullReport(level = 4200): ReportAnswer {
  const widgets: WidgetAnswer[] = [
    {
      widget_id: "w1",
      type: "metric",
      title: "Page views",
      display: "number",
      layout: at(0, 0, 3, 2),
      data: metric("page_views", level * 31, 112_480),
    },
    {
      widget_id: "w2",
      type: "metric",
      title: "Visitors",
      display: "number",
      layout: at(3, 0, 3, 2),
      data: metric("users", 31_207, 33_950),
    },
    {
      widget_id: "w3",
      type: "metric",
      title: "Sign-ups",
      display: "number",
      layout: at(6, 0, 3, 2),
      data: metric("sign_ups", 842, 0),
    },
    {
      widget_id: "w4",
      type: "trend",
      title: "Visitors today",
      display: "number",
      layout: at(9, 0, 3, 2),
      data: overlappingTrend(),
    },
    {
      widget_id: "w5",
      type: "trend",
      title: "Page views, against the 30 days before",
      display: "line",
      layout: at(0, 2, 8, 4),
      data: comparedTrend(level),
    },
    {
      widget_id: "w6",
      type: "trend",
      title: "Visitors by device",
      display: "line",
      layout: at(8, 2, 4, 4),
      data: overlappingTrend(),
    },
    {
      widget_id: "w7",
      type: "trend",
      title: "Events by country",
      display: "bar",
      layout: at(0, 6, 6, 4),
      data: brokenTrend(["DE", "US", "FR", "GB", "SE", "$other", "$none"]),
    },
    {
      widget_id: "w8",
      type: "trend",
      title: "Events by source",
      display: "area",
      layout: at(6, 6, 6, 4),
      data: brokenTrend(["newsletter", "search", "direct", "$other"]),
    },
    {
      widget_id: "w9",
      type: "table",
      title: "Most read pages",
      display: "table",
      layout: at(0, 10, 7, 5),
      data: pages(),
    },
    {
      widget_id: "w10",
      type: "trend",
      title: "Page views by day",
      display: "table",
      layout: at(7, 10, 5, 5),
      data: comparedTrend(level),
    },
  ];
  return {
    report_id: "full",
    report_name: "Website overview",
    generated_at: new Date(FIXED_NOW).toISOString(),
    stale: false,
    widgets,
  };
}

export function emptyReport(): ReportAnswer {
  const report = fullReport();
  return {
    ...report,
    report_id: "empty",
    widgets: report.widgets.map((widget): WidgetAnswer => {
      switch (widget.type) {
        case "trend":
          return { ...widget, data: zeroTrend() };
        case "metric":
          return { ...widget, data: metric("page_views", 0) };
        case "table":
          return {
            ...widget,
            data: { columns: widget.data?.columns ?? [], rows: [], totals: [], total_rows: 0 },
          };
        default:
          return widget;
      }
    }),
  };
}

/** Every other widget failed. */
export function failingReport(): ReportAnswer {
  const report = fullReport();
  return {
    ...report,
    report_id: "errors",
    widgets: report.widgets.map((widget, index): WidgetAnswer => {
      if (index % 2 === 0) return widget;
      const { data: _, ...head } = widget;
      return {
        ...head,
        error: {
          title: "Query too expensive",
          status: 400,
          code: "query_too_expensive",
          detail: "The question reads more than 2,000,000,000 rows; narrow its range or add a filter.",
          correlation_id: "0197f3a2b1c4",
        },
      };
    }),
  };
}

export const LONG_NAME =
  `A name without any mercy ${"that goes on and on ".repeat(6)}${"andthenneverbreaks".repeat(4)}`.slice(
    0,
    200,
  );

export function longReport(): ReportAnswer {
  const report = fullReport();
  const names = [1, 2, 3, 4].map((n) => `${n} ${LONG_NAME}`.slice(0, 200));
  return {
    ...report,
    report_id: "long",
    report_name: LONG_NAME,
    widgets: report.widgets.map((widget): WidgetAnswer => {
      const title = LONG_NAME;
      switch (widget.type) {
        case "trend":
          return { ...widget, title, data: brokenTrend(names) };
        case "metric":
          return { ...widget, title };
        case "table":
          return { ...widget, title, data: pages(names) };
        default:
          return { ...widget, title };
      }
    }),
  };
}
