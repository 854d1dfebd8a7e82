// The search as readers see it: a dialog on every page, and the page of results. Texts go in as text only.

import { IndexError, open } from './core.js';
import { makeState } from './state.js';

const DEBOUNCE = 60;
const PATIENCE = 300;
const MORE = 20;
const ICONS = {
  fresh: ['M5.2 8.2l2 2 3.6-4.2', 'circle'], evergreen: ['M5.2 8.2l2 2 3.6-4.2', 'circle'],
  doubtful: ['M8 1.2 14.8 8 8 14.8 1.2 8ZM8 5v3.4M8 10.7v.1', ''], due: ['M8 4.4V8l2.4 1.6', 'circle'],
  broken: ['M5.3 1.75h5.4l3.55 3.55v5.4l-3.55 3.55H5.3L1.75 10.7V5.3ZM5.8 5.8l4.4 4.4m0-4.4-4.4 4.4', ''],
  unknown: ['M6.3 6.4a1.8 1.8 0 1 1 2.5 1.8c-.5.2-.8.5-.8 1M8 11.3v.1', 'dashed'],
};

let opened;
let source = {};

/** Says how to read files, where that is not `fetch`. */
export function readWith(fetch) {
  source = { fetch };
}

/** Loads the index, once for all. */
export function prepare(base) {
  opened ??= open({ base, ...source }).catch((error) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

/** An element with attributes and children. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

function drawing(paths, shape, label) {
  const draw = (tag, attributes) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const svg = draw('svg', { class: `i ${label}`, viewBox: '0 0 16 16', 'aria-hidden': 'true' });
  if (shape) svg.append(draw('circle', { cx: 8, cy: 8, r: 6.25, ...(shape === 'dashed' ? { 'stroke-dasharray': '2.4 2.1' } : {}) }));
  svg.append(draw('path', { d: paths }));
  return svg;
}

export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** The folders that a page lies in, for people: `Runbooks / Git storage`. */
const trail = (path) => path.split('/').slice(0, -1).map((name) => capital(name.replace(/[-_]+/g, ' '))).join(' / ') || path;

/** A text with its marks. */
export function marked(text, marks) {
  const parts = [];
  let at = 0;
  for (const [start, end] of marks) {
    parts.push(text.slice(at, start), make('mark', {}, text.slice(start, end)));
    at = end;
  }
  return [...parts, text.slice(at)];
}

/** Loads the style sheet, once for all. */
let styled;
function style() {
  styled ??= new Promise((done) => {
    const link = make('link', { rel: 'stylesheet', href: new URL('search.css', import.meta.url).href });
    link.addEventListener('load', done);
    link.addEventListener('error', done);
    document.head.append(link);
  });
  return styled;
}

let dialog = null;

/** Opens the dialog. `all` is the page of all results. */
export async function openDialog(base, all) {
  await style();
  if (dialog === null) {
    const element = make('dialog', { class: 'search', 'aria-label': 'Search' });
    const close = make('button', { class: 'btn quiet', type: 'button' }, 'Close');
    const view = new View(element, base, { limit: 10, all, close });
    close.addEventListener('click', () => element.close());
    element.addEventListener('click', (event) => { if (event.target === element) element.close(); });
    // A browser may take the first Escape for emptying the field.
    element.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || event.isComposing) return;
      event.preventDefault();
      element.close();
    });
    document.body.append(element);
    dialog = { element, view };
  }
  if (!dialog.element.open) dialog.element.showModal();
  dialog.view.focus();
}

/** Fills the page of results and keeps its address up to date. */
export async function fillPage(place, base) {
  await style();
  const view = new View(place, base, { limit: MORE, page: true });
  const asked = new URL(location.href).searchParams.get('q') ?? '';
  if (asked !== '') view.ask(asked);
}

class View {
  serial = 0;
  /** Filters that are pressed: `kind:runbook`. */
  pressed = new Set();
  results = null;
  /** Whether the index was opened anew since it last worked. */
  renewed = false;
  #selected = null;

  constructor(root, base, options) {
    this.base = base;
    this.options = options;
    this.limit = options.limit;
    this.state = makeState();
    this.id = options.page ? 'results' : 'hits';
    const icon = drawing('m10.6 10.6 3.6 3.6', '', '');
    icon.append(...drawing('', 'circle', '').querySelectorAll('circle'));
    icon.querySelector('circle').setAttribute('r', '4.75');
    this.input = make('input', {
      type: 'search', name: 'q', placeholder: 'Alert, error line, command or words', role: 'combobox', 'aria-label': 'Search',
      'aria-expanded': 'false', 'aria-controls': this.id, 'aria-autocomplete': 'list', autocomplete: 'off', spellcheck: 'false',
      autocapitalize: 'none', enterkeyhint: 'search',
    });
    this.form = make('form', { class: 'q', role: 'search' }, icon, this.input, ...(options.close ? [options.close] : []));
    this.filters = make('div', { class: 'filters', role: 'group', 'aria-label': 'Filters', hidden: '' });
    this.list = make('div', { class: 'hits', id: this.id, role: 'listbox', 'aria-label': 'Results', hidden: '' });
    this.none = make('div', { class: 'none', hidden: '' });
    this.status = make('span', { role: 'status' });
    this.pin = make('button', { class: 'btn quiet', type: 'button', 'aria-pressed': 'false', hidden: '' }, 'Pin');
    this.notes = make('p', { class: 'notes small muted', hidden: '' });
    const hint = (text, ...keys) => make('span', { class: 'k-hint' }, ...keys.flatMap((key) => [make('kbd', {}, key), ' ']), text);
    const keys = make('div', { class: 'keys' }, this.status, this.pin, hint('move', '↑', '↓'), hint('open', 'Enter'), hint('new tab', 'Ctrl', 'Enter'));
    if (!options.page) keys.append(hint('close', 'Esc'));
    this.keys = keys;
    root.append(this.form, this.filters, this.notes, this.list, this.none, keys);
    this.form.addEventListener('submit', (event) => { event.preventDefault(); this.follow(false); });
    this.input.addEventListener('input', () => { this.limit = options.limit; this.later(); });
    this.input.addEventListener('keydown', (event) => this.key(event));
    this.list.addEventListener('click', (event) => {
      const option = event.target.closest('[role="option"]');
      if (option?.dataset.text === undefined) {
        this.remember(option);
      } else {
        event.preventDefault();
        this.ask(option.dataset.text);
        this.input.focus();
      }
    });
    this.list.addEventListener('pointermove', (event) => this.select(event.target.closest('[role="option"]'), false));
    this.pin.addEventListener('click', () => this.togglePin());
    this.showKept();
  }

  focus() {
    this.input.focus();
    this.input.select();
    prepare(this.base).catch((error) => this.fail(error));
  }

  /** Searches for a text that was not typed here. */
  ask(text) {
    this.input.value = text;
    this.run(false);
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.run(true), DEBOUNCE);
  }

  async run(typing) {
    clearTimeout(this.timer);
    this.serial += 1;
    const serial = this.serial;
    const query = this.input.value;
    if (query.trim() === '') {
      this.pressed.clear();
      this.showKept();
      return;
    }
    const patience = setTimeout(() => { this.status.textContent = 'Searching…'; }, PATIENCE);
    try {
      const index = await prepare(this.base);
      const filters = [...this.pressed].map((filter) => ({ key: filter.slice(0, filter.indexOf(':')), value: filter.slice(filter.indexOf(':') + 1) }));
      const results = await index.search(query, { limit: this.limit, prefix: typing, filters });
      if (serial !== this.serial) return;
      this.show(results);
      if (this.options.page) this.address(query);
      const { complete } = await import('./after.js');
      await complete(this, index, serial);
      this.renewed = false;
    } catch (error) {
      if (serial !== this.serial) return;
      if (error instanceof IndexError && !this.renewed) {
        // A new build may have taken the place of the one that was opened.
        this.renewed = true;
        opened = undefined;
        await this.run(typing);
      } else {
        this.fail(error);
      }
    } finally {
      clearTimeout(patience);
    }
  }

  address(query) {
    const url = new URL(location.href);
    url.searchParams.set('q', query);
    try { history.replaceState(null, '', url); } catch { /* from disk, some browsers forbid it */ }
  }

  async fail(error) {
    this.clear();
    this.status.textContent = 'The search does not work now';
    this.none.hidden = false;
    const reload = make('button', { class: 'btn', type: 'button' }, 'Reload the page');
    reload.addEventListener('click', () => location.reload());
    this.none.append(make('p', {}, make('b', {}, 'The search does not work now.'), make('br'), make('span', { class: 'muted' }, `${capital(error.message)}.`)), reload);
  }

  clear() {
    this.list.replaceChildren();
    this.none.replaceChildren();
    this.list.hidden = true;
    this.none.hidden = true;
    this.notes.hidden = true;
    this.pin.hidden = true;
    this.#selected = null;
    this.results = null;
    this.input.setAttribute('aria-expanded', 'false');
    this.input.removeAttribute('aria-activedescendant');
  }

  show(results) {
    this.clear();
    this.results = results;
    this.filters.hidden = false;
    const { query, corrected, hits, total, notes } = results;
    const told = corrected === null ? notes : [`Showing results for ${corrected}`, ...notes];
    this.notes.textContent = told.map((note) => `${capital(note)}.`).join(' ');
    this.notes.hidden = told.length === 0;
    this.status.textContent = total === 0 ? 'No page' : `${total} ${total === 1 ? 'page' : 'pages'}`;
    this.showPin(query);
    if (hits.length === 0) return;
    this.list.append(...hits.map((hit, index) => this.group(hit, index)));
    if (total > hits.length && this.options.page) {
      const more = make('button', { class: 'btn', type: 'button' }, `Show ${Math.min(MORE, total - hits.length)} more`);
      more.addEventListener('click', () => { this.limit += MORE; this.run(false); });
      this.none.replaceChildren(more);
      this.none.hidden = false;
    }
    this.list.hidden = false;
    this.list.scrollTop = 0;
    this.input.setAttribute('aria-expanded', 'true');
    this.select(this.rows()[0], false);
  }

  group(hit, index) {
    const href = this.href(hit.url);
    const chips = make('span', { class: 'chips' }, make('span', { class: 'chip' }, capital(hit.kind)));
    if (hit.state) chips.append(make('span', { class: `state ${hit.state}` }, ...(ICONS[hit.state] ? [drawing(...ICONS[hit.state], '')] : []), capital(hit.state)));
    const row = make('a', { class: 'hit page', role: 'option', id: `${this.id}-${index}`, href, tabindex: '-1', 'aria-selected': 'false' },
      make('b', {}, hit.title), chips, make('span', { class: 'where', title: hit.path }, trail(hit.path)));
    return make('div', { role: 'group', 'aria-label': hit.title }, row, this.sub(`${this.id}-${index}-0`, href));
  }

  /** A row for a heading; its two lines have their place before the text is there. */
  sub(id, href) {
    return make('a', { class: 'hit sub', role: 'option', id, href, tabindex: '-1', 'aria-selected': 'false' }, make('span', {}, '\u00a0'), make('small', {}, '\u00a0'));
  }

  href(url) {
    const address = new URL(url.replace(/^\//, ''), this.base);
    // From disk, no server knows what a folder stands for.
    if (source.fetch && address.pathname.endsWith('/')) address.pathname += 'index.html';
    return address.href;
  }

  /** What to begin with: pinned and recent searches. */
  showKept() {
    this.serial += 1;
    this.clear();
    this.filters.hidden = true;
    this.status.textContent = '';
    const rows = (title, texts, prefix) => {
      if (texts.length === 0) return;
      const options = texts.map((text, index) => make('a', { class: 'hit', role: 'option', id: `${this.id}-${prefix}${index}`, href: '#', tabindex: '-1', 'aria-selected': 'false', 'data-text': text }, text));
      this.list.append(make('div', { role: 'group', 'aria-label': title }, make('p', { class: 'label', 'aria-hidden': 'true' }, title), ...options));
    };
    rows('Pinned', this.state.pinned(), 'p');
    rows('Recent', this.state.recent(), 'r');
    const some = this.list.childElementCount > 0;
    this.list.hidden = !some;
    this.input.setAttribute('aria-expanded', String(some));
  }

  showPin(query) {
    const pinned = this.state.pinned().includes(query.trim());
    this.pin.hidden = false;
    this.pin.setAttribute('aria-pressed', String(pinned));
    this.pin.textContent = pinned ? 'Unpin' : 'Pin';
  }

  togglePin() {
    const query = this.input.value.trim();
    if (query === '') return;
    this.state.togglePin(query);
    this.showPin(query);
  }

  rows() {
    return this.list.querySelectorAll('[role="option"]');
  }

  /** The row that Enter opens. */
  get selected() {
    return this.#selected;
  }

  select(option, scroll) {
    if (!option || option === this.#selected) return;
    this.#selected?.setAttribute('aria-selected', 'false');
    this.#selected = option;
    option.setAttribute('aria-selected', 'true');
    this.input.setAttribute('aria-activedescendant', option.id);
    if (scroll) option.scrollIntoView({ block: 'nearest' });
  }

  key(event) {
    const rows = [...this.rows()];
    const count = rows.length;
    const move = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key];
    if (move !== undefined && count > 0) {
      event.preventDefault();
      const from = rows.indexOf(this.#selected);
      const next = Math.abs(move) === 1 ? (from + move + count) % count : Math.max(0, Math.min(count - 1, from + move));
      this.select(rows[from < 0 && move < 0 ? count - 1 : next], true);
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.follow(true);
    }
  }

  follow(elsewhere) {
    const option = this.#selected;
    if (option === null) {
      this.run(false);
    } else if (elsewhere && option.dataset.text === undefined) {
      this.remember(option);
      window.open(option.href, '_blank', 'noopener');
    } else {
      option.click();
    }
  }

  /** Keeps what led to a page. */
  remember(option) {
    if (!option) return;
    this.state.keepRecent(this.input.value.trim());
    this.state.keepMarks(new URL(option.href).pathname, this.results?.marks());
    if (dialog?.element.open) dialog.element.close();
  }
}
