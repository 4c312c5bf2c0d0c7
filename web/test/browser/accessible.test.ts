import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findings } from "./axe";
import { launchChromium } from "./chromium";
import { answered, api, openDashboard, pick, server } from "./tidemark";
import { until } from "./until";

interface Case {
  readonly name: string;
  readonly address: string;
  readonly before?: (page: Page) => Promise<void>;
  readonly as?: "owner" | "viewer";
}

const TYPE = "accessible_order";

describe.skipIf(!server)("every page, to assistive technology", () => {
  let browser: Browser;
  let report = "";
  let cohort = "";
  let longNamed = "";
  let letter = "";

  beforeAll(async () => {
    browser = await launchChromium();
    const listed = await api<{ reports: readonly { report_id: string; widget_count: number }[] }>(
      "GET",
      "/api/v1/reports",
    );
    report = listed.reports.find((entry) => entry.widget_count > 3)?.report_id ?? "";
    const made = await api<{ cohort_id: string }>("POST", "/api/v1/cohorts", {
      name: "To be looked at",
      kind: "dynamic",
      definition: { did: { event: "page_view", range: { last: "7d" } } },
    });
    cohort = made.cohort_id;
    const long = await api<{ report_id: string }>("POST", "/api/v1/reports", {
      report_name: "a_report_whose_name_has_two_hundred_characters_".repeat(5).slice(0, 200),
      widgets: [],
    });
    longNamed = long.report_id;
    await api("POST", "/api/v1/schemas", {
      event_type: TYPE,
      mode: "enforce",
      schema: { type: "object", properties: { amount: { type: "number" } } },
    });
    await api("POST", "/api/v1/events", { event_type: TYPE, properties: { amount: "much" } });
    const letters = `/api/v1/dead-letters?event_type=${TYPE}`;
    await until("the letter is stored", 15_000, async () => {
      const { dead_letters } = await api<{ dead_letters: readonly { id: string }[] }>("GET", letters);
      letter = dead_letters[0]?.id ?? "";
      return letter !== "";
    });
  });
  afterAll(async () => {
    await browser?.close();
    await api("DELETE", `/api/v1/cohorts/${cohort}`).catch(() => null);
    await api("DELETE", `/api/v1/reports/${longNamed}`).catch(() => null);
    await api("DELETE", `/api/v1/dead-letters?state=all&event_type=${TYPE}`).catch(() => null);
    await api("PATCH", `/api/v1/schemas/${TYPE}`, { mode: "off" }).catch(() => null);
  });

  const placed = (address: string) =>
    address
      .replace("{report}", report)
      .replace("{cohort}", cohort)
      .replace("{letter}", letter)
      .replace("{type}", TYPE);

  const CASES: readonly Case[] = [
    { name: "first steps", address: "#/home/first" },
    {
      name: "home",
      address: "#/home",
      before: async (page) => {
        await page.getByRole("button", { name: "Skip the first steps" }).click();
        await answered(page);
      },
    },
    { name: "reports", address: "#/reports" },
    { name: "new report", address: "#/reports/new" },
    { name: "a report", address: "#/reports/{report}", before: drawn },
    { name: "sharing", address: "#/reports/{report}/share" },
    {
      name: "the builder",
      address: "#/reports/{report}/edit",
      before: (page) => page.locator("report-grid tidemark-chart").first().waitFor(),
    },
    {
      name: "a widget's form",
      address: "#/reports/{report}/edit",
      before: async (page) => {
        await page.locator("report-grid .place").first().hover();
        await page
          .locator("report-grid")
          .getByRole("button", { name: /^Edit / })
          .first()
          .click();
        await page.locator("widget-editor").waitFor();
        await page.getByRole("button", { name: "Formula", exact: true }).click();
        await page.getByRole("button", { name: "Filter all of it" }).click();
        await page.getByRole("button", { name: "Group", exact: true }).click();
      },
    },
    {
      name: "the kinds of widget",
      address: "#/reports/{report}/edit",
      before: (page) => page.getByRole("button", { name: "Widget", exact: true }).click(),
    },
    { name: "explore", address: "#/explore", before: answered },
    {
      name: "explore, a list that suggests",
      address: "#/explore",
      before: async (page) => {
        await page.getByRole("combobox", { name: "Broken down by" }).click();
        await page.locator("[role=option]").first().waitFor();
      },
    },
    ...["Number", "Table", "Funnel", "Retention", "Cohorts", "Stickiness", "Paths"].map((kind) => ({
      name: `explore, ${kind.toLowerCase()}`,
      address: "#/explore",
      before: async (page: Page) => {
        await page.locator(".kinds").getByRole("button", { name: kind }).click();
        if (kind === "Paths") await pick(page.locator("paths-editor"), "Event", "page_view");
        if (kind === "Funnel") {
          await pick(page.locator("funnel-editor li").nth(0), "Event", "signup");
          await pick(page.locator("funnel-editor li").nth(1), "Event", "purchase");
        }
        await answered(page);
      },
    })),
    {
      name: "events",
      address: "#/events",
      before: async (page) => {
        await page.getByRole("button", { name: "Live" }).click();
        await page.locator(".event-rows summary").first().click();
      },
    },
    {
      name: "a person",
      address: "#/events",
      before: async (page) => {
        await page.getByRole("button", { name: "Live" }).click();
        await page.locator(".event-rows summary").first().click();
        await page.locator(".event-detail a").first().click();
        await page.locator("person-page .event-rows").waitFor();
      },
    },
    { name: "cohorts", address: "#/cohorts" },
    { name: "a cohort", address: "#/cohorts/{cohort}" },
    {
      name: "what viewers may choose",
      address: "#/reports/{report}/edit",
      before: async (page) => {
        await page.getByText("What viewers may choose").click();
        await page.getByRole("checkbox", { name: "The period" }).waitFor();
      },
    },
    { name: "a cohort's form", address: "#/cohorts/{cohort}/edit" },
    { name: "keys", address: "#/keys" },
    {
      name: "system",
      address: "#/system",
      as: "owner",
      before: (page) => page.locator(".spark").first().waitFor(),
    },
    {
      name: "dead letters",
      address: "#/dead-letters",
      before: (page) => page.locator(".letter-rows").waitFor(),
    },
    {
      name: "a dead letter",
      address: "#/dead-letters/{letter}",
      before: (page) => page.locator("mark").waitFor(),
    },
    {
      name: "a dead letter's correction",
      address: "#/dead-letters/{letter}",
      before: (page) => page.getByRole("button", { name: "Fix and replay" }).click(),
    },
    { name: "schemas", address: "#/schemas" },
    {
      name: "a schema",
      address: "#/schemas/{type}",
      before: (page) => page.locator("copyable-code").waitFor(),
    },
    {
      name: "a schema's form",
      address: "#/schemas/{type}/edit",
      before: async (page) => {
        await page.locator("textarea").fill('{"required": ["more"]}');
        await page.locator("[data-check=false]").waitFor();
      },
    },
    { name: "alerts", address: "#/alerts" },
    {
      name: "members",
      address: "#/members",
      before: (page) => page.locator("report-access select").waitFor(),
    },
    {
      name: "privacy",
      address: "#/privacy",
      before: async (page) => {
        await page.getByRole("button", { name: "Rule", exact: true }).click();
        await page.getByRole("button", { name: "Another time for one event type" }).click();
      },
    },
    {
      name: "the audit log",
      address: "#/audit",
      before: (page) => page.locator(".audit-rows summary").first().click(),
    },
    { name: "usage", address: "#/usage" },
    { name: "one's account", address: "#/account", as: "owner" },
    { name: "a page for others", address: "#/audit", as: "viewer" },
  ];

  for (const dark of [false, true]) {
    it.each(CASES)(
      `finds nothing serious in $name, ${dark ? "dark" : "light"}`,
      async ({ address, before, as }) => {
        const { page, context } = await openDashboard(browser, placed(address), {
          dark,
          ...(as ? { as } : {}),
        });
        await before?.(page);
        await page.waitForFunction(() => !document.querySelector("main [data-state=loading]"));
        expect(await findings(page)).toEqual([]);
        await context.close();
      },
    );
  }

  it.each([360, 768, 1600])(
    "keeps every page within a screen of %i pixels",
    async (width) => {
      const { page, context } = await openDashboard(browser, "#/home/first", { width });
      for (const { address } of CASES) {
        const path = placed(address);
        await page.evaluate((hash) => {
          location.hash = hash;
        }, path);
        await page.locator("main .page-head").waitFor();
        await page.waitForFunction(() => !document.querySelector("main [data-state=loading]"));
        const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(beyond, path).toBeLessThanOrEqual(0);
      }
      await context.close();
    },
    60_000,
  );
});

async function drawn(page: Page): Promise<void> {
  await page.locator("tidemark-report tidemark-widget").first().waitFor();
}
