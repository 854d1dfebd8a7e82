// The search as a reader uses it: by keyboard and by pointer, in both themes, under a path, without storage, with what
// nobody should type. Used by `run.mjs`.

const WAIT = { timeout: 10_000 };

/** Checks the search of a served site. `tools` are those of `run.mjs`. */
export async function searches(browser, tools, { name, address, allowed, query, hostile }) {
  const { check, open, accessibility } = tools;
  const home = address('index.html');

  for (const colorScheme of ['light', 'dark']) {
    const context = await browser.newContext({ colorScheme });
    const { page, faults } = await open(context, home, allowed);
    const input = page.locator('dialog.search input');
    const rows = page.locator('dialog.search [role="option"]');
    const seek = page.locator('.top a.seek');
    await seek.focus();
    await page.keyboard.press('/');
    await input.waitFor(WAIT);
    await page.keyboard.type(query);
    await rows.first().waitFor(WAIT);
    await page.waitForFunction(() => [...document.querySelectorAll('.hit.sub small')].some((text) => text.querySelector('mark')), null, WAIT);
    // It is told after the rows are there, so that a screen reader does not read each letter's hits.
    await page.getByRole('status').filter({ hasText: /^\d+ pages?$/ }).first().waitFor({ ...WAIT, state: 'attached' }).catch(() => faults.push('the number of pages is not told'));
    const active = () => input.getAttribute('aria-activedescendant');
    const first = await active();
    await page.keyboard.press('ArrowDown');
    if (first === null || await active() === first) faults.push('the arrow does not move');
    if (await page.locator('dialog.search [aria-selected="true"]').count() !== 1) faults.push('not one row is selected');
    await page.locator('dialog.search .filters button').first().waitFor(WAIT);
    check(`${name}, ${colorScheme}: the dialog with hits: axe finds nothing`, await accessibility(page));
    await page.keyboard.press('Escape');
    if (await page.locator('dialog.search').isVisible()) faults.push('Escape does not close it');
    if (!await seek.evaluate((element) => element === document.activeElement)) faults.push('the focus is lost');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('zzqzzq xxqxxq');
    await page.locator('dialog.search .none b').waitFor(WAIT);
    check(`${name}, ${colorScheme}: the dialog without hits: axe finds nothing`, await accessibility(page));
    check(`${name}, ${colorScheme}: the search works by keyboard`, faults);
    await context.close();
  }

  {
    const context = await browser.newContext();
    const { page, faults } = await open(context, home, allowed);
    await page.keyboard.press('/');
    await page.locator('dialog.search input').waitFor(WAIT);
    await page.keyboard.type(query);
    await page.locator('dialog.search .hit.sub mark').first().waitFor(WAIT);
    const target = await page.locator('dialog.search [role="option"]').nth(1).getAttribute('href');
    await page.keyboard.press('ArrowDown');
    await Promise.all([page.waitForURL(target, WAIT), page.keyboard.press('Enter')]);
    await page.waitForFunction(() => CSS.highlights.get('docent-search')?.size > 0, null, WAIT)
      .catch(() => faults.push('nothing is marked on the page that was found'));
    await page.keyboard.press('/');
    await page.locator('dialog.search [role="option"]').first().waitFor(WAIT).catch(() => faults.push('the search is not kept as a recent one'));
    check(`${name}: Enter leads to the section, its words are marked, and the search is kept`, faults);
    await context.close();
  }

  {
    const context = await browser.newContext();
    const { page, faults } = await open(context, home, allowed);
    await page.keyboard.press('/');
    await page.locator('dialog.search input').waitFor(WAIT);
    await page.waitForLoadState('networkidle');
    // Answers are held back until nothing more is asked for, so each release is one round trip.
    const held = [];
    await page.route('**/s/**', (route) => held.push(route));
    await page.keyboard.type(query, { delay: 0 });
    const rows = page.locator('dialog.search .hit.page');
    let rounds = 0;
    while (await rows.count() === 0 && rounds < 9) {
      let seen = -1;
      while (held.length === 0 || held.length !== seen) {
        seen = held.length;
        await page.waitForTimeout(400);
      }
      rounds += 1;
      await Promise.all(held.splice(0).map((route) => route.continue()));
      await page.waitForTimeout(400);
    }
    if (rounds > 2) faults.push(`${rounds} round trips until the titles are there`);
    check(`${name}: titles are there after two round trips`, faults);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await context.close();
  }

  {
    const context = await browser.newContext();
    const { page, faults } = await open(context, `${address('search/index.html')}?q=${encodeURIComponent(query)}`, allowed);
    const rows = page.locator('[data-search] .hit.page');
    await rows.first().waitFor(WAIT);
    const filter = page.locator('[data-search] .filters button').nth(1);
    await filter.waitFor(WAIT);
    const count = Number(await filter.locator('.num').innerText());
    await filter.click();
    await page.waitForFunction(() => document.querySelector('[data-search] .filters button:nth-child(2)')?.getAttribute('aria-pressed') === 'true', null, WAIT);
    const told = await page.locator('[data-search] [role="status"]').innerText();
    if (Number.parseInt(told, 10) !== count) faults.push(`the filter says ${count}, the result ${told}`);
    check(`${name}: the page of results: axe finds nothing`, await accessibility(page));
    await page.locator('[data-search] input').fill('');
    await page.locator('[data-search] input').pressSequentially('postg');
    await page.waitForURL(/[?&]q=postg/, WAIT).catch(() => faults.push('the address does not hold the query'));
    check(`${name}: the page of results answers its address, filters, and can be shared`, faults);
    await context.close();
  }

  {
    const context = await browser.newContext();
    await context.addInitScript(() => {
      for (const kind of ['localStorage', 'sessionStorage']) {
        Object.defineProperty(window, kind, { get() { throw new DOMException('blocked', 'SecurityError'); } });
      }
    });
    const { page, faults } = await open(context, home, allowed);
    await page.keyboard.press('/');
    await page.locator('dialog.search input').waitFor(WAIT);
    for (const text of [query, ...hostile]) {
      await page.locator('dialog.search input').fill(text);
      await page.waitForFunction(() => document.querySelector('dialog.search [role="status"]').textContent !== '', null, WAIT);
      await page.locator('dialog.search .hit, dialog.search .none p').first().waitFor(WAIT).catch(() => faults.push(`no answer to ${text.slice(0, 40)}`));
    }
    if (await page.evaluate(() => window.injected === true || document.querySelector('dialog img, dialog script') !== null)) faults.push('something was injected');
    faults.push(...(await page.evaluate(() => window.reports)).map((report) => `policy: ${report}`));
    check(`${name}: storage may be blocked, and what nobody should type is text`, faults);
    await context.close();
  }
}
