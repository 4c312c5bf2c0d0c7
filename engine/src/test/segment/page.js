// Sends one call of each kind with the browser library, changed in nothing but its hosts.
import { AnalyticsBrowser } from '@segment/analytics-next';

const { api, writeKey } = window.compatibility;
const analytics = AnalyticsBrowser.load(
  { writeKey, cdnURL: api },
  { integrations: { 'Segment.io': { apiHost: `${new URL(api).host}/v1` } } },
);

async function run() {
  await analytics.page('Cart', { color: 'red' });
  await analytics.identify('u-2', { plan: 'free' });
  await analytics.track('Clicked', { n: 1 });
  await analytics.screen('Home');
  await analytics.group('g-2', { name: 'Acme' });
  await analytics.alias('u-3', 'u-2');
}

run().then(
  () => (window.finished = 'done'),
  (error) => (window.finished = String(error)),
);
