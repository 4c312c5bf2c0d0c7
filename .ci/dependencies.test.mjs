// Plants bad dependencies and expects each to be found.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { compareVersions, judge, readArtifacts, readAudit, readLock } from "./dependencies.mjs";

const rules = JSON.parse(readFileSync(new URL("./dependencies.json", import.meta.url), "utf8"));
const good = { version: "1.0.0", license: "MIT", resolved: "https://registry.npmjs.org/a/-/a-1.0.0.tgz", integrity: `sha512-${"A".repeat(86)}==` };
const locked = (entry) => readLock({ packages: { "": {}, "node_modules/a": { ...good, ...entry } } }, rules).wrong;

test("versions are compared by their numbers", () => {
  assert.ok(compareVersions("2.9.0", "2.17.1") < 0);
  assert.ok(compareVersions("4.1.118.Final", "4.1.108.Final") > 0);
  assert.ok(compareVersions("1.0.0-RC1", "1.0.0") < 0);
  assert.equal(compareVersions("1.0", "1.0.0"), 0);
  assert.ok(compareVersions("10.0.0", "9.9.9") > 0);
});

test("a version that is known to be bad is found", () => {
  const wrong = judge([{ name: "org.apache.logging.log4j:log4j-core", version: "2.14.1", licences: ["Apache-2.0"] }], rules);
  assert.match(wrong.join(), /CVE-2021-44228/);
  assert.deepEqual(judge([{ name: "org.apache.logging.log4j:log4j-core", version: "2.25.0", licences: ["Apache-2.0"] }], rules), []);
});

test("a licence that is not on the list is found, one of several is enough", () => {
  const licensed = (...licences) => judge([{ name: "x", version: "1", licences }], rules).length;
  assert.equal(licensed("GPL-3.0-only"), 1);
  assert.equal(licensed("GNU Affero General Public License v3"), 1);
  assert.equal(licensed("SSPL-1.0"), 1);
  assert.equal(licensed(), 1);
  assert.equal(licensed("(MIT AND GPL-2.0)"), 1);
  assert.equal(licensed("(MIT OR GPL-2.0)"), 0);
  assert.equal(licensed("LGPL-2.1", "EPL-2.0"), 0);
  assert.equal(licensed("The Apache Software License, Version 2.0"), 0);
});

test("what npm would fetch without proof, from elsewhere or with a script is found", () => {
  assert.deepEqual(locked({}), []);
  assert.match(locked({ integrity: undefined }).join(), /SHA-512/);
  assert.match(locked({ integrity: "sha1-AAAA" }).join(), /SHA-512/);
  assert.match(locked({ resolved: "git+ssh://git@example.com/a.git" }).join(), /does not come from npm/);
  assert.match(locked({ resolved: "http://registry.npmjs.org/a.tgz" }).join(), /does not come from npm/);
  assert.match(locked({ hasInstallScript: true }).join(), /runs a script/);
  assert.deepEqual(locked({ optional: true, integrity: undefined, license: undefined }), []);
  assert.match(locked({ optional: true, integrity: undefined }).join(), /SHA-512/);
  assert.deepEqual(locked({ resolved: undefined }), []);
});

test("npm's answer is read, and its silence is no approval", () => {
  const answer = (severity) => JSON.stringify({ auditReportVersion: 2, vulnerabilities: { a: { name: "a", severity } } });
  assert.match(readAudit(answer("critical")).wrong.join(), /critical/);
  assert.match(readAudit(answer("high")).wrong.join(), /high/);
  assert.deepEqual(readAudit(answer("low")).wrong, []);
  assert.equal(readAudit('{"message":"405 Method Not Allowed"}').silent, "405 Method Not Allowed");
  assert.equal(readAudit("").silent, "no answer");
});

test("a licence is found in the parent of an artifact", () => {
  const repository = mkdtempSync(join(tmpdir(), "licences-"));
  const pom = (artifact, text) => {
    const folder = join(repository, "org/example", artifact, "1");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${artifact}-1.pom`), `<project>${text}</project>`);
  };
  pom("parent", "<licenses><license><name>GPL-3.0</name></license></licenses>");
  pom("child", "<parent><groupId>org.example</groupId><artifactId>parent</artifactId><version>1</version></parent>");
  const artifacts = readArtifacts("\n   org.example:child:jar:1:compile\n   org.example:test:jar:1:test\n", repository);
  assert.deepEqual(artifacts.map(({ name, licences }) => [name, licences]), [["org.example:child", ["GPL-3.0"]]]);
  assert.equal(judge(artifacts, rules).length, 1);
});
