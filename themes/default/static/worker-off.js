// Docent default theme: what readers kept of this site is taken away, and so is the worker itself.
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
worker.addEventListener('install', () => worker.skipWaiting());
worker.addEventListener('activate', (event) => event.waitUntil((async () => {
  const mine = `docent ${worker.registration.scope} `;
  for (const name of await caches.keys()) if (name.startsWith(mine)) await caches.delete(name);
  await worker.registration.unregister();
  for (const client of await worker.clients.matchAll()) client.postMessage({ gone: true });
})()));
