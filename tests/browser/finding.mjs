// What the search offers besides hits: more headings, filters, help where nothing is found; what it does between two
// builds, and from disk. Used by `run.mjs`.
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const WAIT = { timeout: 10_000 };
const input = (page) => page.locator('dialog.search input');
const rows = (page) => page.locator('dialog.search .hit.page');

/** A knowledge base whose pages say `text`; long ones have many headings. */
function write(work, name, text, config = '') {
  const root = join(work, name);
  const sections = (count) => Array.from({ length: count }, (_, at) => `## Zebrafish part ${at}\n\nThe zebrafish ${text} swims ${at}.\n`).join('\n');
  const files = { 'docent.yaml': `title: Fish\n${config}`, 'index.md': `# Fish\n\nAll about the zebrafish: ${text}.\n` };
  for (let at = 0; at < 6; at += 1) files[`big-tanks/page-${at}.md`] = `---\nkind: runbook\n---\n# Tank ${at}\n\n${sections(at)}\nWater ${'and water '.repeat(at)}.\n`;
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

async function search(page, text) {
  await page.keyboard.press('/');
  await input(page).waitFor(WAIT);
  await input(page).fill(text);
}

/** Checks sites of its own. `repository` is the folder of ours, whose pages have states. */
export async function findings(browser, tools, { work, repository }) {
  const { check, open, accessibility, build, serve } = tools;
  const old = build(write(work, 'the old fish', 'early'), 'fish-1', '--base-url', 'http://127.0.0.1/fish/');
  const young = build(write(work, 'the new fish', 'late', 'edit_url: https://git.fernhill.example/kb/-/edit/main/{path}\n'), 'fish-2', '--base-url', 'http://127.0.0.1/fish/');
  const moods = { root: old };
  const { origin, stop } = await serve(old, '/fish/', moods);
  const at = (path) => `${origin}/fish/${path}`;
  const site = { at, allowed: `${origin}/fish/` };
  await headings(browser, tools, site);
  await nothing(browser, tools, site);
  await betweenBuilds(browser, tools, site, { moods, old, young, work });
  stop();

  const ours = build(repository, 'ours', '--base-url', 'http://127.0.0.1/');
  const served = await serve(ours, '/');
  await trusted(browser, { check, open, accessibility }, served.origin);
  served.stop();

  const disk = build(write(work, 'the disk fish', 'early'), 'fish-3', '--portable');
  await fromDisk(browser, tools, disk);
}

async function headings(browser, { check, open }, { at, allowed }) {
  const context = await browser.newContext();
  const { page, faults } = await open(context, at(''), allowed);
  // The texts of the pages are held back, so that the pointer is there first.
  let release;
  const released = new Promise((done) => { release = done; });
  await page.route(/\/x\/\d+$/, async (route) => { await released; await route.continue(); });
  await search(page, 'zebrafish');
  await rows(page).nth(2).waitFor(WAIT);
  await rows(page).nth(2).hover();
  const titles = () => rows(page).locator('b').allInnerTexts();
  const before = { titles: await titles(), top: (await rows(page).nth(2).boundingBox()).y };
  release();
  await page.locator('dialog.search [id$="-1"].sub').first().waitFor(WAIT);
  const after = { titles: await titles(), top: (await rows(page).nth(2).boundingBox()).y };
  if (JSON.stringify(before.titles) !== JSON.stringify(after.titles)) faults.push('rows that were on screen changed their order');
  if (Math.abs(before.top - after.top) > 1) faults.push(`the row under the pointer moved from ${before.top} to ${after.top}`);
  const groups = await page.locator('dialog.search [role="group"]:has(.sub)').evaluateAll((all) => all.map((group) => [...group.querySelectorAll('.sub')].map((sub) => (
    { href: sub.getAttribute('href'), heading: sub.querySelector('span').textContent, marks: sub.querySelectorAll('mark').length }
  ))));
  const most = Math.max(...groups.map((group) => group.length));
  if (most !== 3) faults.push(`${most} headings of a page`);
  for (const row of groups.filter((group) => group.length > 1).flat()) {
    if (row.heading !== 'Top of the page' && !/#zebrafish-part-\d$/.test(row.href)) faults.push(`${row.heading} leads to ${row.href}`);
    if (row.marks === 0) faults.push(`nothing is marked in ${row.heading}`);
  }
  if (new Set(groups.flat().map((row) => row.href)).size !== groups.flat().length) faults.push('two rows lead to one place');
  const where = await rows(page).locator('.where').allInnerTexts();
  if (!where.includes('Big tanks')) faults.push(`the folders are told as ${where[0]}`);
  const ids = await page.locator('dialog.search [role="option"]').evaluateAll((all) => all.map((row) => row.id));
  for (const _ of ids) await page.keyboard.press('ArrowDown');
  if (new Set(ids).size !== ids.length || await page.locator('dialog.search [aria-selected="true"]').count() !== 1) faults.push('not one row is selected');
  check('up to three headings of a page are shown, and the row under the pointer stays', faults);
  await context.close();
}

async function nothing(browser, { check, open, accessibility }, { at, allowed }) {
  const context = await browser.newContext();
  const { page, faults } = await open(context, at(''), allowed);
  await search(page, 'kind:runbok zebrafish');
  const meant = page.locator('dialog.search .none button', { hasText: 'kind:runbook zebrafish' });
  await meant.waitFor(WAIT);
  if (!(await page.locator('dialog.search .notes').innerText()).includes('did you mean `kind:runbook`?')) faults.push('the note does not say what was meant');
  const report = page.locator('dialog.search textarea.report');
  if (!(await report.inputValue()).includes('kind:runbok zebrafish')) faults.push('the report does not say what was searched for');
  faults.push(...await accessibility(page));
  await meant.click();
  await rows(page).first().waitFor(WAIT);
  if (await input(page).inputValue() !== 'kind:runbook zebrafish') faults.push('the field does not hold what was meant');
  await input(page).fill('fresh:trusted zebrafish');
  await page.waitForFunction(() => document.querySelector('dialog.search .notes').textContent.includes('known after a build'), null, WAIT)
    .catch(() => faults.push('a site without states does not say so'));
  check('where nothing is found, what was meant is offered and the gap can be told', faults);
  await context.close();
}

async function betweenBuilds(browser, { check, open }, { at, allowed }, { moods, old, young, work }) {
  const context = await browser.newContext();
  {
    const { page, faults } = await open(context, at(''), allowed);
    await search(page, 'zebrafish');
    await rows(page).first().waitFor(WAIT);
    moods.root = young;
    await input(page).fill('late');
    await rows(page).first().waitFor(WAIT).catch(() => faults.push('the new build is not found'));
    check('a page that was opened before a new build finds what the new one says', faults.filter((fault) => !/404/.test(fault)));
    await page.close();
  }
  // A copy that was put together of two builds: the terms of one among the files of the other.
  const mixed = join(work, 'fish-mixed');
  rmSync(mixed, { recursive: true, force: true });
  cpSync(young, mixed, { recursive: true });
  const folder = (root) => join(root, 's', readdirSync(join(root, 's'))[0]);
  cpSync(join(folder(old), 't'), join(folder(mixed), 't'), { recursive: true });
  moods.root = mixed;
  const { page, faults } = await open(context, at(''), allowed);
  await search(page, 'zebrafish');
  await page.getByRole('button', { name: 'Reload the page' }).waitFor(WAIT).catch(() => faults.push('nothing offers to reload'));
  if (!(await page.locator('dialog.search .none').innerText()).includes('not of one build')) faults.push('two builds are not named');
  if (await rows(page).count() !== 0) faults.push('results of two builds are shown');
  moods.root = young;
  await page.getByRole('button', { name: 'Reload the page' }).click();
  await page.waitForLoadState('load');
  await search(page, 'zebrafish');
  await rows(page).first().waitFor(WAIT).catch(() => faults.push('it does not work after it was reloaded'));
  await input(page).fill('zzqzzq xxqxxq');
  const report = page.locator('dialog.search a.report');
  await report.waitFor(WAIT);
  const href = await report.getAttribute('href');
  if (!href.startsWith('https://git.fernhill.example/kb/-/issues/new?') || !href.includes('zzqzzq%20xxqxxq')) faults.push(`the report leads to ${href}`);
  check('files of two builds are told and nothing of them is shown; a gap is reported where pages are edited', faults);
  await context.close();
}

async function trusted(browser, { check, open, accessibility }, origin) {
  const context = await browser.newContext();
  const { page, faults } = await open(context, `${origin}/search/?q=disk`, `${origin}/`);
  const button = page.locator('[data-search] .filters button', { hasText: 'Trusted only' });
  await button.waitFor(WAIT);
  const count = Number(await button.locator('.num').innerText());
  const all = Number.parseInt(await page.locator('[data-search] [role="status"]').innerText(), 10);
  await button.click();
  await page.locator('[data-search] .filters button[aria-pressed="true"]', { hasText: 'Trusted only' }).waitFor(WAIT);
  const told = Number.parseInt(await page.locator('[data-search] [role="status"]').innerText(), 10);
  if (told !== count || count >= all || count === 0) faults.push(`${all} pages, ${count} to be trusted, ${told} shown`);
  const states = await page.locator('[data-search] .state').allInnerTexts();
  if (states.length === 0 || states.some((state) => !/^(Fresh|Evergreen|Due)$/.test(state.trim()))) faults.push(`shown are ${[...new Set(states)].join(', ')}`);
  faults.push(...await accessibility(page));
  const typed = page.locator('[data-search] input');
  await typed.fill('disk fresh:trusted -fresh:due');
  await page.waitForFunction((most) => Number.parseInt(document.querySelector('[data-search] [role="status"]').textContent, 10) <= most, count, WAIT)
    .catch(() => faults.push('`fresh:` does not filter'));
  check('only pages that can be trusted are shown where that is asked for', faults);
  await context.close();
}

async function fromDisk(browser, { check, open }, root) {
  const context = await browser.newContext();
  const address = (path) => pathToFileURL(join(root, path)).href;
  const { page, faults } = await open(context, address('index.html'), pathToFileURL(`${root}/`).href);
  await search(page, 'zebrafsh');
  await rows(page).first().waitFor(WAIT);
  await page.locator('dialog.search .hit.sub mark').first().waitFor(WAIT);
  if (!/zebrafish/.test(await page.locator('dialog.search .notes').innerText())) faults.push('a slip is not mended');
  await input(page).fill('"zebrafish early" größe');
  await page.waitForFunction(() => /^\d+ pages?$/.test(document.querySelector('dialog.search [role="status"]').textContent), null, WAIT);
  await page.locator('dialog.search .hit.sub mark').first().waitFor(WAIT);
  await page.keyboard.press('ArrowDown');
  const target = await page.locator('dialog.search [aria-selected="true"]').getAttribute('href');
  await Promise.all([page.waitForURL(target, WAIT), page.keyboard.press('Enter')]);
  await page.waitForFunction(() => CSS.highlights.get('docent-search')?.size > 0, null, WAIT).catch(() => faults.push('nothing is marked on the page that was found'));
  await page.goto(`${address('search/index.html')}?q=zebrafish`);
  await page.locator('[data-search] .hit.page').first().waitFor(WAIT).catch(() => faults.push('the page of results finds nothing'));
  faults.push(...(await page.evaluate(() => window.reports)).map((report) => `policy: ${report}`));
  check('a portable site can be searched from disk', faults);
  await context.close();
}
