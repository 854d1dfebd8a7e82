// The author's loop: what is edited appears, what is wrong is told over the page, and the place on the page stays.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

const long = Array.from({ length: 120 }, (_, line) => `Line ${line} of a long page.\n`).join('\n');

/** Starts `docent serve`; gives its address and a way to end it. */
async function start(docent, root) {
  const child = spawn(docent, ['serve', root, '--port', '0', '--today', '2026-11-23'], { stdio: ['ignore', 'ignore', 'pipe'] });
  const lines = createInterface({ input: child.stderr });
  const origin = await new Promise((found, never) => {
    const all = [];
    lines.on('line', (line) => { all.push(line); const at = /http:\/\/[\d.]+:\d+/.exec(line); if (at) found(at[0]); });
    child.on('exit', () => never(new Error(`docent serve ended: ${all.join('\n')}`)));
  });
  return { origin, stop: () => { child.removeAllListeners('exit'); child.kill(); } };
}

export async function live(browser, { check, open, accessibility, docent }, work) {
  const root = join(work, 'live');
  const write = (path, text) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const pages = { 'docent.yaml': 'title: Live\ntheme: ours\n', 'content/index.md': '# Home\n\n[Disk full](disk.md)\n', 'themes/ours/static/site.css': 'h1 { letter-spacing: 0 }\n' };
  for (const [path, text] of Object.entries(pages)) write(path, text);
  write('content/disk.md', `# Disk full\n\nThe first words, with a zebrafish.\n\n${long}`);
  const { origin, stop } = await start(docent, root);
  const faults = [];
  const context = await browser.newContext();
  try {
    const { page, faults: said } = await open(context, `${origin}/disk/`, `${origin}/`);
    const ready = () => page.waitForFunction(() => document.documentElement.dataset.docentPreview === 'ready', null, { timeout: 20000 });
    const sees = (words) => page.waitForFunction((words) => document.querySelector('main')?.textContent?.includes(words), words, { timeout: 20000 }).catch(() => faults.push(`never sees ${words}`));
    const panel = page.locator('.docent-preview-panel');
    await ready();
    faults.push(...(await accessibility(page)).map((fault) => `bar: ${fault}`));

    await page.evaluate(() => scrollTo(0, 900));
    write('content/disk.md', `# Disk full\n\nThe second words, with a walrus.\n\n${long}`);
    await sees('walrus');
    await ready();
    const scrolled = await page.evaluate(() => scrollY);
    if (Math.abs(scrolled - 900) > 2) faults.push(`scrolled to ${scrolled} after an edit, not 900`);

    await page.evaluate(() => { window.kept = 'yes'; });
    write('content/index.md', '# Home\n\nSomething else. [Disk full](disk.md)\n');
    write('themes/ours/static/site.css', 'h1 { letter-spacing: 3px }\n');
    await page.waitForFunction(() => getComputedStyle(document.querySelector('h1')).letterSpacing === '3px', null, { timeout: 20000 }).catch(() => faults.push('a new style never shows'));
    if (await page.evaluate(() => window.kept) !== 'yes') faults.push('a style or another page made this page load again');

    write('content/disk.md', `# Disk full\n\nThe third words. [gone](gnoe.md)\n\n${long}`);
    await panel.waitFor({ state: 'visible', timeout: 20000 }).catch(() => faults.push('no panel for an error'));
    const told = await panel.innerText().catch(() => '');
    for (const words of ['broken-link', 'content/disk.md:3:', '[gone](gnoe.md)']) if (!told.includes(words)) faults.push(`the panel does not say ${words}: ${told.slice(0, 300)}`);
    faults.push(...(await accessibility(page)).map((fault) => `panel: ${fault}`));
    await page.keyboard.press('Escape');
    if (await panel.isVisible()) faults.push('Escape does not close the panel');
    await page.getByRole('button', { name: /1 finding here/ }).click({ timeout: 5000 }).catch(() => faults.push('the bar does not open the panel'));
    write('content/disk.md', `# Disk full\n\nThe fourth words.\n\n${long}`);
    await sees('fourth words');
    await panel.waitFor({ state: 'hidden', timeout: 20000 }).catch(() => faults.push('the panel stays after the cure'));

    write('docent.yaml', 'tilte: Live\n');
    await panel.waitFor({ state: 'visible', timeout: 20000 }).catch(() => faults.push('no panel for a config that cannot be used'));
    await sees('fourth words');
    write('docent.yaml', 'title: Live\ntheme: ours\n');
    await panel.waitFor({ state: 'hidden', timeout: 20000 }).catch(() => faults.push('the panel stays after the config was mended'));

    await ready();
    await page.keyboard.press('/');
    await page.locator('dialog.search input').waitFor({ timeout: 20000 });
    await page.keyboard.type('fourth');
    await page.locator('dialog.search [role="option"]').first().waitFor({ timeout: 20000 }).catch(() => faults.push('search finds nothing'));
    faults.push(...said);
    faults.push(...(await page.evaluate(() => window.reports)).map((report) => `policy: ${report}`));
  } finally {
    await context.close();
    stop();
  }
  check('docent serve shows what is edited, what is wrong, and when it is mended', faults);
}
