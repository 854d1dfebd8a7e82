// What a preview has and a site has not: pages follow their sources, and say what is wrong with them.
// In: the events of the server. Out: the page again when it is another, its styles in place, a bar and a panel.

/**
 * @typedef {{ severity: string, rule: string, message: string, path: string, line: number, is_new: boolean, frame: string }} Finding
 * @typedef {{ failure: string | null, errors: number, warnings: number, notes: number, new: number, more: number, findings: Finding[] }} Report
 * @typedef {{ hash: string | null, styles: string, path?: string, state?: string, reasons?: string[], remedy?: string }} About
 */

const SCROLL = 'docent-preview-scroll';
const TOLD = 'docent-preview-told';
const meta = document.querySelector('meta[name="docent-preview"]');
const shown = meta instanceof HTMLMetaElement ? meta.content : '';
/** @type {string | null} */
let styles = null;

/** Keeps a text for this tab. @param {string} name @param {string} text */
const keep = (name, text) => {
  try {
    sessionStorage.setItem(name, text);
  } catch {
    // A storage that is blocked costs the place on the page and nothing else.
  }
};

/** What is kept for this tab. @param {string} name */
const kept = (name) => {
  try {
    return sessionStorage.getItem(name) ?? '';
  } catch {
    return '';
  }
};

/** @template T @param {string} path @returns {Promise<T>} */
const read = async (path) => {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
};

/** @param {string} name @param {string} [text] @param {string} [look] */
const make = (name, text = '', look = '') => {
  const element = document.createElement(name);
  element.textContent = text;
  if (look) element.className = look;
  return element;
};

const bar = make('aside', '', 'docent-preview-bar');
bar.setAttribute('aria-label', 'Preview');
const panel = document.createElement('dialog');
panel.className = 'docent-preview-panel';
panel.setAttribute('aria-labelledby', 'docent-preview-title');
const said = make('p', '', 'docent-preview-said');
said.setAttribute('role', 'status');

/** @param {number} count @param {string} word */
const many = (count, word) => `${count} ${word}${count === 1 ? '' : 's'}`;

/** @param {Report} report */
const counts = (report) => {
  const parts = [[report.errors, 'error'], [report.warnings, 'warning'], [report.notes, 'note']];
  return parts.filter(([count]) => count).map(([count, word]) => many(Number(count), String(word))).join(', ') || 'no findings';
};

/** @param {Finding[]} findings @param {string} title */
const list = (findings, title) => {
  const section = make('section');
  section.append(make('h3', title));
  for (const finding of findings) {
    const frame = make('pre', finding.frame, `docent-preview-${finding.severity}`);
    frame.tabIndex = 0;
    section.append(frame);
  }
  return section;
};

/** @param {Report} report */
const fill = (report) => {
  const title = make('h2', report.failure ? `The site cannot be made: ${report.failure}` : `Findings: ${counts(report)}`);
  title.id = 'docent-preview-title';
  const close = make('button', 'Close');
  close.setAttribute('type', 'button');
  close.addEventListener('click', () => panel.close());
  const head = make('header');
  head.append(title, close);
  const fresh = report.findings.filter((finding) => finding.is_new);
  const others = report.findings.filter((finding) => !finding.is_new);
  panel.replaceChildren(head);
  if (report.failure) panel.append(make('p', 'The page behind this is the last one that could be made.'));
  if (fresh.length) panel.append(list(fresh, 'Since the preview was started'));
  if (others.length) panel.append(list(others, report.failure ? 'Why' : 'From before'));
  if (report.more) panel.append(make('p', `and ${report.more} more; docent check lists them all`));
};

/** @param {Report} report @param {About} about */
const tell = (report, about) => {
  const here = report.findings.filter((finding) => finding.path === about.path);
  const state = about.state ? `${about.state[0].toUpperCase()}${about.state.slice(1)}` : 'Preview';
  const button = make('button', `${here.length ? `${many(here.length, 'finding')} here; ` : ''}${counts(report)}`);
  button.setAttribute('type', 'button');
  button.addEventListener('click', () => panel.showModal());
  const why = make('details');
  why.append(make('summary', state));
  const reasons = make('ul');
  for (const reason of about.reasons ?? []) reasons.append(make('li', reason));
  if (about.remedy) reasons.append(make('li', about.remedy));
  why.append(reasons);
  bar.replaceChildren(reasons.childElementCount ? why : make('span', state), button, said);
};

/** Opens the panel for what is new, once, on whatever page; closes it when that is mended. @param {Report} report */
const press = (report) => {
  const pressing = report.findings.filter((finding) => finding.is_new || report.failure);
  const what = report.failure || report.new ? JSON.stringify([report.failure, pressing.map((finding) => finding.frame)]) : '';
  const told = kept(TOLD);
  if (!what && told && panel.open) panel.close();
  if (what && what !== told && !panel.open) panel.showModal();
  keep(TOLD, what);
};

/** Exchanges the styles without a new page. @param {string} version */
const restyle = (version) => {
  for (const link of document.querySelectorAll('link[rel="stylesheet"]')) {
    if (!(link instanceof HTMLLinkElement)) continue;
    const url = new URL(link.href);
    url.searchParams.set('v', version);
    const next = link.cloneNode();
    if (!(next instanceof HTMLLinkElement)) continue;
    next.href = url.href;
    next.addEventListener('load', () => link.remove());
    next.addEventListener('error', () => next.remove());
    link.after(next);
  }
};

const update = async () => {
  /** @type {[Report, About]} */
  const [report, about] = await Promise.all([read('/docent/-/findings.json'), read(`/docent/-/page.json?url=${encodeURIComponent(location.pathname)}`)]);
  if (about.hash && about.hash !== shown && !report.failure) {
    keep(SCROLL, JSON.stringify([location.pathname, scrollX, scrollY]));
    location.reload();
    return;
  }
  if (styles !== null && about.styles !== styles) restyle(about.styles);
  styles = about.styles;
  fill(report);
  tell(report, about);
  press(report);
  said.textContent = '';
  document.documentElement.dataset.docentPreview = 'ready';
};

/** Goes to where the page was before it was exchanged. */
const restore = () => {
  const [path, x, y] = JSON.parse(kept(SCROLL) || '[]');
  keep(SCROLL, '');
  if (path === location.pathname) scrollTo(x, y);
};

document.body.append(bar, panel);
restore();
let queue = Promise.resolve();
const events = new EventSource('/docent/-/events');
events.addEventListener('build', () => {
  queue = queue.then(update).catch(() => { said.textContent = 'The preview does not answer.'; });
});
events.addEventListener('error', () => { said.textContent = 'The preview has stopped; it goes on when docent serve runs again.'; });
