// Random pages of two real knowledge bases, which the theme was not made for: as strict a look as at our own.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Pages of each corpus. */
const PAGES = 50;

const corpora = {
  'gitlab-runbooks': ['title: Runbooks', 'kinds: { runbook: ["docs/**"] }'],
  'gitlab-support': ['title: Support handbook', 'own_hosts: [about.gitlab.com]', 'elsewhere:', '  "/**": https://about.gitlab.com', 'heading_ids: kramdown'],
};

/** The same numbers for the same seed, so that a failure can be looked at again. */
function* random(seed) {
  let state = seed >>> 0;
  for (;;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

function pick(paths, seed) {
  const numbers = random(seed);
  const left = [...paths];
  return Array.from({ length: Math.min(PAGES, left.length) }, () => left.splice(Math.floor(numbers.next().value * left.length), 1)[0]).sort();
}

/** Looks at random pages of both corpora, in both themes, at two widths. */
export async function lookAtCorpora(browser, tools, { shared, work }) {
  const { check, open, accessibility, build, html, isRedirect, serve, validateFile } = tools;
  const seed = Number(process.env.SEED ?? Math.floor(Date.now() / 86400000));
  for (const [name, config] of Object.entries(corpora)) {
    const source = join(shared, name);
    if (!existsSync(source)) {
      const claim = `the corpus ${name} is there`;
      if (process.env.DOCENT_REQUIRE_ALL) check(claim, [`${source} is missing`]);
      else console.log(`not looked at: ${source} is missing`);
      continue;
    }
    const settings = join(work, `${name}.yaml`);
    writeFileSync(settings, `${config.join('\n')}\n`);
    const root = build(source, name, '--config', settings, '--base-url', 'http://127.0.0.1/');
    const { origin, stop } = await serve(root, '/');
    const all = html(root).filter((path) => !isRedirect(readFileSync(join(root, path), 'utf8')));
    const paths = pick(all, seed);
    console.log(`${name}: ${paths.length} of ${all.length} pages, SEED=${seed}`);
    for (const path of paths) await validateFile(name, root, path);
    for (const width of [390, 1440]) {
      for (const colorScheme of ['light', 'dark']) {
        const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
        for (const path of paths) {
          const url = `${origin}/${path.split('/').map(encodeURIComponent).join('/').replace(/(^|\/)index\.html$/, '$1')}`;
          const { page, faults } = await open(context, url, `${origin}/`);
          const said = `${name}: /${path} at ${width} px, ${colorScheme}`;
          check(`${said}: nothing is said, asked or cut`, faults);
          check(`${said}: axe finds nothing`, await accessibility(page));
          await page.close();
        }
        await context.close();
      }
    }
    await copiesOf(browser, tools, name, root, origin, all);
    stop();
  }
}

/** Presses every copy button of every page: what comes is commands, and nothing else. */
async function copiesOf(browser, { check }, name, root, origin, paths) {
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  const faults = [];
  let pressed = 0;
  for (const path of paths) {
    const text = readFileSync(join(root, path), 'utf8');
    if (!text.includes('class="cmd wrap')) continue;
    await page.goto(`${origin}/${path.split('/').map(encodeURIComponent).join('/')}`);
    const found = await page.evaluate(async () => {
      const copied = [];
      // Placeholders stay as they are: the value of each field is what stands there.
      for (const input of document.querySelectorAll('.fields input')) {
        input.value = 'X1';
        input.dataset.pattern = '.*';
        input.dispatchEvent(new Event('input', { bubbles: true }));
      }
      for (const button of document.querySelectorAll('.cmd.wrap figcaption button')) {
        let given = null;
        Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText: async (text) => { given = text; } } });
        button.click();
        await Promise.resolve();
        const outputs = [...button.closest('figure').querySelectorAll('samp, .pr')].map((element) => element.textContent.trim()).filter((text) => text.length > 20);
        copied.push({ given, outputs });
      }
      return copied;
    });
    for (const { given, outputs } of found) {
      pressed += 1;
      if (given === null) faults.push(`/${path}: a button gave nothing`);
      else if (/^\s*(\$>?|[\w.-]+@[\w.-]+:\S*[$#]|\w+=[#>]) /m.test(given)) faults.push(`/${path}: a prompt in ${JSON.stringify(given.slice(0, 100))}`);
      else if (/[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00a0]/.test(given)) faults.push(`/${path}: a character that nobody sees`);
      else if (outputs.some((output) => given.includes(output))) faults.push(`/${path}: output in ${JSON.stringify(given.slice(0, 100))}`);
    }
  }
  console.log(`${name}: ${pressed} copy buttons of commands pressed`);
  if (name === 'gitlab-runbooks' && pressed < 515) faults.push(`only ${pressed} buttons`);
  check(`${name}: every copy button gives commands alone`, faults);
  await context.close();
}
