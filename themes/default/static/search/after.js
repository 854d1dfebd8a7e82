// What is drawn after the titles: sections that fit, filters with counts, and help where nothing was found.

import { capital, make, marked } from './dialog.js';

const HEADINGS = 3;
const FACETS = [['kind', 6], ['fresh', 1], ['tag', 4], ['owner', 3]];
const TRUSTED = 'trusted';
const pages = (count) => `${count} ${count === 1 ? 'page' : 'pages'}`;

/** Completes what `View.show` began. */
export async function complete(view, index, serial) {
  const { results } = view;
  if (serial !== view.serial || results === null) return;
  const help = results.hits.length === 0 ? showNone(view, index, results) : explain(view, results);
  await Promise.all([help, offerFilters(view, index, results)]);
}

/** Fills in the sections that fit. The row that was there keeps its place; rows for more headings come in all at once. */
async function explain(view, results) {
  const shown = await Promise.all(results.hits.map(async (hit, index) => {
    const found = await results.show(hit, HEADINGS - 1);
    const sub = view.list.querySelector(`#${view.id}-${index}-0`);
    if (view.results !== results || sub === null) return null;
    sub.previousElementSibling.querySelector('b').replaceChildren(...marked(hit.title, found.inTitle));
    fill(view, sub, found);
    return { sub, more: found.more };
  }));
  if (view.results !== results) return;
  const kept = view.list.querySelector('.hit:hover') ?? view.selected;
  const before = kept?.getBoundingClientRect().top;
  for (const { sub, more } of shown.filter((found) => found !== null)) {
    sub.after(...more.map((found, at) => fill(view, view.sub(sub.id.replace(/0$/, String(at + 1)), ''), found)));
  }
  if (!kept) return;
  // The row under the pointer, or the one that is selected, stays where it is.
  const moved = () => kept.getBoundingClientRect().top - before;
  view.list.scrollTop += moved();
  if (moved() !== 0) window.scrollBy(0, moved());
}

function fill(view, sub, found) {
  sub.href = view.href(found.url);
  sub.firstChild.replaceChildren(...(found.heading === null ? ['Top of the page'] : marked(found.heading, found.inHeading)));
  sub.lastChild.replaceChildren(...marked(found.text, found.marks));
  return sub;
}

async function offerFilters(view, index, results) {
  const all = view.pressed.size === 0 ? results : await index.search(results.query, { limit: 1, filters: [] });
  const counted = await Promise.all(FACETS.map(async ([key, most]) => {
    const counts = (await all.count(key)).filter(([value]) => key !== 'fresh' || value === TRUSTED);
    return counts.slice(0, most).map(([value, count]) => [`${key}:${value}`, label(key, value), count]);
  }));
  if (view.results !== results) return;
  const button = (pressed, text, count, press) => {
    const element = make('button', { class: 'btn', type: 'button', 'aria-pressed': String(pressed) }, `${text} `, make('span', { class: 'num' }, String(count)));
    element.addEventListener('click', press);
    return element;
  };
  const focused = view.filters.contains(document.activeElement) ? document.activeElement.firstChild.textContent : null;
  // One that is pressed stays, so that it can be released.
  const known = new Set(counted.flat().map(([filter]) => filter));
  const lost = [...view.pressed].filter((filter) => !known.has(filter)).map((filter) => [filter, label(...filter.split(/:(.*)/s)), 0]);
  const [kinds, ...others] = [...counted, lost].map((facets) => facets.map(([filter, text, count]) => button(view.pressed.has(filter), text, count, () => {
    if (!view.pressed.delete(filter)) view.pressed.add(filter);
    view.run(false);
  })));
  const everything = button(view.pressed.size === 0, 'All', all.total, () => { view.pressed.clear(); view.run(false); });
  const rest = others.flat();
  view.filters.replaceChildren(everything, ...kinds, ...(rest.length > 0 ? [make('span', { class: 'sep' })] : []), ...rest);
  if (focused !== null) [...view.filters.children].find((child) => child.firstChild?.textContent === focused)?.focus();
}

function label(key, value) {
  if (key === 'fresh' && value === TRUSTED) return 'Trusted only';
  return key === 'kind' ? capital(value) : value;
}

/** Nothing found: what was searched, what may be meant, a word less, near titles, and how to tell that a page is missing. */
async function showNone(view, index, results) {
  view.none.hidden = false;
  view.none.append(make('p', {}, make('b', {}, `No page has “${results.query}”.`), make('br'), make('span', { class: 'muted' }, `Searched ${pages(index.documents)}.`)));
  const block = (title, ...children) => view.none.append(make('div', {}, make('h3', {}, title), ...children));
  if (view.pressed.size > 0) {
    const without = make('button', { class: 'btn', type: 'button' }, 'Search without filters');
    without.addEventListener('click', () => { view.pressed.clear(); view.run(false); });
    block('With fewer conditions', without);
  }
  const { meant, words, titles } = await results.help();
  if (view.results !== results) return;
  const offers = (title, list) => {
    if (list.length === 0) return;
    const rows = list.map(({ text, total }) => {
      const offer = make('button', { class: 'btn', type: 'button' }, text);
      offer.addEventListener('click', () => { view.input.focus(); view.ask(text); });
      return make('li', {}, offer, make('span', { class: 'end' }, pages(total)));
    });
    block(title, make('ul', { class: 'rows' }, ...rows));
  };
  offers('Did you mean', meant);
  offers('With fewer words', words);
  if (titles.length > 0) {
    block('Nearest titles', make('ul', { class: 'rows' }, ...titles.map((hit) => make('li', {}, make('a', { href: view.href(hit.url) }, hit.title)))));
  }
  block('Is a page missing?', ...gap(results.query, index.documents));
  if (view.options.all) view.none.append(make('p', { class: 'small' }, make('a', { href: view.options.all }, 'All pages, A to Z')));
}

/** A way to tell that a page is missing: a prefilled issue if the site says where, else a text to copy. */
function gap(query, documents) {
  const asked = query.trim().slice(0, 500);
  const title = `No page answers: ${asked.split('\n', 1)[0].slice(0, 80)}`;
  const text = `I searched ${location.origin === 'null' ? 'the knowledge base' : location.host} for\n\n    ${asked.replaceAll('\n', '\n    ')}\n\nand none of its ${documents} pages has it.`;
  const form = document.querySelector('[data-report]')?.getAttribute('data-report');
  if (form) {
    const href = form.replace('{title}', encodeURIComponent(title)).replace('{text}', encodeURIComponent(text));
    return [make('p', {}, make('a', { href, rel: 'noopener', class: 'report' }, 'Report the gap'), ' with what you searched for filled in.')];
  }
  const copy = make('button', { class: 'btn', type: 'button' }, 'Copy the report');
  const shown = make('textarea', { class: 'report', readonly: '', rows: '4', 'aria-label': 'Report of the gap' });
  shown.value = `${title}\n\n${text}`;
  copy.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(shown.value);
      copy.textContent = 'Copied';
    } catch {
      shown.focus();
      shown.select();
    }
  });
  return [shown, copy];
}
