// Checks built sites in Chromium: `node run.mjs [DOCENT] [PART…]`; parts are `static`, `sites`, `search`, `postings`, `live`, `offline`, `corpora`, all without any.
//
// Builds the knowledge base of this repository and a small one of every page type three times (at the root, under a
// path, portable), serves them with the strict policy, and looks at each page as a reader would: accessibility in
// light and dark at two widths, valid HTML, no message, no report, no foreign request, no sideways scrolling, every
// link leads somewhere. Prints one line for each failure and the counts at the end.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { HtmlValidate } from 'html-validate';
import { chromium } from 'playwright-core';
import { findings } from './finding.mjs';
import { searches } from './search.mjs';
import { sizes, speed } from './budgets.mjs';
import { lookAtCorpora } from './corpora.mjs';
import { live } from './live.mjs';
import { modes } from './modes.mjs';
import { offline } from './offline.mjs';
import { onCall, paper } from './oncall.mjs';
import { postings } from './postings.mjs';
import { serve } from './serve.mjs';
import { colours, types } from './static.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const repository = resolve(here, '../..');
const docent = resolve(process.argv[2] ?? join(repository, 'target/debug/docent'));
const parts = process.argv.slice(3);
const wants = (part) => parts.length === 0 || parts.includes(part);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const work = mkdtempSync(join(tmpdir(), 'docent-browser-'));
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

let passed = 0;
let failed = 0;
function check(claim, faults) {
  if (faults.length === 0) { passed += 1; return; }
  failed += 1;
  console.log(`FAILED ${claim}`);
  for (const fault of faults.slice(0, 8)) console.log(`  ${fault}`);
  if (faults.length > 8) console.log(`  and ${faults.length - 8} more`);
}

// A knowledge base with everything that the theme has a form for.
function specimen() {
  const root = join(work, 'specimen');
  const files = JSON.parse(readFileSync(join(here, 'specimen.json'), 'utf8'));
  for (const [path, lines] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), lines.join('\n'));
  }
  return root;
}

function build(source, name, ...options) {
  const out = join(work, name);
  try {
    execFileSync(docent, ['build', source, '--out', out, '--cache', join(work, 'cache', name), ...options], { stdio: 'pipe' });
  } catch (error) {
    // Status 1: findings about the content; the site is there.
    if (error.status !== 1) throw new Error(`${name} does not build: ${error.stderr}`);
  }
  return out;
}

const html = (root) => readdirSync(root, { recursive: true }).filter((path) => path.endsWith('.html')).sort();
const isRedirect = (text) => text.includes('http-equiv="refresh"');
/** One page of each type, the largest: what its markup says it is. */
function sample(root, paths) {
  const types = new Map();
  for (const path of paths) {
    const text = readFileSync(join(root, path), 'utf8');
    if (isRedirect(text)) continue;
    const has = ['class="wide home"', 'class="letters"', 'class="tags"', 'class="doc"', 'class="sev"', 'class="queue"', 'class="heat"', 'class="trust quiet', 'class="trust fresh', 'class="trust due', 'class="trust doubtful', 'class="trust broken', 'class="trust unknown', 'class="cmd', 'class="kids"', 'seek big', 'class="path"', 'class="graph"', 'class="box"', 'id="roles-that', 'id="how-you-learn'];
    const type = has.filter((mark) => text.includes(mark)).join(' ');
    if (text.length > (types.get(type)?.size ?? 0)) types.set(type, { path, size: text.length });
  }
  return [...types.values()].map((type) => type.path).sort();
}

const validator = new HtmlValidate({
  extends: ['html-validate:recommended'],
  rules: {
    // Matters of taste, or of compressed output.
    'no-trailing-whitespace': 'off', 'void-style': 'off', 'attr-quotes': 'off', 'doctype-style': 'off', 'no-inline-style': 'error',
    'long-title': 'off', 'no-raw-characters': 'off', 'element-permitted-order': 'error', 'text-content': 'off',
    // Content may hold several headings of the first level; the check reports it as a finding.
    'heading-level': 'off',
    // Plain numbers are not telephone numbers.
    'tel-non-breaking': 'off',
    // An id may begin with a digit, and those of headings do.
    'valid-id': ['error', { relaxed: true }],
    // `refresh` is what a redirect page is.
    'meta-refresh': 'off',
    // An asset is as large as it is.
    'require-sri': 'off', 'no-implicit-button-type': 'error', 'prefer-native-element': 'off', 'no-redundant-role': 'error',
  },
});

async function validateFile(name, root, path) {
  const report = await validator.validateFile(join(root, path));
  const faults = report.results.flatMap((result) => result.messages)
    .filter((message) => message.severity === 2)
    .map((message) => `${message.line}:${message.column} ${message.ruleId}: ${message.message}`);
  check(`${name}: /${path} is valid HTML`, faults);
}

async function validate(name, root) {
  for (const path of html(root)) await validateFile(name, root, path);
}

/** Every link of every page leads to a page that is there, and to an id on it. */
async function links(name, root, origin, base) {
  const known = new Map();
  const load = async (url) => {
    if (!known.has(url)) {
      const response = await fetch(url, { redirect: 'manual' });
      const text = await response.text();
      const ids = new Set([...text.matchAll(/\s(?:id|name)="([^"]*)"/g)].map((match) => unescape(match[1])));
      known.set(url, { status: response.status, ids });
    }
    return known.get(url);
  };
  for (const path of html(root)) {
    const at = `${origin}${base}${path.split('/').map(encodeURIComponent).join('/').replace(/(^|\/)index\.html$/, '$1')}`;
    const text = readFileSync(join(root, path), 'utf8');
    const faults = [];
    const withoutDead = text.replace(/<a class="dead"[^>]*>/g, '');
    for (const [, , href] of withoutDead.matchAll(/\s(href|src)="([^"]*)"/g)) {
      const url = new URL(unescape(href), at);
      if (url.origin !== origin) continue;
      const fragment = decodeURIComponent(url.hash.slice(1));
      url.hash = '';
      const target = await load(url.href);
      if (target.status !== 200) faults.push(`${href} gives ${target.status}`);
      else if (fragment && fragment !== 'top' && !target.ids.has(fragment)) faults.push(`${href}: no such id`);
    }
    check(`${name}: the links of /${path} lead somewhere`, [...new Set(faults)]);
  }
}
const unescape = (text) => text
  .replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#x27;', "'").replaceAll('&#39;', "'")
  .replaceAll('&#x2F;', '/').replaceAll('&amp;', '&');

/** Opens a page; gives it and what went wrong while it loaded. */
async function open(context, url, allowed) {
  const page = await context.newPage();
  const faults = [];
  page.on('console', (message) => faults.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('request', (request) => { if (!request.url().startsWith(allowed) && !request.url().startsWith('data:')) faults.push(`request to ${request.url()}`); });
  page.on('response', (response) => { if (response.status() >= 400 && response.url() !== url) faults.push(`${response.status()} for ${response.url()}`); });
  await page.addInitScript(() => {
    window.reports = [];
    document.addEventListener('securitypolicyviolation', (event) => window.reports.push(`${event.effectiveDirective} ${event.blockedURI}`));
  });
  await page.goto(url, { waitUntil: 'load' });
  faults.push(...(await page.evaluate(() => window.reports)).map((report) => `policy: ${report}`));
  const wide = await page.evaluate(() => {
    const root = document.documentElement;
    return root.scrollWidth > root.clientWidth ? `scrolls sideways: ${root.scrollWidth} over ${root.clientWidth}` : '';
  });
  if (wide) faults.push(wide);
  return { page, faults };
}

async function accessibility(page) {
  // Through the protocol, since the policy lets no script in; axe is our own tool, not the page's.
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: axe });
  const { result } = await session.send('Runtime.evaluate', {
    expression: `axe.run(document, { resultTypes: ['violations'] }).then((r) => JSON.stringify(r.violations.map((v) =>
      v.id + ': ' + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 120)).join(' … '))))`,
    awaitPromise: true,
  });
  return JSON.parse(result.value);
}

/** Looks at one page of each type. Where only addresses differ, `accessible` is false and two looks are enough. */
async function look(browser, name, root, address, allowed, accessible) {
  const paths = sample(root, html(root));
  for (const width of [390, 1440]) {
    for (const colorScheme of accessible ? ['light', 'dark'] : ['light']) {
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, bypassCSP: false });
      for (const path of paths) {
        const { page, faults } = await open(context, address(path), allowed);
        const said = `${name}: /${path} at ${width} px, ${colorScheme}`;
        check(`${said}: nothing is said, asked or cut`, faults);
        if (accessible) check(`${said}: axe finds nothing`, await accessibility(page));
        await page.close();
      }
      await context.close();
    }
  }
}

/** The one thing the script does: the reader's choice of colours is kept. */
async function themeSwitch(browser, address, allowed) {
  const context = await browser.newContext({ colorScheme: 'light' });
  const { page, faults } = await open(context, address, allowed);
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const button = page.locator('[data-theme-toggle]');
  const light = await background();
  await button.click(); // light
  await button.click(); // dark
  const dark = await background();
  if (light === dark) faults.push('dark looks like light');
  await page.reload();
  if (await background() !== dark) faults.push('the choice was forgotten');
  if (await button.innerText() === 'auto') faults.push('the button does not say what was chosen');
  check('the theme switch works and is remembered', faults);
  await context.close();
}

/** A command block gives its commands to the clipboard, without prompts and without what they print. */
async function copies(browser, address, allowed) {
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  const { page, faults } = await open(context, address, allowed);
  await page.locator('.cmd figcaption button').first().click();
  await page.getByText('Copied').first().waitFor({ timeout: 5000 }).catch(() => faults.push('the button does not answer'));
  const text = await page.evaluate(() => navigator.clipboard.readText());
  if (text !== 'df -h /var/lib/postgresql') faults.push(`copied ${JSON.stringify(text)}`);
  check('copying a command leaves prompt and output out', faults);
  await context.close();
}

/** A copy that was built long ago says so, and one that was built today does not. */
async function age(browser, address, allowed) {
  const context = await browser.newContext();
  const { page, faults } = await open(context, address, allowed);
  if (await page.locator('.banner').count()) faults.push('a new copy warns of its age');
  await context.addInitScript(() => {
    const now = Date.now();
    Date.now = () => now + 45 * 86400000;
  });
  const later = await open(context, address, allowed);
  faults.push(...later.faults);
  const text = await later.page.locator('.banner').innerText({ timeout: 5000 }).catch(() => 'nothing');
  if (!/^This site was built 4[456] days ago; states may have changed\.$/.test(text)) faults.push(`an old copy says ${text}`);
  faults.push(...await accessibility(later.page));
  check('an old copy says how old it is', faults);
  await context.close();
}

async function withoutScript(browser, address, allowed) {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 900 } });
  const page = await context.newPage();
  const faults = [];
  page.on('request', (request) => { if (!request.url().startsWith(allowed)) faults.push(`request to ${request.url()}`); });
  await page.goto(address);
  if (await page.locator('.needs-js').first().isVisible()) faults.push('a control that needs a script is shown');
  await page.locator('button.menu').click();
  if (!(await page.locator('#side').isVisible())) faults.push('the menu does not open');
  await page.keyboard.press('Escape');
  if (await page.locator('#side').isVisible()) faults.push('Escape does not close the menu');
  check('menu and page work without a script', faults);
  await context.close();
}

/** Queries that must not do anything but find or not find. */
const hostile = [
  '<img src=x onerror="window.injected=true">', '"><script>window.injected=true</script>', 'javascript:alert(1)', 'a:(^', '('.repeat(20_000),
  '{"alerts":[{"labels":{"alertname":"KubePodNotReady"}}]}', '*', '\u0000\u001b[31m', '__proto__ constructor', '日本語 ½ ﬁ',
];

const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});
try {
  if (wants('static')) {
    types({ check }, here);
    colours({ check }, repository);
  }
  const sources = { repository, specimen: specimen() };
  for (const [source, path] of Object.entries(wants('sites') ? sources : {})) {
    for (const base of ['/', '/help/desk/']) {
      const name = `${source} at ${base}`;
      const root = build(path, `${source}${base.replaceAll('/', '-')}`, '--base-url', `http://127.0.0.1${base}`);
      const { origin, stop } = await serve(root, base);
      const address = (file) => `${origin}${base}${file.replace(/(^|\/)index\.html$/, '$1')}`;
      await links(name, root, origin, base);
      await validate(name, root);
      await look(browser, name, root, address, `${origin}${base}`, base === '/');
      await themeSwitch(browser, address('index.html'), `${origin}${base}`);
      await age(browser, address('index.html'), `${origin}${base}`);
      await withoutScript(browser, address('index.html'), `${origin}${base}`);
      await searches(browser, { check, open, accessibility }, { name, address, allowed: `${origin}${base}`, query: 'disk full', hostile });
      if (source === 'repository' && base === '/') {
        sizes({ check }, root, html(root).filter((path) => /^(runbooks|freshness)\/.*index\.html$/.test(path)));
        await speed(browser, { check }, origin, ['/', '/runbooks/databases/patroni-no-leader/', '/freshness/', '/manual/markdown/', '/search/']);
      }
      if (source === 'specimen' && base === '/') {
        await modes(browser, { check, open, accessibility }, address, ['index.html', 'databases/disk-full/index.html', 'databases/failover/index.html'], `${origin}${base}`);
        await onCall(browser, { check, open, accessibility }, address('databases/failover/index.html'), `${origin}${base}`);
        await paper(browser, { check, open }, address('databases/failover/index.html'), `${origin}${base}`);
        await paper(browser, { check, open }, address('databases/disk-full/index.html'), `${origin}${base}`);
      }
      if (source === 'specimen' && base === '/') await copies(browser, address('databases/disk-full/index.html'), `${origin}${base}`);
      stop();
    }
    const root = build(path, `${source}-portable`, '--portable');
    const here = pathToFileURL(`${root}/`).href;
    await look(browser, `${source} from disk`, root, (file) => pathToFileURL(join(root, file)).href, here, false);
    for (const file of html(root)) {
      const text = readFileSync(join(root, file), 'utf8').replace(/<a class="dead"[^>]*>/g, '');
      const faults = [];
      for (const [, , href] of text.matchAll(/\s(href|src)="([^"]*)"/g)) {
        if (/^(#|data:|mailto:|tel:)/.test(href)) continue;
        const url = new URL(unescape(href), pathToFileURL(join(root, file)));
        if (url.protocol !== 'file:') continue;
        try { readFileSync(fileURLToPath(new URL(url.pathname, url))); } catch { faults.push(`${href} is not there`); }
      }
      check(`${source} from disk: the links of ${relative('.', file)} lead to files`, [...new Set(faults)]);
    }
  }
  const tools = { check, open, accessibility, build, html, isRedirect, serve, validateFile };
  if (wants('live')) await live(browser, { ...tools, docent }, work);
  if (wants('search')) await findings(browser, tools, { work, repository });
  if (wants('postings')) await postings(browser, tools, { repository, here, work });
  if (wants('offline')) await offline(browser, tools, work);
  if (wants('corpora')) await lookAtCorpora(browser, tools, { shared: resolve(repository, '../shared/corpus'), work });
} finally {
  await browser.close();
  rmSync(work, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
