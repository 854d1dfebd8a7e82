// On every page: opens the search, and marks what was searched for. All else is loaded when it is asked for.

const base = new URL('../../../', import.meta.url);
const MARKED = 'docent-marks';
let loading;

// It would be found only in the dialog's module.
const MODULES = ['core'];

function load() {
  if (loading === undefined && import.meta.url.endsWith('/page.js')) {
    for (const name of MODULES) {
      const link = document.createElement('link');
      link.rel = 'modulepreload';
      link.href = new URL(`${name}.js`, import.meta.url).href;
      document.head.append(link);
    }
  }
  loading ??= import('./dialog.js').catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function openSearch(link) {
  try {
    (await load()).openDialog(base, link?.href);
  } catch {
    // The list of all pages works without any of this.
    if (link) location.assign(link.href);
  }
}

/** The element around what an event is about. */
const closest = (event, selector) => event.target.closest?.(selector);

document.addEventListener('click', (event) => {
  const link = closest(event, 'a.seek');
  if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  openSearch(link);
});

document.addEventListener('keydown', (event) => {
  const typing = closest(event, 'input, textarea, select, [contenteditable]');
  const slash = event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (slash || (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey)) {
    event.preventDefault();
    openSearch(document.querySelector('a.seek'));
  }
});

for (const type of ['pointerover', 'focusin']) {
  document.addEventListener(type, (event) => {
    if (closest(event, 'a.seek')) load().then((ui) => ui.prepare(base)).catch(() => {});
  }, { passive: true });
}

const place = document.querySelector('[data-search]');
if (place) load().then((ui) => ui.fillPage(place, base)).catch(() => {});

/** Marks the words that led here, until the reader leaves. */
async function mark() {
  let kept;
  try {
    kept = JSON.parse(sessionStorage.getItem(MARKED) ?? 'null');
    sessionStorage.removeItem(MARKED);
  } catch {
    return;
  }
  if (kept?.path !== location.pathname || !globalThis.Highlight || !CSS.highlights) return;
  const { Analyzer, learnFolding } = await import('./tokens.js');
  await learnFolding();
  const analyzer = new Analyzer(kept.language);
  for (const [surface, term] of kept.stems) analyzer.stems.set(surface, term);
  const terms = new Set(kept.terms);
  const ranges = [];
  const nodes = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  for (let node = nodes.nextNode(); node !== null; node = nodes.nextNode()) {
    for (const { term, start, end } of analyzer.tokens(node.textContent)) {
      if (terms.has(term)) ranges.push(new StaticRange({ startContainer: node, startOffset: start, endContainer: node, endOffset: end }));
    }
  }
  CSS.highlights.set('docent-search', new Highlight(...ranges));
}
mark();
