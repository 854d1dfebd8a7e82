// Docent default theme: keeping the site, or folders of it, for use without a network. Loaded when a reader asks for it,
// or kept something before.
const KEPT = 'docent-offline';

/** A worker would outlive the site that is being worked on, and answer for the next one on the same port. */
const isLocal = () => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(location.hostname) && localStorage.getItem('docent-offline-test') === null;

/** @param {string} root @returns {Promise<ServiceWorker>} */
async function worker(root) {
  const url = new URL('worker.js', new URL(root, location.href)).href;
  // The policy of a page takes an address for a worker only from who is known to make them.
  const trusted = /** @type {any} */ (globalThis).trustedTypes?.createPolicy?.('docent', { createScriptURL: () => url })?.createScriptURL('') ?? url;
  const registration = await navigator.serviceWorker.register(trusted, { updateViaCache: 'none' });
  await navigator.serviceWorker.ready;
  const active = registration.active;
  if (!active) throw new Error('the worker does not start');
  return active;
}

/**
 * Asks the worker, and tells how far it is.
 * @param {ServiceWorker} active
 * @param {object} question
 * @param {(said: any) => void} [tell]
 * @returns {Promise<any>}
 */
function ask(active, question, tell) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => { if (data.finished) resolve(data); else tell?.(data); };
    active.postMessage(question, [port2]);
  });
}

/** Who kept something gets the newest build. @param {string} root */
export async function renew(root) {
  if (!('serviceWorker' in navigator) || isLocal()) return;
  const said = await ask(await worker(root), { ask: 'renew' });
  if (said.kept === null) localStorage.removeItem(KEPT);
}

const size = (/** @type {number} */ bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

/** @param {string} name @param {Record<string, string>} attributes @param {(string | Node)[]} children */
function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** The dialog. @param {string} root */
export async function show(root) {
  const status = make('p', { role: 'status' }, 'Looking…');
  const bar = /** @type {HTMLProgressElement} */ (make('progress', { 'aria-label': 'Kept so far', value: '0', max: '1', hidden: '' }));
  const list = make('div', { class: 'keep' });
  const close = make('button', { class: 'btn', type: 'button' }, 'Close');
  const dialog = /** @type {HTMLDialogElement} */ (make('dialog', { class: 'offline', 'aria-labelledby': 'offline-title' },
    make('h2', { id: 'offline-title' }, 'Keep for use without a network'),
    make('p', {}, 'Pages, pictures and search, in this browser. Renewed when you come by with a network.'), list, bar, status, close));
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  if (!('serviceWorker' in navigator) || !isSecureContext) { status.textContent = 'This browser keeps pages only over HTTPS.'; return; }
  if (isLocal()) { status.textContent = 'Off on this machine, since a kept copy would hide what you are working on.'; return; }

  try {
    const active = await worker(root);
    const state = await ask(active, { ask: 'state' });
    /** @type {{ sections: [string, string][], files: Record<string, [number, string]> }} */
    const files = await (await fetch(new URL('offline.json', new URL(root, location.href)), { cache: 'no-store' })).json();
    const entries = Object.entries(files.files);
    const folderOf = (/** @type {string} */ path) => files.sections.find(([start]) => path.startsWith(start))?.[0];
    const sum = (/** @type {(folder: string | undefined) => boolean} */ counts) => entries.reduce((total, [path, [bytes]]) => total + (counts(folderOf(path)) ? bytes : 0), 0);
    const shared = sum((folder) => folder === undefined);
    const keep = async (/** @type {'all' | string[]} */ chosen) => {
      bar.hidden = false;
      status.textContent = 'Keeping…';
      const said = await ask(active, { ask: 'keep', chosen }, ({ done, total }) => { bar.max = total || 1; bar.value = done; });
      bar.hidden = true;
      if (said.kept) {
        localStorage.setItem(KEPT, 'yes');
        status.textContent = 'Kept. It works without a network now.';
      } else status.textContent = said.full ? 'Not kept: this browser has no room for it.' : `Not kept: ${said.failed}.`;
    };
    const boxes = files.sections.map(([path, title]) => {
      const box = /** @type {HTMLInputElement} */ (make('input', { type: 'checkbox', value: path }));
      box.checked = Array.isArray(state.chosen) && state.chosen.includes(path);
      list.append(make('label', {}, box, ` ${title} `, make('span', { class: 'num muted' }, size(sum((folder) => folder === path)))));
      return box;
    });
    const some = make('button', { class: 'btn', type: 'button' }, 'Keep these');
    const all = make('button', { class: 'btn main', type: 'button', 'data-keep-all': '' }, `Keep everything, ${size(sum(() => true))}`);
    const forget = make('button', { class: 'btn', type: 'button' }, 'Take away');
    all.addEventListener('click', () => void keep('all'));
    some.addEventListener('click', () => void keep(boxes.filter((/** @type {HTMLInputElement} */ box) => box.checked).map((/** @type {HTMLInputElement} */ box) => box.value)));
    forget.addEventListener('click', async () => {
      await ask(active, { ask: 'forget' });
      localStorage.removeItem(KEPT);
      status.textContent = 'Nothing is kept.';
    });
    list.append(make('p', { class: 'chips' }, all, ...(boxes.length > 0 ? [some] : []), forget));
    status.textContent = state.kept ? `Kept${state.built ? `, as built ${state.built}` : ''}.` : `Nothing is kept. Search and shared files take ${size(shared)}.`;
  } catch (error) {
    status.textContent = `Not possible now: ${error instanceof Error ? error.message : error}.`;
  }
}
