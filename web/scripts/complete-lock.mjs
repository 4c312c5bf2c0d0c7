import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

/**
 * Completes a lock file with the packages of other platforms that the registry at hand did not offer: `npm ci` demands an
 * entry for each of them, on every platform. Their versions are exact in the packages that ask for them; what they run on is
 * in their names. They carry no hash. Run after `npm install` has changed the lock file:
 *
 *   node scripts/complete-lock.mjs [DIRECTORY]
 */
const file = resolve(process.argv[2] ?? ".", "package-lock.json");
const lock = JSON.parse(readFileSync(file, "utf8"));

const SYSTEMS = [
  "aix",
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
];
const PROCESSORS = ["arm64", "arm", "ia32", "x64", "loong64", "mips64el", "ppc64", "riscv64", "s390x"];

function platform(name) {
  const words = name.split("/").at(-1).split("-");
  if (name === "fsevents") return { os: ["darwin"] };
  const os = words.find((word) => SYSTEMS.includes(word));
  const cpu = words.find((word) => PROCESSORS.includes(word));
  if (!os || !cpu) throw new Error(`${name} does not say what it runs on`);
  const libc = words.some((word) => word.startsWith("musl"))
    ? { libc: ["musl"] }
    : words.some((word) => word.startsWith("gnu"))
      ? { libc: ["glibc"] }
      : {};
  return { cpu: [cpu], ...libc, os: [os] };
}

let added = 0;
for (const [place, entry] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    if (lock.packages[key]?.version || lock.packages[`${place}/${key}`]?.version) continue;
    lock.packages[key] = {
      version: range.replace(/^[~^]/, ""),
      ...platform(name),
      ...(entry.dev ? { dev: true } : {}),
      optional: true,
    };
    added += 1;
  }
}
const names = Object.keys(lock.packages).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
lock.packages = Object.fromEntries(names.map((name) => [name, lock.packages[name]]));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} packages of other platforms added to ${file}`);
