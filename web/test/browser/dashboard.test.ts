import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { launchChromium, openPage, type WatchedPage } from "./chromium";
import { answered, api, key, openDashboard, pick, server } from "./tidemark";

describe.skipIf(!server)("the dashboard", () => {
  let browser: Browser;
  let opened: WatchedPage[] = [];
  const undo: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    for (const task of undo) await task().catch(() => null);
  });
  afterEach(async () => {
    const complaints = opened.flatMap((watched) => watched.complaints);
    for (const { context } of opened) await context.close();
    opened = [];
    expect(complaints, "console errors and policy violations").toEqual([]);
  });

  async function open(address: string, setting: Parameters<typeof openDashboard>[2] = {}): Promise<Page> {
    const watched = await openDashboard(browser, address, setting);
    opened.push(watched);
    return watched.page;
  }

  async function send(...events: readonly object[]): Promise<void> {
    await api("POST", "/api/v1/events", { batch: events });
  }

  describe("signing in", () => {
    async function signIn(path: string): Promise<Page> {
      const watched = await openPage(browser);
      opened.push(watched);
      watched.page.setDefaultTimeout(8_000);
      await watched.page.goto(server + path);
      return watched.page;
    }

    it("takes the key out of the address and remembers it for this tab", async () => {
      const page = await signIn(`/#key=${key}`);
      await page.locator("main .page-head").waitFor();
      expect(page.url()).not.toContain("sk_");
      await page.reload();
      await page.locator("main .page-head").waitFor();
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.locator("sign-in form").waitFor();
      expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    });

    it("refuses a key that the server does not know, and takes a good one", async () => {
      const page = await signIn("/");
      await page.getByLabel("Secret key").fill("sk_wrong");
      await page.getByRole("button", { name: "Sign in" }).click();
      await expect
        .poll(() => page.locator("#problem").innerText())
        .toBe("This server does not know that key.");
      await page.getByLabel("Secret key").fill(key);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.locator("main .page-head").waitFor();
    });
  });

  describe("the frame", () => {
    it("goes from page to page by keyboard and says where it is", async () => {
      const page = await open("#/reports");
      await page.locator("body").press("Tab");
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to the content");
      await page.keyboard.press("Enter");
      expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
      await page.getByRole("link", { name: "Cohorts" }).focus();
      await page.keyboard.press("Enter");
      await page.locator("cohorts-page").waitFor();
      expect(await page.title()).toBe("Cohorts · Tidemark");
      expect(await page.getByRole("link", { name: "Cohorts" }).getAttribute("aria-current")).toBe("page");
    });

    it("opens and closes its navigation on a narrow screen", async () => {
      const page = await open("#/reports", { width: 360 });
      const link = page.getByRole("link", { name: "System" });
      expect(await link.isVisible()).toBe(false);
      await page.getByRole("button", { name: "Menu" }).click();
      await link.click();
      await page.locator("system-page").waitFor();
      await expect.poll(() => link.isVisible()).toBe(false);
      await page.getByRole("button", { name: "Menu" }).click();
      await page.keyboard.press("Escape");
      await expect.poll(() => link.isVisible()).toBe(false);
    });

    it("is light or dark as chosen, and stays so", async () => {
      const page = await open("#/system");
      const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const light = await background();
      await page.getByRole("button", { name: "Dark" }).click();
      const dark = await background();
      expect(dark).not.toBe(light);
      await page.reload();
      await page.locator("main .page-head").waitFor();
      expect(await background()).toBe(dark);
    });

    it("says what went wrong where a page cannot be loaded, and tries again", async () => {
      const page = await open("#/reports");
      await page.route("**/api/v1/cohorts", (route) =>
        route.fulfill({ status: 500, json: { title: "Broken", detail: "The disk is full." } }),
      );
      await page.getByRole("link", { name: "Cohorts" }).click();
      expect(await page.locator("[data-state=error]").innerText()).toContain("The disk is full.");
      await page.unroute("**/api/v1/cohorts");
      await page.getByRole("button", { name: "Try again" }).click();
      await page.locator("cohorts-page .rows, cohorts-page [data-state=empty]").waitFor();
    });
  });

  describe("the explorer", () => {
    it("answers as the question is written, keeps it in the address, and explains itself", async () => {
      const page = await open("#/explore");
      await page.getByRole("combobox", { name: "Measure", exact: true }).selectOption("users");
      await pick(page, "Broken down by", "country");
      await answered(page);
      await expect.poll(() => decodeURIComponent(page.url())).toContain('"breakdown":{"property":"country"}');
      await page.reload();
      await answered(page);
      expect(await page.getByRole("combobox", { name: "Measure", exact: true }).inputValue()).toBe("users");
      await page.getByText("Explain", { exact: true }).click();
      await page.getByText("Rows read").waitFor();
    });

    it("exports all rows", async () => {
      const page = await open("#/explore");
      await page.getByRole("button", { name: "Table", exact: true }).first().click();
      await answered(page);
      for (const [name, start] of [
        ["CSV", "event_type,"],
        ["JSON", "{"],
        ["Parquet", "PAR1"],
      ] as const) {
        const [file] = await Promise.all([
          page.waitForEvent("download"),
          page.getByRole("button", { name, exact: true }).click(),
        ]);
        const text = await readFile((await file.path()) ?? "", "latin1");
        expect(text.startsWith(start), `${name}: ${text.slice(0, 40)}`).toBe(true);
      }
    });

    it("saves what it shows as a widget of a report", async () => {
      const { report_id } = await api<{ report_id: string }>("POST", "/api/v1/reports", {
        report_name: `For the explorer ${Date.now()}`,
        widgets: [],
      });
      undo.push(() => api("DELETE", `/api/v1/reports/${report_id}`));
      const page = await open("#/explore");
      await page.getByRole("button", { name: "Stickiness" }).click();
      await answered(page);
      await page.getByRole("button", { name: "Save to a report" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("combobox", { name: "Report" }).selectOption(report_id);
      await dialog.getByLabel("Title of the widget").fill("How often they come");
      await dialog.getByRole("button", { name: "Save" }).click();
      await page.getByRole("button", { name: "Look at it" }).click();
      await page.locator("tidemark-report").getByText("How often they come").waitFor();
      const { widgets } = await api<{ widgets: readonly { type: string; display: string }[] }>(
        "GET",
        `/api/v1/reports/${report_id}/widgets`,
      );
      expect(widgets).toMatchObject([{ type: "stickiness", display: "bar", title: "How often they come" }]);
    });

    it("lists the people behind a step, and keeps them as a cohort", async () => {
      const page = await open("#/explore");
      await page.getByRole("button", { name: "Funnel" }).click();
      await pick(page.locator("funnel-editor li").nth(0), "Event", "signup");
      await pick(page.locator("funnel-editor li").nth(1), "Event", "page_view");
      await answered(page);
      await page.getByText("People behind the steps").click();
      const rows = page.locator("people-behind tbody tr");
      await rows.first().waitFor();
      const before = await rows.count();
      await page.locator("people-behind").getByRole("button", { name: "More" }).click();
      await expect.poll(() => rows.count()).toBeGreaterThan(before);
      await page.getByRole("combobox", { name: "Who" }).selectOption({ label: "Reached 2. page_view" });
      await rows.first().waitFor();
      await page.getByRole("button", { name: "Save people as a cohort" }).click();
      await page.getByRole("dialog").getByLabel("Name of the cohort").fill(`Came back ${Date.now()}`);
      await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
      await page.getByRole("button", { name: "Look at it" }).click();
      await page.locator("cohort-view tbody tr").first().waitFor();
      const id = page.url().split("/").at(-1) ?? "";
      undo.push(() => api("DELETE", `/api/v1/cohorts/${id}`));
      const cohort = await api<{ kind: string; size: number }>("GET", `/api/v1/cohorts/${id}`);
      expect(cohort.kind).toBe("static");
      expect(cohort.size).toBeGreaterThan(0);
    }, 60_000);
  });

  describe("events and people", () => {
    it("shows an event as it arrives and finds it by type, property and person", async () => {
      const id = `p-${Date.now()}`;
      const type = `seen_by_test_${Date.now()}`;
      const page = await open("#/events");
      await page.locator(".event-rows li").first().waitFor();
      await send({ event_type: type, user_id: id, properties: { colour: "green", size: 3 } });
      await page.locator(".event-rows li", { hasText: type }).waitFor();
      await send({ event_type: type, user_id: `${id}-other`, properties: { colour: "red", size: 4 } });
      await pick(page, "Event types", type);
      await expect.poll(() => page.locator(".event-rows li").count()).toBe(2);
      await page.getByRole("button", { name: "Filter by a property" }).click();
      await page.getByRole("combobox", { name: "Property", exact: true }).fill("properties.size");
      await page.getByRole("combobox", { name: "Property", exact: true }).press("Enter");
      await page.getByRole("combobox", { name: "Comparison" }).selectOption("lt");
      await page.getByRole("combobox", { name: "Value", exact: true }).fill("4");
      await page.getByRole("combobox", { name: "Value", exact: true }).press("Enter");
      await expect.poll(() => page.locator(".event-rows li").count(), { timeout: 5_000 }).toBe(1);
      await page.locator(".event-rows summary").click();
      expect(await page.locator(".event-detail").innerText()).toContain("green");
      await page.getByRole("link", { name: `All of ${id}` }).click();
      await page.locator("person-page .event-rows li").waitFor();
      expect(await page.locator("h1").innerText()).toBe(id);
    }, 60_000);

    it("shows what was searched for though the server takes longer than the time between two looks", async () => {
      const type = `slowly_found_${Date.now()}`;
      await send({ event_type: type, user_id: "slow" });
      const page = await open("#/events");
      const rows = page.locator(".event-rows li");
      await rows.first().waitFor();
      await page.route("**/api/v1/events?*", async (route) => {
        await new Promise((later) => setTimeout(later, 2_000));
        await route.continue().catch(() => null);
      });
      await pick(page, "Event types", type);
      await expect.poll(() => rows.count(), { timeout: 12_000 }).toBe(1);
      await page.unrouteAll({ behavior: "ignoreErrors" });
    }, 60_000);

    it("turns to older events", async () => {
      const page = await open("#/events");
      const rows = page.locator(".event-rows li");
      await rows.first().waitFor();
      await page.getByRole("button", { name: "Older events" }).click();
      await expect.poll(() => rows.count()).toBeGreaterThan(90);
    });
  });

  describe("cohorts", () => {
    it("makes one by what people did and are, changes it, and deletes it with a way back", async () => {
      const page = await open("#/cohorts/new");
      const name = `Readers ${Date.now()}`;
      await page.getByLabel("Name", { exact: true }).fill(name);
      const rule = page.locator("rule-editor");
      await pick(rule, "Event", "page_view");
      await rule.getByLabel("Times").fill("2");
      await rule.getByLabel("Times").blur();
      await rule.getByRole("button", { name: "Condition", exact: true }).click();
      await rule.getByRole("combobox", { name: "Condition" }).nth(1).selectOption("did_not");
      await pick(rule, "Event", "signup", 1);
      await page.getByRole("button", { name: "Save" }).click();
      await page.locator("cohort-view tbody tr").first().waitFor();
      const id = page.url().split("/").at(-1) ?? "";
      undo.push(() => api("DELETE", `/api/v1/cohorts/${id}`));
      const read = () =>
        api<{ definition: unknown; size: number; name: string }>("GET", `/api/v1/cohorts/${id}`);
      expect(await read()).toMatchObject({
        definition: {
          and: [
            { did: { event: "page_view", times: { at_least: 2 }, range: { last: "30d" } } },
            { did_not: { event: "signup", range: { last: "30d" } } },
          ],
        },
      });
      await page.getByRole("link", { name: "Edit" }).click();
      await page.getByRole("combobox", { name: "Matches" }).selectOption("any");
      await page.getByRole("button", { name: "Save" }).click();
      await page.locator("cohort-view").waitFor();
      expect(await read()).toMatchObject({ definition: { or: [{}, {}] } });
      await page.goto(`${server}/#/cohorts`);
      await page.getByRole("button", { name: `Delete ${name}` }).click();
      await page.getByRole("button", { name: "Undo" }).click();
      await page.getByText(name).waitFor();
      expect((await read()).name).toBe(name);
    }, 60_000);

    it("takes a list of people", async () => {
      const person = `listed-${Date.now()}`;
      await send({ event_type: "page_view", user_id: person });
      const page = await open("#/cohorts/new");
      await page.getByLabel("Name", { exact: true }).fill(`Listed ${Date.now()}`);
      await page.getByRole("button", { name: "A list of people" }).click();
      await page
        .getByLabel("User ids, one a line or with commas")
        .fill(`${person}\n${person}, unknown-person`);
      expect(await page.locator("cohort-form [role=status]").innerText()).toBe("2 people");
      await page.getByRole("button", { name: "Save" }).click();
      await page.locator("cohort-view").waitFor();
      const id = page.url().split("/").at(-1) ?? "";
      undo.push(() => api("DELETE", `/api/v1/cohorts/${id}`));
      await page.getByRole("link", { name: person }).waitFor();
    });

    it("says at its field what the server finds wrong", async () => {
      const page = await open("#/cohorts/new");
      await page.getByLabel("Name", { exact: true }).fill("Wrong");
      await page.getByRole("combobox", { name: "Condition" }).selectOption("trait");
      await page.getByRole("combobox", { name: "Trait" }).fill("not_a_trait");
      await page.getByRole("combobox", { name: "Trait" }).press("Enter");
      await page.getByRole("combobox", { name: "Value", exact: true }).fill("x");
      await page.getByRole("combobox", { name: "Value", exact: true }).press("Enter");
      await page.getByRole("button", { name: "Save" }).click();
      await expect.poll(() => page.locator("rule-editor .wrong").innerText()).toContain("trait");
    });
  });

  describe("the first steps", () => {
    it("turns green when the event of the snippet arrives", async () => {
      const page = await open("#/home/first");
      const light = page.locator(".arrival");
      expect(await light.getAttribute("data-arrived")).toBe("nothing");
      await page.getByRole("button", { name: "curl" }).click();
      await page.getByRole("button", { name: "Make a write key for it" }).click();
      await expect.poll(() => page.locator("first-event pre").innerText()).toContain("wk_");
      const snippet = await page.locator("first-event pre").innerText();
      const written = /Bearer (wk_\w+)/.exec(snippet)?.[1] ?? "";
      const body = /-d '(.*)'/.exec(snippet)?.[1] ?? "";
      // As the page polls since when it was opened, what arrives now is new to it.
      const sent = await fetch(`${server}/api/v1/events`, {
        method: "POST",
        headers: { Authorization: `Bearer ${written}`, "Content-Type": "application/json" },
        body,
      });
      expect(sent.status).toBe(202);
      await page.locator(".arrival[data-arrived=hello]").waitFor();
      expect(await light.innerText()).toContain("has arrived");
      await page.locator("tidemark-report tidemark-widget").first().waitFor();
      const { keys } = await api<{ keys: readonly { key_id: string; name: string }[] }>(
        "GET",
        "/api/v1/keys",
      );
      for (const made of keys.filter(({ name }) => name === "First event")) {
        undo.push(() => api("DELETE", `/api/v1/keys/${made.key_id}`));
      }
    });
  });

  describe("sharing", () => {
    it("previews what visitors get, and gives code that holds what was chosen", async () => {
      const { reports } = await api<{ reports: readonly { report_id: string; widget_count: number }[] }>(
        "GET",
        "/api/v1/reports",
      );
      const report = reports.find((entry) => entry.widget_count > 3)?.report_id ?? "";
      const page = await open(`#/reports/${report}/share`);
      await page.frameLocator("iframe.preview").locator("tidemark-widget").first().waitFor();
      await page.getByRole("button", { name: "Lock to a filter" }).click();
      await pick(page, "Property", "country");
      await pick(page, "Value", "DE");
      await page.getByLabel("Sites that may show it").fill("https://app.example.com");
      await page.getByRole("combobox", { name: "Access ends after" }).selectOption("86400");
      for (const language of ["Node", "Python", "Java", "Go", "curl"]) {
        await page.getByRole("button", { name: language, exact: true }).click();
        const code = page.locator("copyable-code", { hasText: `Your server, ${language}` }).locator("pre");
        await expect.poll(() => code.innerText()).toContain("https://app.example.com");
        const text = (await code.innerText()).replaceAll("\\", "").replaceAll(/\s/g, "");
        expect(text).toContain('"property":"country","operator":"eq","value":"DE"');
        expect(text).toContain('"expires_in":86400');
      }
      await page.frameLocator("iframe.preview").locator("tidemark-widget").first().waitFor();
      await page.getByLabel("Sites that may show it").fill("not a site");
      await expect.poll(() => page.locator("share-panel .wrong").count()).toBe(1);
    }, 60_000);
  });

  describe("keys and system", () => {
    it("makes a key that is shown once, and revokes it", async () => {
      const name = `Made by a test ${Date.now()}`;
      const page = await open("#/keys");
      await page.getByLabel("Name", { exact: true }).fill(name);
      await page.getByRole("button", { name: "Make a key" }).click();
      const made = await page.locator(".made-key pre").innerText();
      const status = async () =>
        (
          await fetch(`${server}/api/v1/events`, {
            method: "POST",
            headers: { Authorization: `Bearer ${made}`, "Content-Type": "application/json" },
            body: JSON.stringify({ event_type: "page_view" }),
          })
        ).status;
      expect(await status()).toBe(202);
      await page.getByRole("button", { name: `Revoke ${name}` }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
      await page.locator("tr.ended", { hasText: name }).waitFor();
      await expect.poll(status).toBe(401);
    });

    it("tells how the server fares", async () => {
      const page = await open("#/system", { as: "owner" });
      await page.locator(".part-health", { hasText: "engine" }).waitFor();
      const vital = (title: string) =>
        page.locator(".vital", { has: page.getByRole("heading", { name: title, exact: true }) });
      await expect
        .poll(() => vital("Stored a second").locator(".value").innerText(), { timeout: 8_000 })
        .toMatch(/^[\d.,]+$/);
      expect(await vital("Engine").innerText()).toContain("Up");
    });
  });
});
