import { resolve } from "node:path";
import { MockServer, TOKEN } from "../test/mock/server";

/** Serves embedded reports with made-up numbers, for work on them without a server. The dashboard needs a real one. */
const mock = await MockServer.start(
  resolve(import.meta.dirname, "../dist"),
  Number(process.env.PORT ?? 8080),
);
console.log(`Embed page   ${mock.url}/embed/reports/full?token=${TOKEN}`);
console.log(`Host page    ${mock.url}/demo/host`);
