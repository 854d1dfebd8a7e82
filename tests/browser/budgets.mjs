// What pages weigh and how fast they are there, against the budgets of the theme.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const packed = (bytes) => gzipSync(bytes, { level: 9 }).length;

/** Bytes after gzip: styles, scripts, and each page of ours, which is to arrive in the first flight. */
export function sizes({ check }, root, pages) {
  const theme = join(root, 'docent');
  const files = readdirSync(theme, { recursive: true });
  const size = (names) => names.reduce((sum, name) => sum + packed(readFileSync(join(theme, name))), 0);
  const css = files.filter((name) => name.endsWith('.css'));
  const within = (what, bytes, limit) => {
    console.log(`${what}: ${bytes} of ${limit} bytes`);
    check(`${what} weigh at most ${limit} bytes`, bytes <= limit ? [] : [`${bytes} bytes`]);
  };
  within('all styles', size(css), 12_000);
  within('scripts before the first paint', size(['theme.js']), 1_000);
  within('scripts of a page without commands', size(files.filter((name) => name === 'theme.js' || name === 'page.js' || /^search\/[^/]*\/?page\.js$/.test(name))), 4_000);
  const search = (name) => files.find((file) => file.startsWith('search/') && file.endsWith(`/${name}`));
  within('scripts and style of the search until titles are there', size(['page.js', 'core.js', 'dialog.js', 'search.css'].map(search)), 22_000);
  for (const path of pages) {
    const bytes = packed(readFileSync(join(root, path)));
    check(`/${path} arrives in the first flight`, bytes <= 14_000 ? [] : [`${bytes} bytes`]);
  }
}

/** A phone on a slow network: what counts is when the largest part is there, and that nothing moves. */
export async function speed(browser, { check }, origin, paths) {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  for (const path of paths) {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.setCacheDisabled', { cacheDisabled: true });
    // Lighthouse's slow 4G: 150 ms, 1.6 Mbit/s; a processor four times slower.
    await session.send('Network.emulateNetworkConditions', { offline: false, latency: 150, downloadThroughput: 1_638_400 / 8, uploadThroughput: 750_000 / 8 });
    await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    await page.addInitScript(() => {
      window.shifts = 0;
      window.largest = 0;
      new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.shifts += entry.value; }).observe({ type: 'layout-shift', buffered: true });
      new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.largest = entry.startTime; }).observe({ type: 'largest-contentful-paint', buffered: true });
    });
    await page.goto(origin + path, { waitUntil: 'load' });
    // Images that wait until the reader comes near.
    await page.evaluate(async () => {
      for (let at = 0; at < document.documentElement.scrollHeight; at += innerHeight) {
        scrollTo({ top: at, behavior: 'instant' });
        await new Promise((done) => { setTimeout(done, 150); });
      }
    });
    await page.waitForTimeout(600);
    const { shifts, largest } = await page.evaluate(() => ({ shifts: window.shifts, largest: window.largest }));
    console.log(`${path} on slow 4G: largest part after ${Math.round(largest)} ms, shift ${shifts}`);
    check(`${path} does not move while it loads`, shifts === 0 ? [] : [`layout shift ${shifts}`]);
    check(`${path} is there soon on a slow phone`, largest > 0 && largest <= 2500 ? [] : [`the largest part is there after ${largest} ms`]);
    await page.close();
  }
  await context.close();
}
