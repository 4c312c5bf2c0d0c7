import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EmbedGrant } from "../../packages/dashboard/src/api/account";
import { snippetsOf } from "../../packages/dashboard/src/share/snippets";
import { api, key, server } from "./tidemark";

/** Everything that a language could trip over in a text. */
const GRANT: EmbedGrant = {
  filter: { property: "properties.name", operator: "eq", value: `O'Neil "the\\n" $HOME \`x\` \n é 😀 %s {}` },
  origins: ["https://app.example.com"],
  expires_in: 600,
  theme: "dark",
};

/** How each language runs what the snippet is a part of, so that the answer is written out. */
const RUNS: Readonly<
  Record<string, { file: string; around: (text: string) => string; run: readonly string[] }>
> = {
  Node: {
    file: "snippet.mjs",
    around: (text) =>
      `const app = { get: (_, answer) => answer({}, { json: (body) => console.log(JSON.stringify(body)) }) };\n${text}`,
    run: [process.execPath],
  },
  Python: {
    file: "snippet.py",
    around: (text) => `${text}\n\nprint(json.dumps(report_token()))\n`,
    run: ["python3"],
  },
  Java: {
    file: "Snippet.java",
    around: (text) => `import java.io.*; import java.net.*; import java.net.http.*; import java.time.*;
class Snippet {
${text}
public static void main(String[] arguments) throws Exception { System.out.println(reportToken(HttpClient.newHttpClient())); }
}`,
    run: ["java", "-Dfile.encoding=UTF-8"],
  },
  Go: {
    file: "main.go",
    around: (text) => `package main

import ("context"; "fmt"; "io"; "net/http"; "os"; "strings")

${text}

func main() {
	answer, err := reportToken(context.Background())
	if err != nil { panic(err) }
	fmt.Println(string(answer))
}`,
    run: ["go", "run"],
  },
  curl: { file: "snippet.sh", around: (text) => text, run: ["sh"] },
};

function isThere(program: string): boolean {
  try {
    execFileSync(program, [program === "go" ? "version" : "--version"], { stdio: "ignore", timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!server)("the server code of the share dialog", () => {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-snippets-"));
  let report = "";

  beforeAll(async () => {
    report = (
      await api<{ report_id: string }>("POST", "/api/v1/reports", {
        report_name: "For snippets",
        widgets: [],
      })
    ).report_id;
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    if (report) await api("DELETE", `/api/v1/reports/${report}`);
  });

  it.each(Object.keys(RUNS))("mints a token in %s", { timeout: 120_000 }, (language) => {
    const run = RUNS[language];
    const text = snippetsOf(server, report, GRANT).find((snippet) => snippet.language === language)?.text;
    if (!run || text === undefined) throw new Error(`there is no code for ${language}`);
    const [program = "", ...options] = run.run;
    if (language === "Go" && !isThere(program)) {
      process.stdout.write("Go is not installed here: its code was not run\n");
      return;
    }
    const file = join(folder, run.file);
    writeFileSync(file, run.around(text));
    const said = execFileSync(program, [...options, file], {
      env: { ...process.env, TIDEMARK_SECRET_KEY: key },
      timeout: 100_000,
    });
    const { token } = JSON.parse(String(said)) as { token: string };
    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    expect(claims).toMatchObject({
      report,
      filter: GRANT.filter,
      origins: GRANT.origins,
      theme: "dark",
    });
    expect(claims.exp - claims.iat).toBe(600);
  });
});
