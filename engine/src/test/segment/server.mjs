// Sends one call of each kind with the server library, changed in nothing but its host.
import { Analytics } from '@segment/analytics-node';

const [host, writeKey] = process.argv.slice(2);
const analytics = new Analytics({ writeKey, host, flushAt: 3, flushInterval: 100 });
analytics.on('error', (error) => {
  console.error(error);
  process.exitCode = 1;
});

const user = { userId: 'u-1', anonymousId: 'a-1' };
analytics.track({ ...user, event: 'Order Completed', messageId: 'm-track', properties: { total: 12.5, items: [1, 2] } });
analytics.page({ ...user, messageId: 'm-page', name: 'Cart', category: 'Shop', properties: { url: 'https://shop.example/cart?utm_source=mail' } });
analytics.screen({ ...user, messageId: 'm-screen', name: 'Home' });
analytics.identify({ ...user, messageId: 'm-identify', traits: { plan: 'pro', seats: 4 } });
analytics.group({ ...user, messageId: 'm-group', groupId: 'g-1', traits: { name: 'Acme' } });
analytics.alias({ userId: 'u-1', previousId: 'a-1', messageId: 'm-alias' });
await analytics.closeAndFlush({ timeout: 20000 });
