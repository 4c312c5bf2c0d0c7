// Judges what Tidemark is built of: licences, versions known to be bad, the integrity of what npm fetches, and what npm knows of weaknesses.
// Writes a bill of materials (CycloneDX). Run by ./tidemark test, after the build.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Below zero where the first version comes before the second: numbers by value, a qualifier such as RC1 before none. */
export function compareVersions(first, second) {
  const parts = (text) => text.replace(/\.Final$/, "").split(/[.+-]/);
  const [a, b] = [parts(first), parts(second)];
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const [x, y] = [a[index] ?? "0", b[index] ?? "0"];
    const [numeric, other] = [/^\d+$/.test(x), /^\d+$/.test(y)];
    if (numeric && other && Number(x) !== Number(y)) return Number(x) - Number(y);
    if (numeric !== other) return numeric ? 1 : -1;
    if (!numeric && x !== y) return x < y ? -1 : 1;
  }
  return 0;
}

/** What is wrong with packages of either kind: {name, version, licences}. */
export function judge(packages, rules) {
  const allowed = rules.licences.map((pattern) => new RegExp(pattern, "i"));
  const wrong = [];
  for (const { name, version, licences } of packages) {
    for (const rule of rules.banned) {
      if (rule.name === name && compareVersions(version, rule.below) < 0) {
        wrong.push(`${name} ${version} is known to be bad: ${rule.why}; take ${rule.below} or later`);
      }
    }
    // Of several licences one may be chosen; "(A AND B)" must be allowed in both.
    const fits = licences.some((licence) =>
      licence
        .replace(/[()]/g, "")
        .split(/ OR /i)
        .some((choice) => choice.split(/ AND /i).every((each) => allowed.some((pattern) => pattern.test(each.trim())))),
    );
    if (!fits) wrong.push(`${name} ${version} has a licence that is not on the list: ${licences.join(", ") || "none"}`);
  }
  return wrong;
}

/** What is wrong with a lock file, and the packages in it. */
export function readLock(lock, rules) {
  const wrong = [];
  const packages = [];
  const foreign = [];
  for (const [path, entry] of Object.entries(lock.packages ?? {})) {
    if (path === "" || entry.link || !path.includes("node_modules/")) continue;
    const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    // Of packages for platforms that the lock file was never made on it knows the version alone.
    if (entry.optional && !entry.integrity && !entry.license) {
      foreign.push(name);
      wrong.push(...judge([{ name, version: entry.version, licences: ["MIT"] }], rules));
      continue;
    }
    packages.push({ name, version: entry.version, licences: entry.license ? [entry.license] : [], integrity: entry.integrity });
    if (!/^sha512-[A-Za-z0-9+/]{86}==$/.test(entry.integrity ?? "")) wrong.push(`${name} ${entry.version} is fetched without a SHA-512 of it`);
    if (entry.resolved && !/^https:\/\/registry\.npmjs\.org\//.test(entry.resolved)) wrong.push(`${name} ${entry.version} does not come from npm: ${entry.resolved}`);
    if (entry.hasInstallScript && !rules.install_scripts.includes(name)) wrong.push(`${name} ${entry.version} runs a script when it is installed`);
  }
  return { wrong, packages, foreign };
}

/** What npm's answer to an audit means: {wrong} or {silent}. */
export function readAudit(text) {
  try {
    const answer = JSON.parse(text.slice(text.indexOf("{")));
    if (answer.auditReportVersion) {
      const bad = Object.values(answer.vulnerabilities ?? {}).filter((each) => ["high", "critical"].includes(each.severity));
      return { wrong: bad.map((each) => `${each.name} has a weakness that npm calls ${each.severity}`) };
    }
    return { silent: answer.message ?? "no report" };
  } catch {
    return { silent: "no answer" };
  }
}

/** The licences of a Maven artifact by its POM or the nearest parent that names some. */
export function licencesOf(repository, group, artifact, version, depth = 0) {
  const file = join(repository, ...group.split("."), artifact, version, `${artifact}-${version}.pom`);
  if (depth > 8 || !existsSync(file)) return [];
  const pom = readFileSync(file, "utf8").replace(/<!--[\s\S]*?-->/g, "");
  const named = [...(pom.match(/<licenses>[\s\S]*?<\/licenses>/)?.[0] ?? "").matchAll(/<name>\s*([\s\S]*?)\s*<\/name>/g)].map((match) =>
    match[1].replace(/\s+/g, " "),
  );
  if (named.length > 0) return named;
  const parent = pom.match(/<parent>[\s\S]*?<\/parent>/)?.[0] ?? "";
  const of = (tag) => parent.match(new RegExp(`<${tag}>\\s*([^<]*?)\\s*</${tag}>`))?.[1];
  const [g, a, v] = ["groupId", "artifactId", "version"].map(of);
  return g && a && v ? licencesOf(repository, g, a, v, depth + 1) : [];
}

/** Artifacts as Maven lists them, one "group:artifact:type[:classifier]:version:scope" a line. */
export function readArtifacts(text, repository) {
  return [...text.matchAll(/^\s+([\w.-]+):([\w.-]+):jar:(?:[\w.-]+:)?([\w.+-]+):(?:compile|runtime)/gm)]
    .filter(([, group]) => group !== "dev.tidemark")
    .map(([, group, artifact, version]) => ({
      name: `${group}:${artifact}`,
      version,
      licences: licencesOf(repository, group, artifact, version),
      file: join(repository, ...group.split("."), artifact, version, `${artifact}-${version}.jar`),
    }));
}

function bill(artifacts, modules) {
  const hash = (file) => (existsSync(file) ? [{ alg: "SHA-256", content: createHash("sha256").update(readFileSync(file)).digest("hex") }] : []);
  const components = [
    ...artifacts.map(({ name, version, licences, file }) => ({
      type: "library",
      name,
      version,
      purl: `pkg:maven/${name.replace(":", "/")}@${version}`,
      licenses: licences.map((licence) => ({ license: { name: licence } })),
      hashes: hash(file),
    })),
    ...modules.map(({ name, version, licences, integrity }) => ({
      type: "library",
      name,
      version,
      purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
      licenses: licences.map((licence) => ({ license: { name: licence } })),
      hashes: integrity ? [{ alg: "SHA-512", content: Buffer.from(integrity.slice(7), "base64").toString("hex") }] : [],
    })),
  ];
  return { bomFormat: "CycloneDX", specVersion: "1.6", version: 1, components };
}

function main(home) {
  const rules = JSON.parse(readFileSync(join(home, ".ci/dependencies.json"), "utf8"));
  const repository = process.env.TIDEMARK_MAVEN_REPOSITORY ?? join(homedir(), ".m2/repository");
  const wrong = [];
  const list = join(home, "app/target/dependencies.txt");
  const artifacts = existsSync(list) ? readArtifacts(readFileSync(list, "utf8"), repository) : [];
  if (artifacts.length === 0) wrong.push("the list of the server's libraries is missing: app/target/dependencies.txt");
  wrong.push(...judge(artifacts, rules));
  const modules = [];
  for (const folder of ["web", "native"]) {
    const lock = readLock(JSON.parse(readFileSync(join(home, folder, "package-lock.json"), "utf8")), rules);
    wrong.push(...lock.wrong, ...judge(lock.packages, rules));
    modules.push(...lock.packages);
    if (lock.foreign.length > 0) console.log(`${folder}: ${lock.foreign.length} packages for other platforms have no hash in the lock file`);
    const asked = spawnSync("npm", ["audit", "--json"], { cwd: join(home, folder), encoding: "utf8", timeout: 60_000 });
    const audit = readAudit(asked.stdout ?? "");
    if (audit.silent) console.log(`${folder}: npm was not able to say what it knows of weaknesses (${audit.silent}); the list of bad versions was checked`);
    wrong.push(...(audit.wrong ?? []));
  }
  writeFileSync(join(home, "build/bill-of-materials.json"), JSON.stringify(bill(artifacts, modules), null, 1));
  console.log(`${artifacts.length} libraries of the server and ${modules.length} npm packages; bill of materials in build/bill-of-materials.json`);
  for (const each of wrong) console.error(`  ${each}`);
  process.exit(wrong.length === 0 ? 0 : 1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv[2]);
