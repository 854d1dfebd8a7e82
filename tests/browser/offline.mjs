// A copy that a reader keeps: whole, of one build, with its age, and gone when it is to be gone.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const picture = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

/** A knowledge base whose every page says which build it is of. */
function source(work, words, config = '') {
  const root = join(work, `kept-${words}`);
  const files = {
    'docent.yaml': `title: Kept\n${config}`,
    'index.md': `# Home\n\nThis is ${words}.\n`,
    'runbooks/disk.md': `# Disk full\n\nThis is ${words}. Look at the zebrafish.\n\n![A dot](dot.png)\n`,
    'runbooks/memory.md': `# Memory\n\nThis is ${words}.\n`,
    'articles/long.md': `# Long\n\nThis is ${words}.\n`,
    'runbooks/dot.png': picture,
  };
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

/** Asks the page until it says yes. */
async function until(page, question, argument) {
  for (let asked = 0; asked < 100; asked += 1) {
    if (await page.evaluate(question, argument)) return;
    await page.waitForTimeout(100);
  }
  throw new Error('never');
}

export async function offline(browser, { check, build, serve, open, accessibility }, work) {
  const old = build(source(work, 'the old build'), 'kept-1', '--base-url', 'http://127.0.0.1/help/');
  const young = build(source(work, 'the new build'), 'kept-2', '--base-url', 'http://127.0.0.1/help/');
  const gone = build(source(work, 'the last build', 'offline: false\n'), 'kept-3', '--base-url', 'http://127.0.0.1/help/');
  const moods = { root: old };
  const { origin, stop } = await serve(old, '/help/', moods);
  const at = (path) => `${origin}/help/${path}`;
  const faults = [];
  const expect = (what, found, wanted) => { if (found !== wanted) faults.push(`${what}: ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`); };

  const plain = await browser.newContext();
  const first = await open(plain, at(''), `${origin}/`);
  await first.page.locator('[data-offline]').click();
  await first.page.getByText('Off on this machine').waitFor({ timeout: 5000 }).catch(() => faults.push('it is not off on localhost'));
  expect('workers on localhost', await first.page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
  faults.push(...first.faults);
  await plain.close();

  const context = await browser.newContext();
  await context.addInitScript(() => localStorage.setItem('docent-offline-test', 'yes'));
  const { page, faults: said } = await open(context, at(''), `${origin}/`);
  const says = async (words, path) => {
    const text = await page.locator('main').innerText();
    if (!text.includes(words)) faults.push(`/${path} says ${JSON.stringify(text.slice(0, 120))}, not ${words}`);
  };
  const keep = async (button = '[data-keep-all]') => {
    await page.locator('[data-offline]').click();
    await page.locator(button).click();
    await page.getByText(/^(Kept\. It works|Not kept)/).waitFor();
    const text = await page.locator('dialog [role="status"]').innerText();
    await page.locator('dialog').getByRole('button', { name: 'Close' }).click();
    return text;
  };
  await page.locator('[data-offline]').click();
  await page.locator('[data-keep-all]').waitFor();
  if (!/^Keep everything, \d+(\.\d)? [kM]B$/.test(await page.locator('[data-keep-all]').innerText())) faults.push('no size is said');
  faults.push(...await accessibility(page));
  await page.locator('dialog').getByRole('button', { name: 'Close' }).click();
  expect('keeping', await keep(), 'Kept. It works without a network now.');
  faults.push(...said);

  // No network at all.
  const broken = () => true;
  moods.fail = broken;
  for (const path of ['', 'runbooks/disk/', 'articles/long/', 'search/']) {
    await page.goto(at(path));
    if (path !== 'search/') await says('the old build', path);
    expect(`the banner of /${path}`, await page.locator('.banner').count(), 1);
    const styled = await page.evaluate(() => getComputedStyle(document.querySelector('.top')).position);
    expect(`the style of /${path}`, styled, 'sticky');
  }
  if (!/^The network does not answer\. This is your kept copy/.test(await page.locator('.banner').innerText())) faults.push('the banner does not say what it is');
  await page.goto(at('runbooks/disk/'));
  await page.waitForFunction(() => document.querySelector('.doc img')?.complete);
  expect('the image', await page.evaluate(() => document.querySelector('.doc img').naturalWidth), 1);
  await page.keyboard.press('/');
  await page.locator('dialog.search input, dialog input[type="search"]').first().fill('zebrafish');
  await page.getByRole('option').first().waitFor({ timeout: 15000 }).catch(() => faults.push('the search finds nothing without a network'));
  await page.goto(at('nowhere/'));
  expect('the heading of a page that is not there', (await page.locator('h1').innerText()).length > 0, true);

  // A network that is too slow: the copy, after 800 ms. One that answers: the page itself.
  moods.fail = undefined;
  moods.delay = 4000;
  await page.goto(at('runbooks/memory/'));
  await says('the old build', 'runbooks/memory/');
  expect('the banner on a slow network', await page.locator('.banner').count(), 1);
  moods.delay = 0;
  await page.goto(at('articles/long/'));
  expect('the banner on a good network', await page.locator('.banner').count(), 0);

  // A new build that breaks off while it is fetched: the copy stays the old one, whole.
  moods.root = young;
  moods.fail = (path) => /memory|long/.test(path);
  await page.goto(at(''));
  await page.waitForTimeout(1500);
  moods.fail = broken;
  for (const path of ['', 'runbooks/disk/', 'runbooks/memory/', 'articles/long/']) {
    await page.goto(at(path));
    await says('the old build', path);
  }
  // And one that arrives: the copy is the new one, whole.
  moods.fail = undefined;
  const { build: wanted } = JSON.parse(await (await fetch(at('offline.json'))).text());
  await page.goto(at(''));
  await says('the new build', '');
  const renewed = until(page, async (id) => {
    for (const name of await caches.keys()) {
      const list = await (await caches.open(name)).match(new URL('/help/offline.json', location.href));
      if (list && (await list.json()).build === id) return (await caches.keys()).length === 1;
    }
    return false;
  }, wanted);
  await renewed.catch(() => faults.push('the copy is not renewed'));
  moods.fail = broken;
  for (const path of ['', 'runbooks/disk/', 'runbooks/memory/', 'articles/long/']) {
    await page.goto(at(path));
    await says('the new build', path);
  }
  expect('what policies reported', (await page.evaluate(() => window.reports)).join(), '');

  // A folder alone.
  moods.fail = undefined;
  await page.goto(at(''));
  await page.locator('[data-offline]').click();
  await page.locator('.keep input').nth(1).check();
  await page.getByRole('button', { name: 'Keep these' }).click();
  await page.getByText(/^(Kept\. It works|Not kept)/).waitFor();
  const kept = await page.evaluate(async () => {
    const [name] = await caches.keys();
    return (await (await caches.open(name)).keys()).map((request) => new URL(request.url).pathname);
  });
  expect('a page of the chosen folder', kept.includes('/help/runbooks/disk/'), true);
  await page.locator('dialog').getByRole('button', { name: 'Close' }).click();

  // The site takes the copies back.
  moods.root = gone;
  await page.goto(at(''));
  await page.evaluate(async () => { await (await navigator.serviceWorker.getRegistration())?.update(); });
  await until(page, async () => (await caches.keys()).length === 0 && (await navigator.serviceWorker.getRegistrations()).length === 0)
    .catch(() => faults.push('the copies are not taken away'));
  await page.goto(at(''));
  expect('the button of a site that keeps nothing', await page.locator('[data-offline]').count(), 0);
  check('a kept copy is whole, of one build, says its age, is renewed whole, and can be taken back', faults);
  await context.close();
  stop();
}
