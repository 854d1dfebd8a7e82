// What the one on call does on a runbook: fill in, copy, tick off, hand over.

/** The fields, the copy buttons and the steps of one page, in a tab of its own. */
export async function onCall(browser, { check, open, accessibility }, address, allowed) {
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  const { page, faults } = await open(context, address, allowed);
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  const copy = page.locator('.cmd figcaption button');
  const expect = (what, found, wanted) => { if (found !== wanted) faults.push(`${what}: ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`); };

  await page.evaluate(() => navigator.clipboard.writeText('before'));
  await copy.first().click();
  expect('the hint', await page.locator('.hint').innerText(), 'HOST is empty: fill it in above');
  expect('the clipboard while a field is empty', await clipboard(), 'before');
  expect('the field in focus', await page.evaluate(() => document.activeElement?.getAttribute('name')), 'host');
  faults.push(...await accessibility(page));

  const cluster = page.locator('input[name="cluster"]');
  const host = page.locator('input[name="host"]');
  await cluster.fill('No such');
  await host.fill("pg 1's \"$x\"!");
  await copy.first().click();
  expect('the hint on a wrong value', await page.locator('.hint').innerText(), 'CLUSTER does not look right');
  await cluster.fill('main-15');
  await copy.first().click();
  await page.getByText('Copied').first().waitFor();
  expect('the command', await clipboard(), `ssh 'pg 1'\\''s "$x"!' -- 'cat pg 1'\\''s "$x"!.txt' "pg 1's \\"\\$x\\""'!'" says" main-15`);
  expect('where it runs', await page.locator('figcaption var').first().innerText(), "pg 1's \"$x\"!");

  await copy.nth(1).click();
  await page.getByText('Copied 1 dangerous line').waitFor({ timeout: 5000 }).catch(() => faults.push('a dangerous command is copied in silence'));

  await page.reload();
  expect('the value after a reload', await page.locator('input[name="cluster"]').inputValue(), 'main-15');
  const other = await browser.newContext();
  const fresh = await open(other, address, allowed);
  expect('the value in another session', await fresh.page.locator('input[name="cluster"]').inputValue(), '');
  await other.close();
  await page.locator('.fields [data-clear]').click();
  await page.waitForFunction(() => document.querySelector('var')?.textContent === '<HOST>' || document.querySelector('pre var')?.textContent === '<HOST>');

  const boxes = page.locator('.tick input');
  expect('the steps', await boxes.count(), 3);
  expect('the number of the last step', await page.locator('ol.steps').nth(1).getAttribute('start'), '3');
  await boxes.nth(0).check();
  await boxes.nth(2).check();
  expect('what is done', await page.locator('.run [role="status"]').innerText(), '2 of 3 steps done');
  if (!/^\d\d:\d\d$/.test(await page.locator('.tick time').first().innerText())) faults.push('a tick has no time');
  await page.reload();
  expect('the ticks after a reload', await page.locator('.tick input:checked').count(), 2);
  await page.locator('[data-log]').click();
  await page.getByText('Copied').first().waitFor();
  const log = (await clipboard()).split('\n');
  expect('the first line of the log', log[0], 'Failover: 2 of 3 steps');
  for (const [line, words] of [[2, '1. Look.'], [3, '3. Act.']]) {
    if (!new RegExp(`^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC  ${words.replace('.', '\\.')}$`).test(log[line] ?? '')) faults.push(`the log says ${log[line]}`);
  }
  await page.locator('[data-again]').click();
  expect('the ticks after starting over', await page.locator('.tick input:checked').count(), 0);
  faults.push(...await page.evaluate(() => window.reports));
  check('a runbook is filled in, copied, ticked off and handed over', faults);
  await context.close();
}

/** On paper every command is whole, every step has a box and every link its address. */
export async function paper(browser, { check, open }, address, allowed) {
  const context = await browser.newContext({ viewport: { width: 794, height: 1123 } });
  const { page, faults } = await open(context, address, allowed);
  await page.emulateMedia({ media: 'print' });
  for (const gone of ['.top', '.side', '.fields', '.cmd button', '.run']) {
    for (const element of await page.locator(gone).all()) {
      if (await element.isVisible()) faults.push(`${gone} is printed`);
    }
  }
  const cut = await page.evaluate(() => [...document.querySelectorAll('.cmd pre')].filter((pre) => pre.scrollWidth > pre.clientWidth + 1).length);
  if (cut) faults.push(`${cut} blocks are cut`);
  const after = await page.evaluate(() => [...document.querySelectorAll('.doc a[href^="http"]')].map((link) => getComputedStyle(link, '::after').content));
  if (after.some((content) => !content.includes('http'))) faults.push(`a link has no address: ${after}`);
  const room = await page.evaluate(() => [...document.querySelectorAll('.tick')].every((tick) => getComputedStyle(tick, '::after').content.includes('____')));
  if (!room) faults.push('a step has no room for its time');
  check('paper holds whole commands, boxes and addresses', faults);
  await context.close();
}
