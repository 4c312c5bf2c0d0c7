import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { launchChromium, openPage, type PageSetting, type WatchedPage } from "./chromium";
import { api, openDashboard, pick, server } from "./tidemark";

const RUN = Date.now().toString(36);
const TYPE = `order_${RUN}`;
const SCHEMA = {
  type: "object",
  required: ["amount"],
  properties: { amount: { type: "number", minimum: 0 }, currency: { enum: ["EUR", "USD"] } },
};

interface Letters {
  readonly dead_letters: readonly { readonly id: string; readonly state: string }[];
}

/** Sends what the schema does not let through, and waits until the store has it. */
async function sendBad(count: number, properties: object): Promise<readonly string[]> {
  const path = `/api/v1/dead-letters?event_type=${TYPE}`;
  const before = new Set((await api<Letters>("GET", path)).dead_letters.map(({ id }) => id));
  const batch = Array.from({ length: count }, (_, at) => ({
    event_type: TYPE,
    user_id: `bad-${RUN}-${at}`,
    properties,
  }));
  await api("POST", "/api/v1/events", { batch });
  let added: readonly string[] = [];
  await expect
    .poll(
      async () => {
        const { dead_letters } = await api<Letters>("GET", path);
        added = dead_letters.map(({ id }) => id).filter((id) => !before.has(id));
        return added.length;
      },
      { timeout: 15_000 },
    )
    .toBe(count);
  return added;
}

const storedEvents = async (type: string): Promise<number> =>
  (await api<{ events: readonly unknown[] }>("GET", `/api/v1/events?event_type=${type}`)).events.length;

describe.skipIf(!server)("the pages about data and administration", () => {
  let browser: Browser;
  let opened: WatchedPage[] = [];

  beforeAll(async () => {
    browser = await launchChromium();
    await api("POST", "/api/v1/schemas", { event_type: TYPE, mode: "enforce", schema: SCHEMA });
  });
  afterAll(async () => {
    await browser?.close();
    await api("PATCH", `/api/v1/schemas/${TYPE}`, { mode: "off" });
    await api("DELETE", `/api/v1/dead-letters?state=all&event_type=${TYPE}`);
  });
  afterEach(async () => {
    const complaints = opened.flatMap((watched) => watched.complaints);
    for (const { context } of opened) await context.close();
    opened = [];
    expect(complaints, "console errors, missing files and policy violations").toEqual([]);
  });

  async function open(address: string, setting: PageSetting = {}): Promise<Page> {
    const watched = await openDashboard(browser, address, setting);
    opened.push(watched);
    return watched.page;
  }

  const visible = async (page: Page) =>
    (await page.locator("nav a").allInnerTexts()).map((text) => text.trim());

  it("find a bad event, tell what is wrong with it, and make an event of its correction", async () => {
    const [id = ""] = await sendBad(1, { amount: "12.50", currency: "EUR" });
    const page = await open("#/dead-letters");
    await pick(page, "Event type", TYPE);
    await expect.poll(() => page.url()).toContain(`event_type=${TYPE}`);
    const row = page.locator(`.letter-rows a[href*="${id}"]`);
    await row.waitFor();
    expect(await row.innerText()).toContain("schema violation");
    expect(await page.locator(".tally", { hasText: "properties.amount" }).count()).toBe(1);
    await row.click();
    await page.locator("mark").waitFor();
    expect(await page.locator("mark").innerText()).toBe('"amount": "12.50"');

    await page.getByRole("button", { name: "Fix and replay" }).click();
    const area = page.getByLabel("Payload to send instead");
    await expect.poll(() => area.evaluate((field) => field === document.activeElement)).toBe(true);
    const payload = await area.inputValue();
    await area.fill(payload.replace('"12.50"', "12.50,"));
    await page.locator("json-text .wrong", { hasText: "This is not JSON" }).waitFor();
    await area.fill(payload.replace('"12.50"', "-1"));
    await page.getByRole("button", { name: "Replay the correction" }).click();
    const wrong = page.locator("json-text .wrong");
    await wrong.locator("text=properties.amount").waitFor();
    await wrong.getByRole("button", { name: /^Line/ }).click();
    const chosen = await area.evaluate((field) => {
      const { value, selectionStart, selectionEnd } = field as HTMLTextAreaElement;
      return value.slice(selectionStart, selectionEnd);
    });
    expect(chosen).toBe('"amount": -1');
    await area.fill(payload.replace('"12.50"', "12.5"));
    await page.getByRole("button", { name: "Replay the correction" }).click();
    await page.locator("[data-outcome=accepted]").waitFor();
    expect(await page.getByRole("button", { name: "Fix and replay" }).count()).toBe(0);

    await page.goto(`${server}/#/events`);
    await pick(page, "Event types", TYPE);
    const event = page.locator(".event-rows summary", { hasText: `bad-${RUN}-0` });
    await event.first().waitFor();
    expect(await event.first().innerText()).toContain("amount: 12.5");
  }, 60_000);

  it("replay all of a filter once its schema lets them through, and remove the rest for good", async () => {
    await sendBad(7, { amount: 3, currency: "GBP" });
    const before = await storedEvents(TYPE);
    const page = await open(`#/dead-letters?event_type=${TYPE}&field=properties.currency`);
    await page.locator(".letter-rows li").nth(6).waitFor();
    await page.getByRole("button", { name: "Replay all" }).click();
    const dialog = page.getByRole("dialog");
    expect(await dialog.innerText()).toContain("7 open dead letters");
    await dialog.getByRole("button", { name: "Replay", exact: true }).click();
    await page.locator("[data-job=done]", { hasText: "7 were refused again" }).waitFor();

    await api("PATCH", `/api/v1/schemas/${TYPE}`, { mode: "warn" });
    await page.getByRole("button", { name: "Replay all" }).click();
    await dialog.getByRole("button", { name: "Replay", exact: true }).click();
    await page.locator("[data-job=done]", { hasText: "7 became events" }).waitFor();
    await expect.poll(() => storedEvents(TYPE), { timeout: 15_000 }).toBe(before + 7);
    await api("PATCH", `/api/v1/schemas/${TYPE}`, { mode: "enforce" });

    await sendBad(2, { currency: "EUR" });
    await page.goto(`${server}/#/dead-letters?event_type=${TYPE}`);
    await page.locator(".letter-rows li").nth(1).waitFor();
    expect(await page.locator(".letter-rows li").count()).toBe(2);
    await page.getByRole("button", { name: "Remove all…" }).click();
    await dialog.getByRole("button", { name: "Cancel" }).click();
    expect(await page.locator(".letter-rows li").count()).toBe(2);
    await page.getByRole("button", { name: "Remove all…" }).click();
    await dialog.getByRole("button", { name: "Remove", exact: true }).click();
    await page.getByText("Removed 2 dead letters").waitFor();
    await page.locator("letter-list [data-state=empty]").waitFor();
  }, 60_000);

  it("draft a schema from what was observed, tell what is wrong with it, and what it is stricter in", async () => {
    const page = await open(`#/schemas/${TYPE}`);
    await page.getByRole("link", { name: "New version" }).click();
    const area = page.getByLabel("JSON Schema (2020-12) of the properties");
    expect(JSON.parse(await area.inputValue())).toEqual(SCHEMA);
    await page.getByRole("button", { name: "Draft from the events that arrived" }).click();
    await page.getByText(/The draft fits the newest/).waitFor();
    expect(JSON.parse(await area.inputValue())).toHaveProperty("properties.amount");

    await area.fill('{\n  "properties": {\n    "amount": {"type": "money"}\n  }\n}');
    await page.locator("json-text .wrong", { hasText: "properties.amount.type" }).waitFor();
    expect(await page.locator("json-text .wrong button").innerText()).toBe("Line 3");
    expect(await page.getByRole("button", { name: "Save as version 2" }).isDisabled()).toBe(true);

    await area.fill(JSON.stringify({ ...SCHEMA, required: ["amount", "currency"] }, null, 2));
    await page.locator("[data-check=false]", { hasText: "schema.required has currency" }).waitFor();
    await page.getByLabel("Save it although it is stricter").check();
    await page.getByRole("button", { name: "Save as version 2" }).click();
    await page.getByText("2 (in force)").waitFor({ state: "attached" });

    await page.getByRole("button", { name: "Warn", exact: true }).click();
    await page.getByText("What breaks the schema is stored and counted.").waitFor();
    await page.locator("select[name=compatibility]").selectOption("backward");
    await page.getByText("A version that might refuse what this one accepts is not saved.").waitFor();
    await page.getByRole("link", { name: "New version" }).click();
    await area.fill(JSON.stringify({ ...SCHEMA, required: ["amount", "currency", "note"] }, null, 2));
    await page.getByText("Versions of this schema must accept what the one before accepts.").waitFor();
    expect(await page.getByRole("button", { name: "Save as version 3" }).isDisabled()).toBe(true);
    await page.getByRole("link", { name: "Change that first" }).click();
    await page.getByRole("button", { name: "Leave" }).click();
    await page.locator("select[name=compatibility]").selectOption("none");
    await page.getByText("A version may refuse what this one accepts.").waitFor();
    const { versions } = await api<{ versions: readonly { version: number; mode: string }[] }>(
      "GET",
      `/api/v1/schemas/${TYPE}`,
    );
    expect(versions.at(-1)).toMatchObject({ version: 2, mode: "warn" });
    await page.getByRole("link", { name: "All schemas" }).click();
    await page.locator(".row-card", { hasText: TYPE }).locator(".tag", { hasText: "warn" }).waitFor();
    await page.locator("select[name=schema_compatibility]").selectOption("backward");
    await page.getByText("Saved", { exact: true }).waitFor();
    expect(await api("GET", "/api/v1/settings")).toMatchObject({ schema_compatibility: "backward" });
    await api("PUT", "/api/v1/settings", { schema_compatibility: "none" });
  });

  it("invite somebody by a link that goes before a remembered key, and show them what their role may see", async () => {
    const grace = `Grace ${RUN}`;
    const email = `grace-${RUN}@example.com`;
    const page = await open("#/members");
    await page.getByLabel("E-mail address").fill(email);
    await page.locator("select[name=role]").selectOption("viewer");
    await page.getByRole("button", { name: "Make an invitation" }).click();
    const link = await page.locator(".made-key pre").innerText();
    await page.locator("tr", { hasText: email }).waitFor();

    const theirs = await open("#/home");
    await theirs.goto(`${server}/robots.txt`);
    await theirs.goto(link);
    await theirs.getByLabel("New password").waitFor();
    expect(theirs.url()).not.toContain("#link");

    const tab = await theirs.context().newPage();
    await tab.goto(link);
    await tab.getByLabel("New password").waitFor();
    expect(tab.url()).not.toContain("#link");
    await tab.getByLabel("Name").fill(grace);
    await tab.getByLabel("New password").fill("correct horse battery");
    await tab.getByRole("button", { name: "Go on" }).click();
    await tab.locator("main .page-head").waitFor();
    expect(await visible(tab)).toEqual(["Home", "Reports", "System"]);
    expect(await tab.evaluate(() => sessionStorage.getItem("tidemark.key"))).toBeNull();
    await tab.goto(`${server}/#/audit`);
    await tab.getByText("This page is not for your role").waitFor();

    await tab.getByRole("link", { name: /Your account/ }).click();
    await tab.getByLabel("Current password").fill("wrong wrong wrong");
    await tab.getByLabel(/^New password/).fill("another horse battery");
    await tab.getByRole("button", { name: "Change it" }).click();
    await tab.locator(".problem").waitFor();
    await tab.getByLabel("Current password").fill("correct horse battery");
    await tab.getByRole("button", { name: "Change it" }).click();
    await tab.getByText("Your password is changed").waitFor();

    await page.reload();
    const role = page.getByLabel(`Role of ${grace}`);
    await role.selectOption("admin");
    await page.getByText(`${grace} is admin now`).waitFor();
    await tab.goto(`${server}/#/members`);
    await tab.reload();
    await tab.getByLabel(`Role of ${grace}`).waitFor();
    expect(await visible(tab)).toContain("Audit log");
    expect(await tab.getByLabel(`Role of ${grace}`).locator("option").allInnerTexts()).not.toContain("owner");

    const report = await api<{ report_id: string }>("POST", "/api/v1/reports", {
      report_name: `Restricted ${RUN}`,
      widgets: [],
    });
    await page.reload();
    await page
      .locator("report-access select")
      .first()
      .selectOption({ label: `Restricted ${RUN}` });
    await page.getByText("It is open to everybody").waitFor();
    await page.locator("select[name=who]").selectOption({ label: grace });
    await page.getByRole("button", { name: "Restrict to them" }).click();
    await page.getByLabel(`What ${grace} may do`).waitFor();
    const grants = await api<{ grants: readonly { level: string }[] }>(
      "GET",
      `/api/v1/reports/${report.report_id}/grants`,
    );
    expect(grants.grants).toHaveLength(1);
    await page.getByRole("button", { name: `Take ${grace} out` }).click();
    await page.getByText("It is open to everybody").waitFor();
    await api("DELETE", `/api/v1/reports/${report.report_id}`);

    await page.getByRole("button", { name: `Remove ${grace}` }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove", exact: true }).click();
    await expect.poll(() => page.locator("tr", { hasText: email }).count()).toBe(0);
  }, 60_000);

  it("mask what arrives, name the rule that is wrong, and keep events of a type for a time of its own", async () => {
    const before = await api<object>("GET", "/api/v1/settings");
    try {
      const page = await open("#/privacy");
      await page.getByRole("button", { name: "Use the recommended rules" }).click();
      await expect.poll(() => page.locator("masking-editor li").count()).toBe(3);
      await page.getByRole("button", { name: "Rule", exact: true }).click();
      const rule = page.locator("masking-editor li").nth(3);
      await rule.getByLabel("In", { exact: true }).fill("properties.note");
      await rule.getByLabel("find").selectOption("pattern");
      await rule.getByLabel("Pattern (RE2)").fill("[unclosed");
      await page.getByRole("button", { name: "Save the rules" }).click();
      await rule.locator(".wrong", { hasText: "RE2" }).waitFor();
      expect(await rule.getByLabel("Pattern (RE2)").getAttribute("aria-invalid")).toBe("true");
      await rule.getByLabel("Pattern (RE2)").fill("[A-Z]{2}[0-9]{6}");
      await page.getByRole("button", { name: "Save the rules" }).click();
      await expect
        .poll(async () =>
          (await api<{ masking: readonly { action: string }[] }>("GET", "/api/v1/settings")).masking.map(
            ({ action }) => action,
          ),
        )
        .toEqual(["redact", "hash", "truncate", "redact"]);

      await page.getByRole("button", { name: "Another time for one event type" }).click();
      await pick(page.locator("retention-times"), "Event type", TYPE);
      await page.getByLabel("Days", { exact: true }).fill("3000");
      await page.getByRole("button", { name: "Save the times" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Delete what is older" }).click();
      await expect
        .poll(
          async () =>
            (await api<{ retention_days_by_type: object }>("GET", "/api/v1/settings")).retention_days_by_type,
        )
        .toEqual({ [TYPE]: 3000 });

      await page.getByLabel("Category in context.consent").fill("statistics");
      await page.getByLabel("An event that is denied it").selectOption("drop");
      await page.locator("form[aria-label=Consent]").getByRole("button", { name: "Save" }).click();
      await expect
        .poll(async () => (await api<{ consent: object }>("GET", "/api/v1/settings")).consent)
        .toEqual({ mode: "drop", category: "statistics" });
    } finally {
      await api("PUT", "/api/v1/settings", before);
    }
  });

  it("export a person, and erase them from their page", async () => {
    const person = `erased-${RUN}`;
    await api("POST", "/api/v1/events", { event_type: `seen_${RUN}`, user_id: person, properties: { n: 1 } });
    await expect.poll(() => storedEvents(`seen_${RUN}`), { timeout: 15_000 }).toBe(1);
    const page = await open(`#/people/${person}`);
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export all that is kept" }).click();
    expect((await download).suggestedFilename()).toBe(`person-${person}.json`);
    await page.getByRole("button", { name: "Erase this person…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Erase", exact: true }).click();
    await expect.poll(() => storedEvents(`seen_${RUN}`), { timeout: 40_000 }).toBe(0);
    await page.getByText("Nobody is called so").waitFor({ timeout: 20_000 });
    await page.goto(`${server}/#/privacy`);
    await page.locator("[data-job=done]", { hasText: "1 events, 0 dead letters" }).first().waitFor();
  }, 90_000);

  it("tell who did what, whether the log is whole, and find an act by its words", async () => {
    const page = await open("#/audit");
    await page.locator("[data-whole=true]").waitFor();
    await page.getByLabel("Words").fill(`schemas ${TYPE}`);
    const act = page.locator(".audit-rows li", { hasText: TYPE }).first();
    await act.waitFor();
    await act.locator("summary").click();
    await act.getByText("/api/v1/schemas").first().waitFor();
    await page.getByLabel("Outcome").selectOption("refused");
    await page.getByText("No entry is like this").waitFor();
    await page.getByLabel("Outcome").selectOption("");
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export CSV" }).click();
    expect((await download).suggestedFilename()).toBe("audit-tenant.csv");
    const proof = await api<object>("GET", "/api/v1/audit/head");
    const field = page.locator("log-check input[type=file]");
    const give = (head: object) =>
      field.setInputFiles({
        name: "proof.json",
        mimeType: "application/json",
        buffer: Buffer.from(JSON.stringify(head)),
      });
    await give(proof);
    await page.getByText("the end is where the proof says or after it").waitFor();
    await give({ ...proof, hash: "0".repeat(64) });
    await page.locator("[data-whole=false], log-check [data-state=error]").waitFor();
  });

  it("show the whole server's numbers to nobody but its administrators", async () => {
    const watched = await openPage(browser);
    opened.push(watched);
    const asked: string[] = [];
    watched.page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await watched.page.addInitScript(
      (secret) => sessionStorage.setItem("tidemark.key", secret),
      process.env.TIDEMARK_SECRET_KEY ?? "",
    );
    await watched.page.goto(`${server}/#/system`);
    await watched.page.getByText("Behind").waitFor();
    expect(asked).not.toContain("/metrics");
    expect(await watched.page.getByRole("heading", { name: "Processor" }).count()).toBe(0);
  });

  it("raise an alert of many dead letters, and say whom it is told", async () => {
    const { alerts: before } = await api<{ alerts: { dead_letters_per_hour: number | null } }>(
      "GET",
      "/api/v1/settings",
    );
    try {
      const page = await open("#/alerts");
      await page.getByLabel("Dead letters within an hour").fill("1");
      await page.getByLabel("Address of a webhook").fill("https://127.0.0.1:1/hook");
      await page.getByRole("button", { name: "Save" }).click();
      await page.locator(".problem, .notice").first().waitFor();
      await page.getByLabel("Address of a webhook").fill("");
      await page.getByRole("button", { name: "Save" }).click();
      await expect
        .poll(
          async () =>
            (await api<{ alerts: { dead_letters_per_hour: number | null } }>("GET", "/api/v1/settings"))
              .alerts.dead_letters_per_hour,
        )
        .toBe(1);
      await api("PATCH", `/api/v1/schemas/${TYPE}`, { mode: "enforce" });
      await sendBad(2, { amount: "many" });
      const raised = page.locator(".alert.up", { hasText: /dead letters/i });
      await raised.waitFor({ timeout: 40_000 });
      await raised.getByRole("link", { name: "Look at it" }).click();
      await page.locator("letter-list").waitFor();
    } finally {
      await api("PUT", "/api/v1/settings", {
        alerts: { dead_letters_per_hour: before.dead_letters_per_hour },
      });
    }
  }, 90_000);

  it("tell on every page of a limit that is near or reached, and list what was used", async () => {
    const watched = await openPage(browser);
    opened.push(watched);
    const { page } = watched;
    const limit = {
      limit: "events_per_month",
      unit: "events",
      window: "2026-11",
      resets_at: "2026-12-01T00:00:00Z",
    };
    let state: "ok" | "soft" | "hard" = "soft";
    await page.route("**/api/v1/usage", (route) =>
      route.fulfill({
        json: {
          plan: "growth",
          at: "2026-11-22T12:00:00Z",
          limits: [{ ...limit, used: 900, soft: 800, hard: 1000, state }],
          days: [{ date: "2026-11-22", events: 900, queries: 3 }],
        },
      }),
    );
    await page.addInitScript(
      (secret) => sessionStorage.setItem("tidemark.key", secret),
      process.env.TIDEMARK_SECRET_KEY ?? "",
    );
    await page.goto(`${server}/#/schemas`);
    await page.locator(".banner", { hasText: "900 of 1,000" }).waitFor();
    await page.getByRole("link", { name: "Usage & limits" }).first().click();
    await page.locator(".limit", { hasText: "Events this month" }).waitFor();
    expect(await page.getByRole("meter").getAttribute("aria-label")).toBe("Events this month: 90% used");
    state = "hard";
    await page.reload();
    await page.locator(".banner", { hasText: "What goes beyond it is refused" }).waitFor();
    state = "ok";
    await page.reload();
    await page.locator(".limit").waitFor();
    expect(await page.locator(".banner").count()).toBe(0);
  });
});
