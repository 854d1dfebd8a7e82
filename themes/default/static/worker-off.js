// Docent default theme: what readers kept of this site is taken away, and so is the worker itself.
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil((async () => {
  const mine = `docent ${self.registration.scope} `;
  for (const name of await caches.keys()) if (name.startsWith(mine)) await caches.delete(name);
  await self.registration.unregister();
  for (const client of await self.clients.matchAll()) client.postMessage({ gone: true });
})()));
