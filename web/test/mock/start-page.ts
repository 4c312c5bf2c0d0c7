import type { Template } from "../../packages/dashboard/src/template";
import { cohortReport, funnel, funnelOverTime, paths, retention, spark, stickiness } from "./analyses";
import { comparedTrend, pages } from "./fixtures";

/** What the mock server answers to the start page besides reports. */
export const EVENT_TYPES = ["page_view", "product_viewed", "added_to_cart", "purchase", "sign_up"] as const;

/** The parts of the server's description that the start page looks at. */
export const DESCRIPTION = {
  openapi: "3.1.0",
  paths: {
    "/api/v1/query": { post: { parameters: [{ name: "explain", in: "query" }] } },
    "/api/v1/query/export": { post: {} },
    "/api/v1/templates": { get: {} },
  },
};

export const TEMPLATES: readonly Template[] = [
  {
    id: "commerce",
    name: "Commerce",
    description: "From a product to its purchase, revenue, and who buys again.",
    ready: false,
    events: [
      { event: "product_viewed", description: "A product's page", exists: true, properties: [] },
      {
        event: "purchase",
        description: "An order that was paid",
        exists: true,
        properties: [{ property: "properties.total", description: "What was paid", exists: false }],
      },
      { event: "refund", description: "Money given back", exists: false, properties: [] },
    ],
  },
  { id: "empty", name: "Empty report", description: "Nothing yet.", ready: true, events: [] },
];

export const EXPLANATION = {
  path: "rollup_hour+events",
  statements: [
    {
      path: "rollup_hour",
      sql: "SELECT count() AS events\nFROM rollup_hour\nWHERE tenant_id = {tenant:String} AND event_type IN {p0:Array(String)}",
      parameters: { tenant: "acme", p0: ["purchase"] },
      rows_read: 182_340,
      rows: 30,
      engine_milliseconds: 7.9,
      milliseconds: 9.4,
    },
  ],
  buckets: { total: 30, from_cache: 29 },
  rows_read: 182_340,
  milliseconds: 11.2,
};

/** An answer in the form of its question. */
export function answerTo(question: unknown): unknown {
  const { type, interval } = question as { type?: string; interval?: string };
  switch (type) {
    case "metric":
      return spark(31_207, 27_950);
    case "table":
      return pages();
    case "funnel":
      return interval ? funnelOverTime() : funnel();
    case "retention":
      return retention();
    case "cohort":
      return cohortReport();
    case "stickiness":
      return stickiness();
    case "paths":
      return paths();
    default:
      return comparedTrend();
  }
}

/** What the catalog lists at an address, or null for another one. */
export function catalogAnswer(url: URL): unknown {
  const search = (url.searchParams.get("search") ?? "").toLowerCase();
  const found = (names: readonly string[]) => names.filter((name) => name.toLowerCase().includes(search));
  switch (url.pathname) {
    case "/api/v1/event-types":
      return { event_types: found(EVENT_TYPES).map((event_type) => ({ event_type, events: 1000 })) };
    case "/api/v1/properties":
      return {
        properties: found(["country", "device_type", "properties.amount"]).map((property) => ({ property })),
      };
    case "/api/v1/property-values":
      return {
        values: found(["DE", "US", "FR"]).map((value) => ({ value, type: "string", events: 10 })),
      };
    case "/api/v1/cohorts":
      return { cohorts: [{ cohort_id: "c-1", name: "Power users" }] };
    default:
      return null;
  }
}
