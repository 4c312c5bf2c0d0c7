import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";

const dist = resolve(import.meta.dirname, "../../dist");
const BUDGET_BYTES = 185_000;
const CHOICE_BYTES = 10_000;
/** What a page loads before there is a chart to draw. */
const FIRST_BYTES = 40_000;
const DASHBOARD_BYTES = 300_000;
const TRACKER_BYTES = 4_900;
const AT_ONCE = /(?:from|import)\s*["'](\.[^"']+\.js)["']/g;
const AT_ONCE_OR_LATER = /(?:from|import)\s*\(?\s*["'](\.[^"']+\.js)["']/g;

/** A script with everything that it imports. */
function withImports(file: string, imports: RegExp, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(file, "utf8");
  for (const [, name = ""] of text.matchAll(imports)) withImports(join(dirname(file), name), imports, seen);
  return seen;
}

function compressed(files: Iterable<string>): number {
  return [...files].reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0);
}

it("keeps embed.js with its charts under 185 kB compressed, beside what is loaded where viewers may choose or look behind", () => {
  const all = [...withImports(join(dist, "embed.js"), AT_ONCE_OR_LATER)];
  const chosen = all.filter((file) => /\/(controls|controls-sheet|drill-panel)-/.test(file));
  expect(chosen.length).toBeGreaterThan(1);
  const files = all.filter((file) => !chosen.includes(file));
  expect(files.some((file) => file.includes("chart-canvas"))).toBe(true);
  process.stdout.write(
    `compressed: a report with charts ${compressed(files)} bytes, choices ${compressed(chosen)}\n`,
  );
  expect(compressed(files)).toBeLessThan(BUDGET_BYTES);
  expect(compressed(chosen)).toBeLessThan(CHOICE_BYTES);
});

it("loads the chart library with the first chart alone", () => {
  const files = withImports(join(dist, "embed.js"), AT_ONCE);
  expect([...files].some((file) => file.includes("chart-canvas"))).toBe(false);
  expect(files.size).toBeGreaterThan(1);
  expect(compressed(files)).toBeLessThan(FIRST_BYTES);
});

it("keeps what the dashboard loads before its first page under 300 kB compressed, and its charts and pages for later", () => {
  const page = readFileSync(join(dist, "index.html"), "utf8");
  const named = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)].map(([, name = ""]) =>
    join(dist, name),
  );
  const files = new Set(
    named.flatMap((file) => (file.endsWith(".js") ? [...withImports(file, AT_ONCE)] : [file])),
  );
  expect(files.size).toBeGreaterThan(2);
  expect([...files].filter((file) => /chart-canvas|-page-/.test(file))).toEqual([]);
  expect(compressed(files)).toBeLessThan(DASHBOARD_BYTES);
});

it("keeps the tracker under 4.9 kB compressed, in one script that imports nothing", () => {
  const file = join(dist, "tidemark.js");
  expect(compressed([file])).toBeLessThan(TRACKER_BYTES);
  expect(readFileSync(file, "utf8")).not.toMatch(/\b(import|require)\s*\(|\bimport\s*["'{]/);
});

it("makes the tracker a module too, where its package says that it is", async () => {
  const folder = resolve(import.meta.dirname, "../../packages/sdk");
  const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const module: unknown = await import(join(folder, exports["."].import));
  expect(module).toMatchObject({ createTracker: expect.any(Function) });
});

it("lets a server that makes pages import and call the tracker, and does nothing there", () => {
  const module = resolve(import.meta.dirname, "../../packages/sdk/dist/index.js");
  const program = `
    const before = Object.keys(globalThis).length;
    globalThis.fetch = () => { throw new Error("asked the network"); };
    const { createTracker } = await import(${JSON.stringify(module)});
    const tracker = createTracker({ writeKey: "wk_0123456789", host: "https://t.example" });
    tracker.page(); tracker.track("a", { b: 1 }, () => { throw new Error("called back"); });
    tracker.identify("u"); tracker.group("g"); tracker.alias("v"); tracker.push(["track", "c"]);
    tracker.optIn(); tracker.flush(); tracker.reset(); tracker.optOut();
    console.log(JSON.stringify([tracker.anonymousId(), Object.keys(globalThis).length - before]));`;
  // The process ends by itself, so no timer and no listener is left either.
  const said = execFileSync(process.execPath, ["--input-type=module", "--eval", program], {
    timeout: 20_000,
  });
  expect(JSON.parse(String(said))).toEqual(["", 0]);
});

it("asks for nothing from elsewhere and carries no inline script", () => {
  for (const name of ["index.html", "embed.html", "demo-host.html"]) {
    const page = readFileSync(join(dist, name), "utf8");
    expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    expect(page).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle="|\son\w+="/);
  }
});
