// Docent default theme: the copy of the site that a reader keeps for use without a network.
//
// A copy is all files of one build, or it is none: files are gathered beside the old copy, and only if `offline.json`
// still names the same build at the end does the new copy take its place. What has a version in its address comes from
// the copy if it is there; a page comes from the network if that answers in time, else from the copy, which says so;
// what belongs to a page from the copy comes from the copy too.
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const PATIENCE = 800;
const AT_ONCE = 6;
const MINE = `docent ${worker.registration.scope} `;
/** Stands in a copy when it is whole: the list of its files. */
const LIST = new URL('offline.json', worker.registration.scope).href;

worker.addEventListener('install', () => worker.skipWaiting());
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()));

/** @type {Promise<{ name: string, cache: Cache, list: any } | null> | undefined} */
let known;
const copy = () => (known ??= findCopy());
async function findCopy() {
  for (const name of await caches.keys()) {
    if (!name.startsWith(MINE)) continue;
    const cache = await caches.open(name);
    const list = await cache.match(LIST);
    if (list) return { name, cache, list: await list.json() };
  }
  return null;
}

/** Pages that came from the copy. @type {Set<string>} */
const fromCopy = new Set();

const without = (url, part) => { const plain = new URL(url); plain[part] = ''; return plain.href; };
const find = async (cache, url) => (await cache.match(without(url, 'hash'))) ?? cache.match(without(without(url, 'hash'), 'search'));

/** The page with a mark in its head that it is a copy, and of when. */
async function marked(response, list) {
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith('text/html')) return response;
  const built = String(list.built).replace(/[^-\d: A-Z]/g, '');
  const text = (await response.text()).replace('<head>', `<head><meta name="docent-copy" content="${built}">`);
  return new Response(text, { status: response.status, headers: { 'content-type': type, ...(response.headers.get('content-security-policy') ? { 'content-security-policy': response.headers.get('content-security-policy') } : {}) } });
}

async function page(event, kept) {
  const network = fetch(event.request);
  const hit = await find(kept.cache, event.request.url);
  const late = new Promise((resolve) => { setTimeout(resolve, PATIENCE); });
  const first = await Promise.race([network.catch(() => undefined), ...(hit ? [late] : [])]);
  if (first) return first;
  network.catch(() => undefined);
  const found = hit ?? await kept.cache.match(new URL('404.html', worker.registration.scope).href);
  if (!found) return network;
  fromCopy.add(event.resultingClientId);
  return marked(found, kept.list);
}

async function part(event, kept) {
  const url = new URL(event.request.url);
  const path = decodeURIComponent(url.pathname.slice(new URL(worker.registration.scope).pathname.length));
  // Its address says what is in it: the same in every build that names it.
  const version = url.searchParams.get('v');
  const isSame = version !== null && kept.list.files[path]?.[1].startsWith(version);
  if (isSame || fromCopy.has(event.clientId)) {
    const hit = await find(kept.cache, url.href);
    if (hit) return hit;
  }
  try {
    return await fetch(event.request);
  } catch (error) {
    const hit = await find(kept.cache, url.href);
    if (hit) return hit;
    throw error;
  }
}

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(worker.registration.scope)) return;
  if (request.url === LIST) return;
  event.respondWith(copy().then((kept) => {
    if (!kept) return fetch(request);
    return request.mode === 'navigate' ? page(event, kept) : part(event, kept);
  }));
});

const address = (path) => new URL(path.split('/').map(encodeURIComponent).join('/'), worker.registration.scope).href.replace(/\/index\.html$/, '/');

/** The files of a list that belong to the chosen folders, and those that all pages need. */
function wanted(list, chosen) {
  const folders = list.sections.map(([path]) => path);
  const isWanted = (path) => {
    const folder = folders.find((start) => path.startsWith(start));
    return folder === undefined || chosen === 'all' || chosen.includes(folder);
  };
  return Object.entries(list.files).filter(([path]) => isWanted(path) && path !== 'build.json');
}

const freshList = async () => (await fetch(LIST, { cache: 'no-store' })).json();

/** Gathers a copy; gives what became of it. */
async function gather(chosen, tell, force) {
  const list = await freshList();
  const old = await copy();
  const name = `${MINE}${list.build}`;
  if (!force && old?.list.build === list.build) return { kept: list.build };
  for (const other of await caches.keys()) {
    if (other.startsWith(MINE) && other !== old?.name) await caches.delete(other);
  }
  // The same build with other folders: its cache goes on, but is no copy until it is whole again.
  const cache = await caches.open(name);
  if (old?.name === name) await cache.delete(LIST);
  const files = wanted(list, chosen);
  const total = files.reduce((sum, [, [size]]) => sum + size, 0);
  let done = 0;
  const queue = [...files];
  const take = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [path, [size, hash]] = next;
      const url = address(path);
      const same = old && old.list.files[path]?.[1] === hash ? await old.cache.match(url) : undefined;
      const response = same ?? await fetch(url, { cache: 'no-store' });
      if (!response.ok && !path.endsWith('404.html')) throw new Error(`${path}: ${response.status}`);
      const bytes = await response.clone().arrayBuffer();
      if (bytes.byteLength !== size) throw new Error(`${path} is not of this build`);
      await cache.put(url, response);
      done += size;
      tell({ done, total });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, take));
  if ((await freshList()).build !== list.build) throw new Error('a new build came in between');
  const whole = { ...list, chosen };
  await cache.put(LIST, new Response(JSON.stringify(whole), { headers: { 'content-type': 'application/json' } }));
  known = Promise.resolve({ name, cache, list: whole });
  for (const other of await caches.keys()) {
    if (other.startsWith(MINE) && other !== name) await caches.delete(other);
  }
  return { kept: list.build };
}

async function forget() {
  for (const name of await caches.keys()) if (name.startsWith(MINE)) await caches.delete(name);
  known = undefined;
  return { kept: null };
}

/** One at a time. */
/** @type {Promise<void>} */
let work = Promise.resolve();
worker.addEventListener('message', (event) => {
  const port = event.ports[0];
  const tell = (said) => port?.postMessage(said);
  const { ask, chosen } = event.data ?? {};
  work = work.then(async () => {
    try {
      if (ask === 'keep') tell({ ...await gather(chosen, tell, true), finished: true });
      else if (ask === 'renew') {
        const kept = await copy();
        tell({ ...(kept ? await gather(kept.list.chosen, tell, false) : { kept: null }), finished: true });
      } else if (ask === 'forget') tell({ ...await forget(), finished: true });
      else if (ask === 'state') { const kept = await copy(); tell({ kept: kept?.list.build ?? null, chosen: kept?.list.chosen, built: kept?.list.built, finished: true }); }
    } catch (error) {
      tell({ failed: error instanceof Error ? error.message : String(error), full: error instanceof DOMException && error.name === 'QuotaExceededError', finished: true });
    }
  });
  event.waitUntil(work);
});
