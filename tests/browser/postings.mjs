// What openings tell search engines: by the types of schema.org, on no other page, and seen by readers too.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';

const MARK = '<script type="application/ld+json">';

/** All values below a value, with the keys that lead there. */
const leaves = (value, keys = []) => (typeof value === 'object' && value !== null
  ? Object.entries(value).flatMap(([key, below]) => leaves(below, [...keys, key]))
  : [{ key: keys.findLast((key) => !/^\d+$/.test(key)), value }]);

/** Lower-case words without commas in numbers, so that `FULL_TIME` is found in `Full time`, `52000` in `52,000`. */
const plain = (text) => String(text).replace(/(\d),(?=\d{3})/g, '$1').replace(/[_\s]+/g, ' ').trim().toLowerCase();

/** Complaints of TypeScript about a posting. */
function complaints(posting, here, work) {
  const require = createRequire(import.meta.url);
  const compiler = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
  const types = join(here, 'node_modules/schema-dts/dist/schema').replaceAll(sep, '/');
  const folder = join(work, 'postings');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'posting.ts');
  writeFileSync(file, `import type { JobPosting, WithContext } from '${types}';\nexport const posting: WithContext<JobPosting> = ${JSON.stringify(posting)};\n`);
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022', '--module', 'esnext', '--moduleResolution', 'bundler'];
  try { execFileSync(process.execPath, [compiler, ...options, file], { stdio: 'pipe' }); } catch (error) { return String(error.stdout).trim().split('\n'); }
  return [];
}

/** Looks at every page of the repository's own knowledge base, on a day on which its openings are open. */
export async function postings(browser, { check, build, html, serve }, { repository, here, work }) {
  const root = build(repository, 'postings-site', '--today', '2026-11-23', '--base-url', 'https://kb.fernhill.example');
  const { origin, stop } = await serve(root, '/');
  const told = html(root).filter((path) => readFileSync(join(root, path), 'utf8').includes(MARK));
  check('openings, and no other page, tell search engines of a job', told.length === 2 && told.every((path) => path.startsWith('jobs/openings/')) ? [] : [`found on ${told.join(', ') || 'no page'}`]);
  for (const path of told) {
    const posting = JSON.parse(readFileSync(join(root, path), 'utf8').split(MARK)[1].split('</script>')[0]);
    check(`/${path}: what is told fits the types of schema.org`, complaints(posting, here, work));
    check(`/${path}: the types find what is wrong`, complaints({ ...posting, datePosted: { '@type': 'Place' } }, here, work).length > 0 ? [] : ['a place passes as a day']);
    const page = await browser.newPage();
    await page.goto(`${origin}/${path.replace('index.html', '')}`);
    const shown = plain(await page.evaluate(() => document.querySelector('main').innerText + [...document.querySelectorAll('main a')].map((link) => ` ${link.href}`).join('')));
    const seen = ({ key, value }) => key.startsWith('@') || key === 'url'
      || (key === 'jobLocationType' ? shown.includes('remote') : key === 'description'
        ? value.replace(/<[^>]*>/g, '\n').split('\n').every((line) => shown.includes(plain(line.replaceAll('&lt;', '<').replaceAll('&amp;', '&'))))
        : shown.includes(plain(value)));
    check(`/${path}: readers see every value`, leaves(posting).filter((leaf) => !seen(leaf)).map(({ key, value }) => `${key}: ${value}`));
    await page.close();
  }
  stop();
}
