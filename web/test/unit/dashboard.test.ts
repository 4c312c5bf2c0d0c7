import { describe, expect, it } from "vitest";
import { samplesOf } from "../../packages/dashboard/src/api/operate";
import { copyName } from "../../packages/dashboard/src/api/reports";
import { eventSnippet } from "../../packages/dashboard/src/home/first-event";
import { frameSnippet, snippetsOf } from "../../packages/dashboard/src/share/snippets";
import { addressOf, routeOf } from "../../packages/dashboard/src/shell/route";
import { largest, mean, rate, total } from "../../packages/dashboard/src/system/vitals";

describe("addresses", () => {
  it("survive whatever they contain", () => {
    const parts = ["people", "a/b?c#d%e f"];
    const route = routeOf(addressOf(parts, { q: '{"a":"&="}', none: "" }));
    expect([route.page, ...route.rest]).toEqual(parts);
    expect([...route.query]).toEqual([["q", '{"a":"&="}']]);
  });

  it("lead home where they say nothing, and are not broken by a stray percent sign", () => {
    expect(routeOf("").page).toBe("home");
    expect(routeOf("#/").page).toBe("home");
    expect(routeOf("#/people/100%").rest).toEqual(["100%"]);
  });
});

describe("vitals", () => {
  const read = (text: string, at: number) => ({ at, samples: samplesOf(text) });
  const before = read(
    '# HELP x\na_total{k="x\\"}y",l="2"} 10\na_total 5\nd_seconds_count 2\nd_seconds_sum 1.0\n',
    1_000,
  );
  const now = read(
    'a_total{k="x"} 20\na_total 15\nd_seconds_count 4\nd_seconds_sum 2.5E0\nlag{p="0"} 3\nlag{p="1"} 7\n',
    3_000,
  );

  it("are read with their labels", () => {
    expect(before.samples[0]).toEqual({ name: "a_total", labels: { k: 'x\\"}y', l: "2" }, value: 10 });
    expect(total(now.samples, "a_total")).toBe(35);
    expect(total(now.samples, "absent")).toBeNull();
    expect(largest(now.samples, "lag")).toBe(7);
  });

  it("give rates a second and means between two looks", () => {
    expect(rate(before, now, "a_total")).toBe(10);
    expect(rate(null, now, "a_total")).toBeNull();
    expect(rate(now, before, "a_total")).toBeNull();
    expect(mean(before, now, "d_seconds")).toBe(0.75);
    expect(mean(now, now, "d_seconds")).toBeNull();
  });
});

describe("code to copy", () => {
  const grant = {
    filter: { property: "user.name", operator: "eq", value: 'O\'Hara "x"' } as const,
    expires_in: 60,
  };

  it("carries a filter with quotes unharmed in each language", () => {
    const texts = new Map(
      snippetsOf("https://t.example", "r 1", grant).map(({ language, text }) => [language, text]),
    );
    const json = JSON.stringify(grant);
    const literal = (language: string, before: RegExp) =>
      before.exec(texts.get(language) ?? "")?.[1] ?? "null";
    expect(JSON.parse(literal("Python", /data=(".*")\.encode/))).toBe(json);
    expect(JSON.parse(literal("Java", /ofString\((".*")\)\)/))).toBe(json);
    expect(JSON.parse(literal("Go", /NewReader\((".*")\)/))).toBe(json);
    expect(literal("curl", /-d '(.*)'$/).replaceAll("'\\''", "'")).toBe(json);
    expect(JSON.parse(literal("Node", /JSON\.stringify\(([\s\S]*?)\),\n {2}\}\);/))).toEqual(grant);
    for (const text of texts.values())
      expect(text).toContain("https://t.example/api/v1/reports/r%201/embed-tokens");
  });

  it("escapes an address within an attribute", () => {
    expect(frameSnippet("https://t.example/embed/reports/r?token=a&theme=dark")).toContain(
      "token=a&amp;theme=dark",
    );
  });

  it("sends the same event in each language", () => {
    for (const language of ["curl", "JavaScript", "Python"] as const) {
      const text = eventSnippet(language, "https://t.example", "wk_1");
      expect(text).toContain("https://t.example/api/v1/events");
      expect(text).toContain("Bearer wk_1");
      expect(text).toContain("hello_tidemark");
    }
    expect(eventSnippet("Web page", "https://t.example", "wk_1")).toContain('data-write-key="wk_1"');
  });

  it("has a page send it with the tracker and a key that may stand there", () => {
    const text = eventSnippet("Web page", "https://t.example", "wk_1");
    expect(text).toContain('src="https://t.example/tidemark.js"');
    expect(text).toContain('data-write-key="wk_1"');
    expect(text).toContain('tidemark.push(["track", "hello_tidemark"');
  });

  it("names copies within the longest name", () => {
    expect(copyName("A")).toBe("A (copy)");
    expect(copyName("x".repeat(200))).toHaveLength(200);
  });
});
