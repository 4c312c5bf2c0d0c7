// Adds up what the test runners wrote (JUnit XML) and prints one line. Exits 1 on a failure, or when a runner or a test class left
// no report.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [home, reports] = process.argv.slice(2);
const modules = ["engine-host", "engine", "app", "bench"];

/** The reports of a module, one for each test class: a class whose process died has left none. */
function classReports(module) {
  const classes = join(home, module, "target", "test-classes");
  const names = existsSync(classes) ? readdirSync(classes, { recursive: true }) : [];
  return names
    .filter((name) => /^[^$]*Test\.class$/.test(name))
    .map((name) => name.replace(/\.class$/, "").replaceAll(/[/\\]/g, "."))
    .map((name) => join(home, module, "target", "surefire-reports", `TEST-${name}.xml`));
}

function attribute(tag, name) {
  return Number(new RegExp(`\\s${name}="(\\d+)"`).exec(tag)?.[1] ?? 0);
}

function count(file) {
  const suites = [...readFileSync(file, "utf8").matchAll(/<testsuite\s[^>]*>/g)].map((match) => match[0]);
  const total = { tests: 0, failed: 0, skipped: 0 };
  for (const suite of suites) {
    total.tests += attribute(suite, "tests");
    total.failed += attribute(suite, "failures") + attribute(suite, "errors");
    total.skipped += attribute(suite, "skipped");
  }
  return total;
}

const sources = [
  ["pages", [join(reports, "web.xml")]],
  ...modules.map((module) => [module, classReports(module)]),
  ["browser", [join(reports, "browser.xml")]],
];

const all = { passed: 0, failed: 0, skipped: 0 };
let missing = false;
console.log("");
for (const [name, paths] of sources) {
  const sum = { tests: 0, failed: 0, skipped: 0 };
  for (const path of paths) {
    try {
      const one = count(path);
      for (const key of Object.keys(sum)) sum[key] += one[key];
    } catch {
      missing = true;
      console.log(`${name}: no report at ${path}`);
    }
  }
  if (sum.tests === 0) {
    missing = true;
    console.log(`${name}: did not run`);
    continue;
  }
  const passed = sum.tests - sum.failed - sum.skipped;
  console.log(`${name}: ${passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
  all.passed += passed;
  all.failed += sum.failed;
  all.skipped += sum.skipped;
}
console.log(`${all.passed} passed, ${all.failed} failed, ${all.skipped} skipped`);
process.exit(all.failed > 0 || missing ? 1 : 0);
