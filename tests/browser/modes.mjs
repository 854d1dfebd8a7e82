// Readers with other screens and settings: narrow, wide, right to left, forced colours, no motion.

/** Looks at some pages in each mode. */
export async function modes(browser, { check, open, accessibility }, address, paths, allowed) {
  const all = {
    '320 px': { viewport: { width: 320, height: 640 } },
    '3840 px': { viewport: { width: 3840, height: 2160 } },
    'forced colours': { viewport: { width: 1440, height: 900 }, forcedColors: 'active' },
    'reduced motion': { viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' },
    'right to left': { viewport: { width: 390, height: 844 } },
    'right to left, wide': { viewport: { width: 1440, height: 900 } },
  };
  for (const [mode, options] of Object.entries(all)) {
    const context = await browser.newContext(options);
    for (const path of paths) {
      const { page, faults } = await open(context, address(path), allowed);
      if (mode.startsWith('right')) {
        await page.evaluate(() => { document.documentElement.dir = 'rtl'; });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        if (wide > 0) faults.push(`scrolls sideways by ${wide}`);
        const code = await page.evaluate(() => [...document.querySelectorAll('pre')].every((pre) => getComputedStyle(pre).direction === 'ltr'));
        if (!code) faults.push('code runs right to left');
      }
      if (mode === 'reduced motion') {
        const moving = await page.evaluate(() => [...document.querySelectorAll('*')].filter((element) => getComputedStyle(element).transitionDuration !== '0s').length);
        if (moving) faults.push(`${moving} elements move`);
      }
      if (mode === 'forced colours') {
        const bare = await page.evaluate(() => [...document.querySelectorAll('.btn:not(.quiet, .menu, .on), .cmd, .state, .chip')]
          .filter((element) => element.checkVisibility() && getComputedStyle(element).borderStyle === 'none').length);
        if (bare) faults.push(`${bare} parts have no border`);
      }
      faults.push(...await accessibility(page));
      check(`${path} in ${mode}`, faults);
      await page.close();
    }
    await context.close();
  }
}
