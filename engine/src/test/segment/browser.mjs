// Bundles page.js, opens it in a real browser on a page of its own origin, and waits until it has sent everything.
import { createServer } from 'node:http';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';

const [api, writeKey, executablePath] = process.argv.slice(2);
const bundle = await build({ entryPoints: ['page.js'], bundle: true, write: false, format: 'iife', logLevel: 'warning' });
const script = bundle.outputFiles[0].text;
const settings = JSON.stringify({ api, writeKey });
const site = createServer((request, response) => {
  if (request.url.startsWith('/page.js')) {
    response.setHeader('Content-Type', 'text/javascript');
    response.end(script);
  } else {
    response.setHeader('Content-Type', 'text/html');
    response.end(`<!doctype html><title>Shop</title><script>window.compatibility = ${settings}</script><script src="/page.js"></script>`);
  }
});
await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve));
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
});
try {
  const page = await browser.newPage();
  const elsewhere = [];
  page.on('request', (request) => {
    const { host } = new URL(request.url());
    if (host !== new URL(api).host && host !== `127.0.0.1:${site.address().port}`) elsewhere.push(request.url());
  });
  page.on('console', (message) => console.log('console:', message.text()));
  await page.goto(`http://127.0.0.1:${site.address().port}/shop?utm_campaign=spring`);
  await page.waitForFunction(() => window.finished, undefined, { timeout: 30000 });
  const finished = await page.evaluate(() => window.finished);
  console.log(finished);
  if (finished !== 'done' || elsewhere.length > 0) {
    console.error(finished, elsewhere);
    process.exitCode = 1;
  }
} finally {
  await browser.close();
  site.close();
}
