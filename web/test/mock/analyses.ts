import type {
  CohortData,
  FunnelData,
  FunnelStep,
  PathLink,
  PathsData,
  Period,
  RetentionCohort,
  RetentionData,
  RetentionTable,
  StickinessData,
} from "../../packages/widgets/src/analysis-api";
import type { Layout, MetricData, ReportAnswer, WidgetAnswer } from "../../packages/widgets/src/api";
import { days, FIXED_NOW, LONG_NAME, noise } from "./fixtures";

const DAY = 86_400_000;
const RANGED = {
  zone: "UTC",
  start_time: "2026-02-13T00:00:00+00:00",
  end_time: "2026-03-15T00:00:00+00:00",
};
const STEPS = ["Product viewed", "Added to cart", "Checkout started", "Purchase"];

function steps(names: readonly string[], entered: number, keep: number, seed: number): FunnelStep[] {
  const random = noise(seed);
  let before = entered;
  return names.map((name, at) => {
    const count = at === 0 ? entered : Math.round(before * Math.min(1, keep * (0.8 + random() * 0.4)));
    const step: FunnelStep = {
      step: at + 1,
      name,
      count,
      from_first: entered > 0 ? count / entered : null,
      from_previous: before > 0 ? count / before : null,
      dropped: before - count,
      seconds:
        at === 0 || count === 0
          ? null
          : {
              median: 40 * 6 ** Math.min(4, at - 1),
              avg: 95 * 6 ** Math.min(4, at - 1),
              p90: 300 * 6 ** Math.min(4, at - 1),
            },
    };
    before = count;
    return step;
  });
}

export function funnel(names: readonly string[] = STEPS, entered = 18_402, keep = 0.52): FunnelData {
  return { ...RANGED, steps: steps(names, entered, keep, 7) };
}

export function brokenFunnel(values: readonly string[], names: readonly string[] = STEPS): FunnelData {
  return {
    ...funnel(names),
    groups: values.map((value, at) => ({
      value,
      steps: steps(names, Math.round(9000 / (at + 1)), 0.62 - at * 0.05, 17 + at),
    })),
  };
}

export function funnelOverTime(): FunnelData {
  const points = days(30, 600, 41);
  const random = noise(43);
  return {
    ...funnel(),
    interval: "day",
    over_time: points.map((point) => {
      const counts = [point.value ?? 0];
      for (const keep of [0.5, 0.6, 0.7])
        counts.push(Math.round((counts.at(-1) ?? 0) * keep * (0.85 + random() * 0.3)));
      return {
        time: point.time,
        ...(point.partial ? { partial: true } : {}),
        counts,
        conversion: (counts.at(-1) ?? 0) / (counts[0] || 1),
      };
    }),
  };
}

function retentionTable(
  period: Period,
  cohorts: number,
  periods: number,
  level: number,
  seed: number,
): RetentionTable {
  const random = noise(seed);
  const length = period === "day" ? DAY : 7 * DAY;
  const first =
    Math.floor(FIXED_NOW / length) * length - (cohorts - 1) * length - (period === "week" ? 3 * DAY : 0);
  const rows = Array.from({ length: cohorts }, (_, row): RetentionCohort => {
    const size = Math.round(level * (0.7 + random() * 0.6));
    const passed = Math.min(periods, cohorts - row);
    return {
      time: new Date(first + row * length).toISOString().replace(".000Z", "+00:00"),
      size,
      cells: Array.from({ length: passed }, (_, at) => {
        const rate = at === 0 ? 1 : (0.42 / (at + 1) ** 0.45) * (0.85 + random() * 0.3);
        const partial = row + at === cohorts - 1;
        const returned = Math.round(size * rate * (partial && at > 0 ? 0.5 : 1));
        return {
          period: at,
          returned,
          rate: size > 0 ? returned / size : null,
          ...(partial ? { partial: true } : {}),
        };
      }),
    };
  });
  const average = Array.from({ length: Math.min(periods, cohorts) }, (_, at) => {
    const complete = rows.filter((row) => row.cells[at] && !row.cells[at]?.partial);
    const size = complete.reduce((all, row) => all + row.size, 0);
    const returned = complete.reduce((all, row) => all + (row.cells[at]?.returned ?? 0), 0);
    return { period: at, returned, size, rate: size > 0 ? returned / size : null };
  });
  return { cohorts: rows, average };
}

export function retention(
  period: Period = "week",
  cohorts = 9,
  periods = 9,
  level = 840,
  values: readonly string[] = [],
): RetentionData {
  return {
    ...RANGED,
    period,
    ...retentionTable(period, cohorts, periods, level, 5),
    ...(values.length > 0
      ? {
          groups: values.map((value, at) => ({
            value,
            ...retentionTable(period, cohorts, periods, level / (at + 1), 50 + at),
          })),
        }
      : {}),
  };
}

export function cohortReport(names?: readonly string[], level = 4100): CohortData {
  const random = noise(23);
  const weeks = 8;
  return {
    ...RANGED,
    period: "week",
    measure: "events_per_user",
    rows: Array.from({ length: names?.length ?? weeks }, (_, row) => {
      const time = `${new Date(Date.parse("2026-01-19T00:00:00Z") + row * 7 * DAY).toISOString().slice(0, 10)}T00:00:00+00:00`;
      const name = names?.[row];
      const seen = name === undefined ? weeks - row : weeks;
      return {
        ...(name === undefined ? { time } : { name }),
        size: Math.round(level * (0.5 + random())),
        cells: Array.from({ length: seen }, (_, at) => ({
          period: at,
          ...(name === undefined
            ? {}
            : {
                time: `${new Date(Date.parse("2026-01-19T00:00:00Z") + at * 7 * DAY).toISOString().slice(0, 10)}T00:00:00+00:00`,
              }),
          value: level === 0 ? null : Math.round((14 / (at * 0.3 + 1)) * (0.8 + random() * 0.4) * 10) / 10,
          ...(at === seen - 1 ? { partial: true } : {}),
        })),
      };
    }),
  };
}

export function stickiness(people = 5200, periods = 30): StickinessData {
  const weights = Array.from({ length: periods }, (_, at) => 1 / (at + 1) ** 1.3 + (at > 20 ? 0.02 : 0));
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const users = weights.map((weight) => Math.round((people * weight) / sum));
  return {
    ...RANGED,
    period: "day",
    users: users.reduce((all, count) => all + count, 0),
    distribution: users.map((count, at) => ({
      active: at + 1,
      users: count,
      share: people > 0 ? count / people : null,
      at_least: users.slice(at).reduce((all, more) => all + more, 0),
    })),
  };
}

const PAGES = [
  "/pricing",
  "/docs/getting-started",
  "/signup",
  "/blog/what-a-duplicate-costs",
  "/",
  "/customers",
  "$other",
];

export function paths(
  direction: "after" | "before" = "after",
  count = 4,
  names: readonly string[] = PAGES,
): PathsData {
  const total = 12_840;
  const random = noise(61);
  let inflow = new Map([["/landing", total]]);
  const links: PathLink[] = [];
  const drop_off = [];
  for (let step = 1; step <= count; step += 1) {
    const next = new Map<string, number>();
    let dropped = 0;
    for (const [from, here] of inflow) {
      let left = here - Math.round(here * (0.2 + random() * 0.2));
      dropped += here - left;
      for (const [at, to] of names.entries()) {
        if (to === from && to !== "$other") continue;
        const taken = at === names.length - 1 ? left : Math.round(left * (0.25 + random() * 0.35));
        if (taken <= 0) continue;
        links.push({ step, from, to, count: taken });
        next.set(to, (next.get(to) ?? 0) + taken);
        left -= taken;
      }
      dropped += left > 0 && names.at(-1) === from ? left : 0;
    }
    drop_off.push({ step, count: dropped, share: dropped / total });
    inflow = next;
  }
  const sequences = names.slice(0, -1).flatMap((first, at) =>
    names.slice(0, 2).map((second, also) => ({
      events: ["/landing", first, second],
      count: Math.round(2600 / (at * 2 + also + 1)),
      share: 2600 / (at * 2 + also + 1) / total,
    })),
  );
  return { ...RANGED, total, direction, paths: sequences.sort((a, b) => b.count - a.count), links, drop_off };
}

export function spark(value: number, previous: number): MetricData {
  return {
    value,
    values: [{ measure: "mau", value, previous, change: (value - previous) / previous }],
    sparkline: { interval: "day", points: days(30, value / 30, 3) },
  };
}

const at = (x: number, y: number, w: number, h: number): Layout => ({ x, y, w, h });

export function analysesReport(): ReportAnswer {
  const devices = ["Mobile", "Desktop", "Tablet", "$other", "$none"];
  const widgets: WidgetAnswer[] = [
    {
      widget_id: "m1",
      type: "metric",
      title: "Active people, 30 days",
      display: "number",
      layout: at(0, 0, 4, 2),
      data: spark(31_207, 27_950),
    },
    {
      widget_id: "f1",
      type: "funnel",
      title: "From product to purchase",
      display: "funnel",
      layout: at(4, 0, 8, 5),
      data: funnel(),
    },
    {
      widget_id: "s1",
      type: "stickiness",
      title: "Stickiness",
      display: "bar",
      layout: at(0, 2, 4, 3),
      data: stickiness(),
    },
    {
      widget_id: "f2",
      type: "funnel",
      title: "By device",
      display: "funnel",
      layout: at(0, 5, 6, 5),
      data: brokenFunnel(devices),
    },
    {
      widget_id: "f3",
      type: "funnel",
      title: "Conversion over time",
      display: "line",
      layout: at(6, 5, 6, 5),
      data: funnelOverTime(),
    },
    {
      widget_id: "r1",
      type: "retention",
      title: "Weekly retention",
      display: "grid",
      layout: at(0, 10, 8, 6),
      data: retention(),
    },
    {
      widget_id: "r2",
      type: "retention",
      title: "Retention curves",
      display: "line",
      layout: at(8, 10, 4, 6),
      data: retention(),
    },
    {
      widget_id: "p1",
      type: "paths",
      title: "After the landing page",
      display: "flow",
      layout: at(0, 16, 12, 6),
      data: paths(),
    },
    {
      widget_id: "p2",
      type: "paths",
      title: "Top paths",
      display: "table",
      layout: at(0, 22, 5, 5),
      data: paths(),
    },
    {
      widget_id: "f4",
      type: "funnel",
      title: "Steps",
      display: "table",
      layout: at(5, 22, 7, 5),
      data: brokenFunnel(devices.slice(0, 3)),
    },
    {
      widget_id: "c1",
      type: "cohort",
      title: "Events per user by start week",
      display: "grid",
      layout: at(0, 27, 7, 5),
      data: cohortReport(),
    },
    {
      widget_id: "c2",
      type: "cohort",
      title: "Stored cohorts",
      display: "line",
      layout: at(7, 27, 5, 5),
      data: cohortReport(["Power users", "Trial", "Left"]),
    },
    {
      widget_id: "r3",
      type: "retention",
      title: "Retention by device",
      display: "grid",
      layout: at(0, 32, 6, 5),
      data: retention("week", 9, 9, 840, devices),
    },
    {
      widget_id: "r4",
      type: "retention",
      title: "Curves by device",
      display: "line",
      layout: at(6, 32, 6, 5),
      data: retention("week", 9, 9, 840, devices),
    },
    {
      widget_id: "p3",
      type: "paths",
      title: "Before the purchase",
      display: "flow",
      layout: at(0, 37, 8, 6),
      data: paths("before", 3),
    },
    {
      widget_id: "s2",
      type: "stickiness",
      title: "Active days",
      display: "table",
      layout: at(8, 37, 4, 6),
      data: stickiness(),
    },
    {
      widget_id: "c3",
      type: "cohort",
      title: "Stored cohorts by week",
      display: "grid",
      layout: at(0, 43, 12, 3),
      data: cohortReport(["Power users", "Trial", "Left"]),
    },
  ];
  return report("analyses", "Every analysis", widgets);
}

/** All widgets without a single event behind them. */
export function emptyAnalyses(): ReportAnswer {
  return changed("analyses-empty", (widget): WidgetAnswer => {
    switch (widget.type) {
      case "funnel":
        return { ...widget, data: funnel(STEPS, 0) };
      case "retention":
        return { ...widget, data: retention("week", 9, 9, 0) };
      case "cohort":
        return { ...widget, data: cohortReport(undefined, 0) };
      case "stickiness":
        return { ...widget, data: stickiness(0) };
      case "paths":
        return { ...widget, data: { ...RANGED, total: 0, paths: [], links: [], drop_off: [] } };
      default:
        return { ...widget, data: { value: 0, values: [{ measure: "mau", value: 0 }] } } as WidgetAnswer;
    }
  });
}

/** Names of 200 characters, 20 steps, a year of days, ten steps of paths. */
export function hugeAnalyses(): ReportAnswer {
  const names = (count: number) => Array.from({ length: count }, (_, n) => `${n} ${LONG_NAME}`.slice(0, 200));
  return changed("analyses-huge", (widget): WidgetAnswer => {
    const title = LONG_NAME;
    switch (widget.type) {
      case "funnel":
        return widget.display === "line"
          ? { ...widget, title, data: { ...funnelOverTime(), steps: steps(names(4), 9000, 0.6, 2) } }
          : {
              ...widget,
              title,
              data:
                widget.widget_id === "f1"
                  ? funnel(names(20), 1_840_212, 0.86)
                  : brokenFunnel(names(12), names(6)),
            };
      case "retention":
        return {
          ...widget,
          title,
          data: retention("day", 366, 366, 84_000, widget.widget_id === "r1" ? [] : names(3)),
        };
      case "cohort":
        return { ...widget, title, data: cohortReport(names(9)) };
      case "stickiness":
        return { ...widget, title, data: stickiness(2_400_000, 366) };
      case "paths":
        return { ...widget, title, data: paths("after", 10, [...names(9), "$other"]) };
      default:
        return { ...widget, title };
    }
  });
}

function report(report_id: string, report_name: string, widgets: readonly WidgetAnswer[]): ReportAnswer {
  return { report_id, report_name, generated_at: new Date(FIXED_NOW).toISOString(), stale: false, widgets };
}

function changed(id: string, change: (widget: WidgetAnswer) => WidgetAnswer): ReportAnswer {
  const { report_name, widgets } = analysesReport();
  return report(id, report_name, widgets.map(change));
}
