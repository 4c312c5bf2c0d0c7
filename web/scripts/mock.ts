import { resolve } from "node:path";
import { FIXED_NOW } from "../test/mock/fixtures";
import { MockServer, SECRET_KEY, TOKEN } from "../test/mock/server";

/** Serves the built pages with made-up numbers, for work on the pages without a server. */
const mock = await MockServer.start(
  resolve(import.meta.dirname, "../dist"),
  Number(process.env.PORT ?? 8080),
);
mock.events.push({
  event_id: "0197f3a2-b1c4-7000-8000-000000000001",
  event_type: "page_view",
  timestamp: new Date(FIXED_NOW).toISOString(),
});
console.log(`Start page   ${mock.url}/#key=${SECRET_KEY}`);
console.log(`Embed page   ${mock.url}/embed/reports/full?token=${TOKEN}`);
console.log(`Host page    ${mock.url}/demo/host`);
