import type { Page, Route } from "playwright-core";
import type { Ask } from "../test/browser/asker";
import type { Picture } from "./dashboard-screenshots";

const LONG = "a_name_of_two_hundred_characters_without_a_place_to_break_".repeat(4).slice(0, 200);
const DAY_MILLIS = 86_400_000;
const ago = (days: number) => new Date(Date.now() - days * DAY_MILLIS).toISOString();

const refused = (route: Route) =>
  route.fulfill({
    status: 403,
    json: {
      title: "Forbidden",
      status: 403,
      code: "forbidden",
      detail: "the credential does not suffice",
      correlation_id: "01a2c3d4",
    },
  });

const USERS = [
  {
    user_id: "1",
    email: "ada@example.com",
    name: "Ada Lovelace",
    administrator: true,
    password: true,
    provider: false,
    created_at: ago(400),
    disabled_at: null,
    sessions: 2,
    last_used_at: ago(0.01),
    tenants: [
      { tenant_id: "demo", role: "owner" },
      { tenant_id: "acme", role: "admin" },
    ],
  },
  {
    user_id: "2",
    email: "grace@example.com",
    name: "Grace Hopper",
    administrator: false,
    password: true,
    provider: true,
    created_at: ago(90),
    disabled_at: null,
    sessions: 1,
    last_used_at: ago(3),
    tenants: [{ tenant_id: "demo", role: "editor" }],
  },
  {
    user_id: "3",
    email: "left@example.com",
    name: "",
    administrator: false,
    password: true,
    provider: false,
    created_at: ago(200),
    disabled_at: ago(12),
    sessions: 0,
    last_used_at: null,
    tenants: [],
  },
  {
    user_id: "4",
    email: `${LONG.slice(0, 60)}@example.com`,
    name: LONG,
    administrator: false,
    password: false,
    provider: true,
    created_at: ago(1),
    disabled_at: null,
    sessions: 0,
    last_used_at: null,
    tenants: [{ tenant_id: LONG.slice(0, 60), role: "viewer" }],
  },
];
const withUsers = {
  "**/api/v1/server/users": (route: Route) => route.fulfill({ json: { users: USERS } }),
};

/** Letters as an importer leaves them, so that nothing of the tenant has to be broken for a picture. */
const LETTERS = [
  [
    "schema_violation",
    "properties.amount",
    "string found, number expected",
    "purchase",
    {
      event_type: "purchase",
      user_id: "u_4711",
      timestamp: "2026-11-20T09:30:00Z",
      properties: { amount: "12,50", currency: "EUR", items: [{ sku: "A-1", count: 2 }] },
    },
  ],
  [
    "schema_violation",
    "properties.currency",
    "required property 'currency' not found",
    "purchase",
    { event_type: "purchase", user_id: "u_12", properties: { amount: 5 } },
  ],
  [
    "schema_violation",
    "properties.amount",
    "must have a minimum value of 0",
    "purchase",
    { event_type: "purchase", user_id: "u_13", properties: { amount: -3, currency: "EUR" } },
  ],
  [
    "invalid_timestamp",
    "timestamp",
    "must be an ISO-8601 time such as 2026-01-31T09:30:00.000Z, or Unix milliseconds",
    "signup",
    { event_type: "signup", user_id: "u_14", timestamp: "yesterday" },
  ],
  [
    "event_type_missing",
    "event_type",
    "an event needs a type",
    "",
    { user_id: "u_15", properties: { plan: "pro" } },
  ],
  [
    "too_many_properties",
    `properties.${LONG}`,
    "more than 255 properties",
    LONG,
    { event_type: LONG, properties: { [LONG]: 1 } },
  ],
] as const;

const ALERTS = {
  alerts: [
    {
      alert_id: "1",
      kind: "dead_letters",
      subject: null,
      state: "up",
      text: "1,204 dead letters within an hour; the limit is 500",
      details: {},
      raised_at: ago(0.02),
      cleared_at: null,
      messages: [
        {
          event: "raised",
          state: "waiting",
          attempts: 2,
          next_at: ago(-0.01),
          problem: "the webhook answered 503",
        },
      ],
    },
    {
      alert_id: "2",
      kind: "quota.soft",
      subject: "events_per_month",
      state: "cleared",
      text: "Events this month: 812,000 of 1,000,000, more than the soft limit",
      details: {},
      raised_at: ago(9),
      cleared_at: ago(8),
      messages: [
        { event: "raised", state: "delivered", attempts: 1 },
        { event: "cleared", state: "delivered", attempts: 1 },
      ],
    },
  ],
};

const limit = (
  name: string,
  used: number,
  soft: number | null,
  hard: number | null,
  unit: string,
  state: string,
) => ({
  limit: name,
  used,
  soft,
  hard,
  unit,
  window: name === "events_per_month" ? "2026-11" : null,
  resets_at: name === "events_per_month" ? "2026-12-01T00:00:00Z" : null,
  state,
});
const USAGE = {
  plan: "growth",
  at: new Date().toISOString(),
  limits: [
    limit("events_per_month", 912_000, 800_000, 1_000_000, "events", "soft"),
    limit("events_per_second", 180, 1_600, 2_000, "events", "ok"),
    limit("storage_bytes", 50_000_000_000, 40_000_000_000, 50_000_000_000, "bytes", "hard"),
    limit("queries_per_minute", 12, 480, 600, "queries", "ok"),
    limit("concurrent_queries", 1, 8, 10, "queries", "ok"),
    limit("viewers", 40, null, null, "viewers", "ok"),
  ],
  days: Array.from({ length: 30 }, (_, back) => ({
    date: ago(29 - back).slice(0, 10),
    events: 22_000 + ((back * 7919) % 17_000),
    queries: 400 + ((back * 104_729) % 900),
  })),
};

const MEMBERS = {
  members: [
    { user_id: "1", email: "ada@example.com", name: "Ada Lovelace", role: "owner", created_at: ago(400) },
    { user_id: "2", email: "grace@example.com", name: "Grace Hopper", role: "admin", created_at: ago(90) },
    {
      user_id: "3",
      email: `${LONG.slice(0, 60)}@example.com`,
      name: LONG,
      role: "viewer",
      created_at: ago(2),
    },
  ],
};
const INVITATIONS = {
  invitations: [
    {
      link_id: "9",
      purpose: "invitation",
      email: "edsger@example.com",
      tenant_id: "demo",
      role: "editor",
      created_at: ago(0),
      expires_at: ago(-7),
    },
  ],
};

/** Pictures of the pages about data and administration. What they leave behind is undone. */
export async function governancePictures(
  ask: Ask,
  undo: (() => Promise<unknown>)[],
): Promise<readonly Picture[]> {
  const source = "screenshots";
  undo.push(() => ask("DELETE", `/api/v1/dead-letters?state=all&source=${source}`));
  await ask("POST", "/api/v1/dead-letters", {
    dead_letters: Array.from({ length: 18 }, (_, at) => LETTERS[at % LETTERS.length] ?? LETTERS[0]).map(
      ([reason, field, message, event_type, payload], line) => ({
        reason,
        field,
        message,
        ...(event_type === "" ? {} : { event_type }),
        payload: JSON.stringify(payload),
        source,
        line: line + 2,
      }),
    ),
  });
  const schema = {
    type: "object",
    required: ["amount", "voucher"],
    properties: { amount: { type: "string" }, voucher: { type: "string" } },
  };
  await ask("POST", "/api/v1/schemas", { event_type: "purchase", mode: "warn", schema });
  undo.push(() => ask("PATCH", "/api/v1/schemas/purchase", { mode: "off" }));
  const letter = await stored(ask, source);
  const nothing = {
    "**/api/v1/dead-letters?*": (route: Route) =>
      route.fulfill({ json: { dead_letters: [], next_cursor: null } }),
    "**/api/v1/dead-letters/counts?*": (route: Route) => route.fulfill({ json: { counts: [] } }),
  };
  const withUsage = { "**/api/v1/usage": (route: Route) => route.fulfill({ json: USAGE }) };
  const withMembers = {
    "**/api/v1/members": (route: Route) => route.fulfill({ json: MEMBERS }),
    "**/api/v1/invitations": (route: Route) =>
      route.request().method() === "GET"
        ? route.fulfill({ json: INVITATIONS })
        : route.fulfill({
            status: 201,
            json: {
              ...INVITATIONS.invitations[0],
              url: "https://tidemark.example.com/#link=one-time-secret",
            },
          }),
  };
  const list = `#/dead-letters?source=${source}`;
  const pictures: readonly Picture[] = [
    { name: "dead-letters", address: list },
    { name: "dead-letters-empty", address: "#/dead-letters", answers: nothing },
    {
      name: "dead-letters-error",
      address: "#/dead-letters",
      answers: { "**/api/v1/dead-letters?*": refused },
    },
    { name: "dead-letter", address: `#/dead-letters/${letter}` },
    {
      name: "dead-letter-fix",
      address: `#/dead-letters/${letter}`,
      before: (page) => page.getByRole("button", { name: "Fix and replay" }).click(),
    },
    { name: "schemas", address: "#/schemas" },
    { name: "schema", address: "#/schemas/purchase" },
    {
      name: "schema-form",
      address: "#/schemas/purchase/edit",
      before: async (page) => {
        await page
          .locator("textarea")
          .fill(
            '{\n  "type": "object",\n  "required": ["amount", "voucher", "plan"],\n  "properties": {"amount": {"type": "string"}}\n}',
          );
        await page.locator("[data-check=false]").waitFor();
      },
    },
    {
      name: "schema-form-wrong",
      address: "#/schemas/purchase/edit",
      before: async (page) => {
        await page.locator("textarea").fill('{\n  "properties": {\n    "amount": {"type": "money"}\n  }\n}');
        await page.locator(".wrong .word").waitFor();
      },
    },
    { name: "members", address: "#/members", as: "owner", answers: withMembers },
    {
      name: "members-invite",
      address: "#/members",
      as: "owner",
      answers: withMembers,
      before: async (page) => {
        await page.getByLabel("E-mail address").last().fill("edsger@example.com");
        await page.getByRole("button", { name: "Make an invitation" }).click();
        await page.locator(".made-key").waitFor();
      },
    },
    { name: "account", address: "#/account", as: "owner" },
    {
      name: "privacy",
      address: "#/privacy",
      answers: {
        "**/api/v1/settings": (route) =>
          route.fulfill({
            json: {
              zone: "UTC",
              week_start: "monday",
              retention_days: 730,
              masking: [
                { field: "*", pattern: null, detect: "card", action: "redact" },
                { field: "*", pattern: null, detect: "email", action: "hash" },
                { field: "properties.note", pattern: "[A-Z]{2}\\d{6}", action: "drop" },
              ],
              retention_days_by_type: { page_view: 90 },
              consent: { mode: "anonymize", category: "analytics" },
              alerts: {},
            },
          }),
        "**/api/v1/jobs": (route) =>
          route.fulfill({
            json: {
              jobs: [
                {
                  job_id: "1",
                  kind: "erase_person",
                  state: "done",
                  request: { person: "5a" },
                  progress: { events: 1204, dead_letters: 2, anonymous_ids: 3, gone_from_disk_by: ago(0) },
                  problem: null,
                  created_at: ago(1),
                  updated_at: ago(1),
                },
              ],
            },
          }),
      },
    },
    {
      name: "audit",
      address: "#/audit",
      before: async (page) => {
        await page.locator("[data-whole]").waitFor();
        await page.locator(".audit-rows summary").first().click();
      },
    },
    {
      name: "usage",
      address: "#/usage",
      as: "owner",
      answers: withUsage,
      before: (page) => page.locator(".banner").waitFor(),
    },
    {
      name: "alerts",
      address: "#/alerts",
      answers: { "**/api/v1/alerts**": (route) => route.fulfill({ json: ALERTS }) },
    },
    { name: "users", address: "#/users", as: "owner", answers: withUsers },
    {
      name: "users-remove",
      address: "#/users",
      as: "owner",
      answers: withUsers,
      before: async (page) => {
        await page.getByRole("button", { name: "Remove Grace Hopper" }).click();
        await page.getByRole("dialog").waitFor();
      },
    },
    {
      name: "users-error",
      address: "#/users",
      as: "owner",
      answers: { "**/api/v1/server/users": refused },
    },
    {
      name: "users-loading",
      address: "#/users",
      as: "owner",
      answers: {
        "**/api/v1/server/users": (route) =>
          new Promise((done) => setTimeout(() => done(route.abort()), 60_000)),
      },
    },
    { name: "home-viewer", address: "#/home", as: "viewer" },
    { name: "forbidden", address: "#/audit", as: "viewer" },
    {
      name: "menu",
      address: "#/dead-letters",
      as: "owner",
      answers: { ...nothing, ...withUsage },
      before: menu,
    },
  ];
  return pictures.map((picture) => ({ ...picture, few: true }));
}

/** The letter to look at, once the store has it. */
async function stored(ask: Ask, source: string): Promise<string> {
  for (;;) {
    const { dead_letters } = await ask<{ dead_letters: readonly { id: string; message: string }[] }>(
      "GET",
      `/api/v1/dead-letters?source=${source}`,
    );
    const found = dead_letters.find(({ message }) => message.startsWith("string found"));
    if (found && dead_letters.length >= LETTERS.length) return found.id;
    await new Promise((next) => setTimeout(next, 100));
  }
}

/** Narrow screens have the menu behind a button. */
async function menu(page: Page): Promise<void> {
  const button = page.getByRole("button", { name: "Menu" });
  if (await button.isVisible()) await button.click();
}
