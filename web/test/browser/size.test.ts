import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";

const dist = resolve(import.meta.dirname, "../../dist");
const BUDGET_BYTES = 200_000;

/** A script with everything that it imports, at once or later. */
function withImports(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(file, "utf8");
  for (const [, name = ""] of text.matchAll(/(?:from|import)\s*\(?\s*["'](\.[^"']+\.js)["']/g)) {
    withImports(join(dirname(file), name), seen);
  }
  return seen;
}

it("keeps embed.js with its charts under 200 kB compressed", () => {
  const files = [...withImports(join(dist, "embed.js"))];
  expect(files.some((file) => file.includes("chart-canvas"))).toBe(true);
  const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0);
  expect(bytes).toBeLessThan(BUDGET_BYTES);
});

it("asks for nothing from elsewhere and carries no inline script", () => {
  for (const name of ["index.html", "embed.html", "demo-host.html"]) {
    const page = readFileSync(join(dist, name), "utf8");
    expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    expect(page).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle="|\son\w+="/);
  }
});
