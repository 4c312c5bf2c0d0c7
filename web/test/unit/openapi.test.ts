import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import openapiTypes, { astToString, COMMENT_HEADER } from "openapi-typescript";
import { expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");

it("has the types that the server's API document says; `npm run types` makes them anew", async () => {
  const document = resolve(root, "../app/src/main/resources/dev/tidemark/app/openapi.yaml");
  const made =
    COMMENT_HEADER +
    astToString(await openapiTypes(pathToFileURL(document), { immutable: true, emptyObjectsUnknown: true }));
  const kept = readFileSync(resolve(root, "packages/widgets/src/openapi.ts"), "utf8");
  expect(made === kept, "openapi.ts is older than openapi.yaml").toBe(true);
}, 30_000);
