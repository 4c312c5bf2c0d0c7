import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { comparedTrend, fullReport, LONG_NAME } from "../mock/fixtures";
import { TOKEN } from "../mock/server";
import { drawn, type PageSetting } from "./chromium";
import { mockForThisFile, overflowOf, Pages, widgetOf } from "./pages";

const pages = Pages.forThisFile();
const mock = mockForThisFile();

const open = (path: string, setting: PageSetting = {}): Promise<Page> => pages.open(mock.url + path, setting);

const embed = (report: string, token = TOKEN) => `/embed/reports/${report}?token=${token}`;

/** How many pixels of a chart's canvas are close to a colour. */
async function pixelsOf(
  page: Page,
  widget: string,
  colour: readonly [number, number, number],
): Promise<number> {
  return page
    .locator(`tidemark-widget[data-widget=${widget}] canvas`)
    .evaluate((canvas: HTMLCanvasElement, [red, green, blue]) => {
      const data = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      let found = 0;
      for (let at = 0; at < data.length; at += 4) {
        const near = (index: number, value: number) => Math.abs((data[at + index] ?? 0) - value) < 6;
        if (near(0, red) && near(1, green) && near(2, blue) && (data[at + 3] ?? 0) > 200) found += 1;
      }
      return found;
    }, colour);
}

const BLUE_LIGHT = [0x2b, 0x50, 0xe0] as const;
const BLUE_DARK = [0x72, 0x89, 0xf2] as const;

describe("a report on its embed page", () => {
  it("draws every display", async () => {
    const page = await open(embed("full"));
    await drawn(page);
    expect(await page.locator("canvas").count()).toBe(4);
    for (const widget of ["w5", "w7", "w8"]) {
      expect(
        await pixelsOf(page, widget, widget === "w8" ? [0x2b, 0x50, 0xe0] : BLUE_LIGHT),
        widget,
      ).toBeGreaterThan(100);
    }
    const first = widgetOf(page, "w1");
    expect(await first.locator(".value").innerText()).toBe("130.2k");
    expect(await first.locator(".change").innerText()).toContain("+15.8%");
    const table = widgetOf(page, "w9");
    expect(await table.locator("tbody tr").count()).toBe(10);
    expect(await table.locator("tfoot").innerText()).toContain("31,207");
    expect(await table.locator("tbody").innerText()).toContain("(none)");
    expect(await widgetOf(page, "w7").locator(".legend").innerText()).toContain("Other");
  });

  it("takes the token out of its address and sends it as a bearer credential", async () => {
    const page = await open(`${embed("full")}&theme=dark`);
    await drawn(page);
    expect(page.url()).toBe(`${mock.url}/embed/reports/full?theme=dark`);
    expect(mock.asked("full")[0]).toMatchObject({ authorization: `Bearer ${TOKEN}`, search: "" });
    expect(
      await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])),
    ).not.toContain(TOKEN);
  });

  it("places widgets on twelve columns when wide and in one column at 360 pixels", async () => {
    const wide = await open(embed("full"));
    await drawn(wide);
    const place = async (page: Page, widget: string) => {
      const box = await widgetOf(page, widget).boundingBox();
      return box ?? { x: 0, y: 0, width: 0, height: 0 };
    };
    expect((await place(wide, "w1")).y).toBe((await place(wide, "w4")).y);
    const narrow = await open(embed("full"), { width: 360 });
    await drawn(narrow);
    const [first, second, chart] = [
      await place(narrow, "w1"),
      await place(narrow, "w2"),
      await place(narrow, "w5"),
    ];
    expect(second.y).toBeGreaterThan(first.y);
    expect(second.x).toBe(first.x);
    expect(chart.width).toBe(first.width);
    const overflow = await narrow.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBe(0);
  });

  it("is dark when asked and when the system is, with colours of its own", async () => {
    const asked = await open(`${embed("full")}&theme=dark`);
    await drawn(asked);
    expect(await pixelsOf(asked, "w5", BLUE_DARK)).toBeGreaterThan(100);
    expect(await pixelsOf(asked, "w5", BLUE_LIGHT)).toBe(0);
    const system = await open(embed("full"), { dark: true });
    await drawn(system);
    expect(await pixelsOf(system, "w5", BLUE_DARK)).toBeGreaterThan(100);
    await system.emulateMedia({ colorScheme: "light" });
    await expect.poll(() => pixelsOf(system, "w5", BLUE_LIGHT)).toBeGreaterThan(100);
    const forced = await open(`${embed("full")}&theme=light`, { dark: true });
    await drawn(forced);
    expect(await pixelsOf(forced, "w5", BLUE_LIGHT)).toBeGreaterThan(100);
  });

  it("follows the custom properties of the page around the element", async () => {
    const page = await open(embed("full"));
    await drawn(page);
    await page.evaluate(() => {
      const report = document.querySelector("tidemark-report");
      report?.style.setProperty("--tidemark-series-1", "rgb(10 200 30)");
      report?.setAttribute("theme", "light");
    });
    await expect.poll(() => pixelsOf(page, "w5", [10, 200, 30])).toBeGreaterThan(100);
  });

  it("shows what is under the mouse and under the arrow keys", async () => {
    const page = await open(embed("full"));
    await drawn(page);
    const chart = widgetOf(page, "w5").locator(".canvas");
    await chart.focus();
    await page.keyboard.press("End");
    const tip = widgetOf(page, "w5").locator(".tip");
    expect(await tip.innerText()).toContain("so far");
    await page.keyboard.press("Home");
    expect(await tip.innerText()).toContain("13 Feb 2026");
    expect(await tip.innerText()).toContain("Page views (before) 14 Jan");
    await page.keyboard.press("Escape");
    expect(await tip.isVisible()).toBe(false);
    const box = await chart.boundingBox();
    await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) - 20, (box?.y ?? 0) + 60);
    expect(await tip.innerText()).toContain("14 Mar 2026");
  });

  it("switches lines off and on in the legend and keeps the last one", async () => {
    const page = await open(embed("full"));
    await drawn(page);
    const entries = widgetOf(page, "w5").locator(".legend button");
    await entries.first().click();
    expect(await pixelsOf(page, "w5", BLUE_LIGHT)).toBe(0);
    await entries.last().click();
    expect(await entries.last().getAttribute("aria-pressed")).toBe("true");
    await entries.first().click();
    expect(await pixelsOf(page, "w5", BLUE_LIGHT)).toBeGreaterThan(100);
  });

  it("survives names of 200 characters without growing out of its page", async () => {
    for (const width of [360, 1280]) {
      const page = await open(embed("long"), { width });
      await drawn(page);
      expect(await overflowOf(page)).toBe(0);
      expect(await page.locator("h2").getAttribute("title")).toBe(LONG_NAME);
    }
  });

  it("never reads a name as markup", async () => {
    const name = '<img src=x onerror="alert(1)">';
    const report = fullReport();
    const [line] = comparedTrend().lines;
    const data = {
      ...comparedTrend(),
      lines: line ? ["a", name].map((breakdown) => ({ ...line, breakdown })) : [],
    };
    mock.reports.set("markup", {
      ...report,
      report_name: name,
      widgets: [{ widget_id: "w5", type: "trend", title: name, display: "line", data }],
    });
    const page = await open(embed("markup"));
    await drawn(page);
    await page.locator(".canvas").focus();
    await page.keyboard.press("End");
    expect(await page.locator(".tip").innerText()).toContain(name);
    expect(await page.locator("img").count()).toBe(0);
  });
});

describe("the states of a report", () => {
  it("say what to do when nothing was measured", async () => {
    const page = await open(embed("empty"));
    const empty = page.locator("[data-state=empty]");
    await empty.first().waitFor();
    expect(await empty.count()).toBe(6);
    expect(await empty.first().innerText()).toContain("Choose a longer period");
    const bare = await open(embed("bare"));
    await bare.locator("[data-state=empty]").waitFor();
  });

  it("keep one widget's failure to that widget", async () => {
    const page = await open(embed("errors"));
    await drawn(page);
    expect(await page.locator("[data-state=error]").count()).toBe(5);
    expect(await page.locator("[data-state=error]").first().innerText()).toContain("narrow its range");
    expect(await page.locator("canvas").count()).toBeGreaterThan(0);
  });

  it("tell how old stale numbers are", async () => {
    const page = await open(embed("stale"));
    await drawn(page);
    expect(await page.locator("[data-badge=stale]").innerText()).toMatch(/Showing data from 2 min/);
  });

  it("show bars while the first answer is on its way", async () => {
    mock.silent = true;
    const page = await open(embed("full"));
    await page.locator("[data-state=loading]").waitFor();
    expect(await page.locator(".skeleton").count()).toBe(4);
  });

  it("tell forbidden, missing and failing apart", async () => {
    mock.failure = { title: "Forbidden", status: 403, detail: "Not shared with you." };
    const forbidden = await open(embed("full"));
    expect(await forbidden.locator("[data-state=forbidden]").innerText()).toContain("Not shared with you.");
    mock.failure = null;
    const missing = await open(embed("nowhere"));
    expect(await missing.locator("[data-state=error]").innerText()).toContain("does not exist");
    mock.failure = { title: "Engine unavailable", status: 503, detail: "The engine is starting." };
    const failing = await open(embed("full"));
    expect(await failing.locator("[data-state=error]").innerText()).toContain("The engine is starting.");
    mock.failure = null;
    await drawn(failing);
  });

  it("show the numbers now and then while as many watch live as there is room for, and say so", async () => {
    mock.streamFailure = { title: "Too many requests", status: 429, code: "rate_limited", limit: "viewers" };
    const page = await open(embed("full"));
    await drawn(page);
    expect(await page.locator("[data-badge=crowded]").innerText()).toContain("Many are watching");
    mock.failure = mock.streamFailure;
    const late = await open(embed("full"));
    expect(await late.locator("[data-state=error]").innerText()).toContain("as soon as there is room");
    mock.failure = null;
    await drawn(late);
  });

  it("say that access has expired when nobody hands out a new token", async () => {
    const page = await open(embed("full", "old"));
    await page.locator("[data-state=expired]").waitFor();
    expect([...mock.asked("full"), ...mock.asked("full/stream")]).toHaveLength(1);
  });

  it("keep the picture and say so when the server goes away, and recover by themselves", async () => {
    const page = await open(embed("full"));
    await drawn(page);
    await page.evaluate(() => document.querySelector("tidemark-report")?.setAttribute("refresh", "1"));
    mock.failure = { title: "Overloaded", status: 503 };
    await page.locator("[data-badge=reconnecting]").waitFor();
    expect(await page.locator("canvas").count()).toBe(4);
    mock.failure = null;
    await page.locator("[data-badge=polling]").waitFor();
  });
});

describe("refreshing", () => {
  it("brings new numbers into the picture, and asks with the entity tag until there are some", async () => {
    const page = await open(embed("full"));
    await drawn(page);
    await page.evaluate(() => document.querySelector("tidemark-report")?.setAttribute("refresh", "1"));
    await expect
      .poll(() => mock.asked("full").filter((seen) => seen.status === 304).length, { timeout: 10_000 })
      .toBeGreaterThan(0);
    const canvas = await widgetOf(page, "w5").locator("canvas").elementHandle();
    mock.reports.set("full", fullReport(9000));
    await expect.poll(() => widgetOf(page, "w1").locator(".value").innerText()).toBe("279k");
    expect(await canvas?.evaluate((element) => element.isConnected)).toBe(true);
  });

  it("renews an expired token from the host application", async () => {
    const page = await open(embed("full"));
    await drawn(page);
    mock.validTokens.delete(TOKEN);
    mock.validTokens.add("token-2");
    mock.nextToken = "token-2";
    await page.evaluate(() => {
      const report = document.querySelector("tidemark-report");
      report?.setAttribute("token-provider", "/host/token");
    });
    await expect.poll(() => mock.asked("full").at(-1)?.authorization).toBe("Bearer token-2");
    await expect.poll(() => mock.asked("full").at(-1)?.status).toBe(200);
    await page.locator("[data-badge=polling]").waitFor();
  });
});

describe("a widget alone on a page", () => {
  it("fetches its report and draws only itself", async () => {
    const page = await open(embed("full"));
    await drawn(page);
    await page.evaluate((token) => {
      const widget = document.createElement("tidemark-widget");
      widget.id = "alone";
      for (const [name, value] of Object.entries({ report: "full", widget: "w1", token })) {
        widget.setAttribute(name, value);
      }
      document.body.append(widget);
    }, TOKEN);
    await expect.poll(() => page.locator("#alone .value").innerText()).toBe("130.2k");
    expect(await page.locator("#alone [data-badge=polling]").innerText()).toContain("Updates every");
    await page.evaluate(() => document.querySelector("#alone")?.setAttribute("widget", "gone"));
    await expect.poll(() => page.locator("#alone .message").innerText()).toContain("does not exist");
  });
});

describe("the host page", () => {
  it("embeds the report at its full height and keeps following it", async () => {
    const page = await open("/demo/host");
    const frame = page.frameLocator("iframe");
    await frame.locator("canvas").first().waitFor();
    const gap = () =>
      page.evaluate(() => {
        const iframe = document.querySelector("iframe");
        return Math.abs(
          (iframe?.offsetHeight ?? 0) - (iframe?.contentDocument?.documentElement.scrollHeight ?? 9999),
        );
      });
    await expect.poll(gap).toBeLessThan(2);
    await page.setViewportSize({ width: 400, height: 800 });
    await expect
      .poll(() => page.locator("iframe").evaluate((iframe) => iframe.clientHeight))
      .toBeGreaterThan(2000);
    await expect.poll(gap).toBeLessThan(2);
    await page.setViewportSize({ width: 1280, height: 800 });
    await expect
      .poll(() => page.locator("iframe").evaluate((iframe) => iframe.clientHeight))
      .toBeLessThan(1500);
  });

  it("hands over a new token when the report asks for one", async () => {
    mock.validTokens.delete(TOKEN);
    const page = await open("/demo/host");
    mock.validTokens.add("token-2");
    mock.nextToken = "token-2";
    await page.frameLocator("iframe").locator("canvas").first().waitFor();
    expect(mock.asked("full").at(-1)?.authorization).toBe("Bearer token-2");
  });
});
