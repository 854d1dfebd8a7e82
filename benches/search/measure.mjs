// Asks one search of one site: `node measure.mjs TOOL JOB`; search.py calls it. JOB is a JSON file with
// `{ site, work, packages, titles, sets: { name: [{ query, pages }] } }`: a built site of Docent's, a folder to work in,
// where the other tools are, how many titles to draw, and queries with the paths of their right pages. `pages` comes
// before the other tools and writes the pages for them, from the texts that Docent's own index holds, so that all search
// the same. The answer is JSON on stdout.
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

const DEPTH = 10;
const [tool, jobFile] = process.argv.slice(2);
const job = JSON.parse(readFileSync(jobFile, 'utf8'));
const docsFile = join(job.work, 'pages.json');
const gzipped = (content) => gzipSync(content, { level: 9 }).length;
const now = () => performance.now();

/** `fetch` for files, as a server would send them. */
function fileFetch(counter) {
  return async (url) => {
    try {
      const bytes = await readFile(fileURLToPath(url));
      counter.bytes += bytes.length;
      counter.requests += 1;
      return new Response(bytes);
    } catch {
      return new Response(null, { status: 404 });
    }
  };
}

function summary(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const mean = sorted.reduce((sum, number) => sum + number, 0) / Math.max(sorted.length, 1);
  return { mean, p95: sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.95))] ?? 0 };
}

/** Asks all queries of `find`, which gives paths, and compares with the right ones. */
async function quality(find) {
  const measures = {};
  const times = [];
  for (const [name, queries] of Object.entries(job.sets)) {
    const ranks = [];
    for (const { query, pages } of queries) {
      const start = now();
      const paths = await find(query, name);
      times.push(now() - start);
      const at = paths.slice(0, DEPTH).findIndex((path) => pages.includes(path));
      ranks.push(at + 1);
    }
    const share = (worth) => ranks.reduce((sum, rank) => sum + (rank === 0 ? 0 : worth(rank)), 0) / Math.max(ranks.length, 1);
    measures[name] = { mrr: share((rank) => 1 / rank), success_1: share((rank) => (rank === 1 ? 1 : 0)), success_10: share(() => 1) };
  }
  return { measures, milliseconds: summary(times) };
}

function sizeOf(folder) {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    return sum + (entry.isDirectory() ? sizeOf(path) : statSync(path).size);
  }, 0);
}

const client = (name) => import(pathToFileURL(join(engineFolder(), name)));

function engineFolder() {
  const folder = join(job.site, 'docent/search');
  return join(folder, readdirSync(folder)[0]);
}

/** The scripts that run before titles are there, and the style. */
function engineBytes() {
  const folder = engineFolder();
  const found = new Set();
  const follow = (name) => {
    if (found.has(name)) return;
    found.add(name);
    const text = readFileSync(join(folder, name), 'utf8');
    for (const [, other] of text.matchAll(/^import .*from '\.\/(.+)';$/gmu)) follow(other);
  };
  ['page.js', 'dialog.js'].forEach(follow);
  const styles = readdirSync(folder).filter((name) => name.endsWith('.css'));
  return [...found, ...styles].reduce((sum, name) => sum + gzipped(readFileSync(join(folder, name))), 0);
}

const escaped = (text) => text.replace(/&/gu, '&amp;').replace(/</gu, '&lt;');

/** The pages as the index holds them. */
async function* documents() {
  const { Files } = await client('files.js');
  const files = await new Files(pathToFileURL(`${job.site}/`), fileFetch({ bytes: 0, requests: 0 })).open();
  for (let id = 0; id < files.root.documents; id += 1) {
    const [{ path, title }, { description, sections }] = await Promise.all([files.page(id), files.text(id)]);
    // Documents are read once; what the client remembers of them would only fill the memory.
    yield { id, path, title, description, sections };
  }
}

const bytesOf = ({ description, sections }) => [description, ...sections.flatMap(({ heading, text }) => [heading, text])]
  .reduce((sum, text) => sum + Buffer.byteLength(text), 0);

/** How many pages there are, how many bytes of text, and titles to ask for, as they are and without a letter. */
async function text() {
  const found = { pages: 0, text: 0 };
  const titles = [];
  for await (const page of documents()) {
    found.pages += 1;
    found.text += bytesOf(page);
    titles.push({ query: page.title.toLowerCase(), pages: [page.path] });
  }
  const asked = titles.filter((_, at) => at % Math.ceil(titles.length / job.titles) === 0);
  const withSlip = ({ query, pages: right }) => {
    const longest = query.split(' ').reduce((one, other) => (other.length > one.length ? other : one), '');
    const middle = longest.length >> 1;
    return { query: query.replace(longest, longest.slice(0, middle) + longest.slice(middle + 1)), pages: right };
  };
  return { ...found, sets: { items: asked, typos: asked.map(withSlip) } };
}

/** The same, and the pages written for the other tools. */
async function pages() {
  const docs = [];
  const found = { pages: 0, text: 0 };
  for await (const page of documents()) {
    const { id, path, title, description, sections } = page;
    found.pages += 1;
    found.text += bytesOf(page);
    const headings = sections.map(({ heading }) => heading).filter((heading) => heading !== '' && heading !== title);
    docs.push({ id, path, title, headings: headings.join('\n'), text: [description, ...sections.map(({ text: says }) => says)].join('\n') });
    const body = sections.map(({ heading, text: says }) => (
      `${heading === '' || heading === title ? '' : `<h2>${escaped(heading)}</h2>`}<p>${escaped(says).replace(/\n/gu, '</p><p>')}</p>`
    ));
    const folder = join(job.work, 'html', String(id));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'index.html'), `<!doctype html><html lang="en"><head><title>${escaped(title)}</title></head>`
      + `<body data-pagefind-body><h1>${escaped(title)}</h1>${body.join('')}</body></html>`);
  }
  writeFileSync(docsFile, JSON.stringify(docs));
  return found;
}

async function docent() {
  const { open } = await client('core.js');
  const base = pathToFileURL(`${job.site}/`);
  const engine = engineBytes();
  const cold = {};
  for (const [name, queries] of Object.entries(job.sets)) {
    const [bytes, requests, times] = [[], [], []];
    for (const { query } of queries) {
      const counter = { bytes: 0, requests: 0 };
      const start = now();
      const index = await open({ base, fetch: fileFetch(counter) });
      await index.search(query, { limit: DEPTH, prefix: true });
      times.push(now() - start);
      bytes.push(counter.bytes + engine);
      requests.push(counter.requests);
    }
    cold[name] = { bytes: summary(bytes), requests: summary(requests), milliseconds: summary(times) };
  }
  const index = await open({ base, fetch: fileFetch({ bytes: 0, requests: 0 }) });
  const find = async (query) => (await index.search(query, { limit: DEPTH })).hits.map(({ path }) => path);
  await quality(find);
  const found = await quality(find);
  const folder = join(job.site, JSON.parse(readFileSync(join(job.site, 'search.json'), 'utf8')).folder);
  const tables = Object.fromEntries(readdirSync(folder).map((name) => {
    const path = join(folder, name);
    return [name, statSync(path).isDirectory() ? sizeOf(path) : statSync(path).size];
  }));
  return { ...found, size: sizeOf(folder), tables, engine, cold };
}

async function pagefind() {
  const folder = join(job.work, 'html/pagefind');
  const script = readFileSync(join(folder, 'pagefind.js'));
  const counter = { bytes: 0, requests: 0 };
  const fetchFile = fileFetch(counter);
  globalThis.fetch = (url) => fetchFile(new URL(String(url).replace(/\?.*$/u, '').replace('https://site.example/', `${pathToFileURL(folder)}/`)));
  globalThis.document = { currentScript: null, querySelector: () => ({ getAttribute: () => 'en' }) };
  const { createInstance } = await import(pathToFileURL(join(folder, 'pagefind.js')));
  const paths = new Map(JSON.parse(readFileSync(docsFile, 'utf8')).map(({ id, path }) => [id, path]));
  const instance = () => createInstance({ basePath: 'https://site.example/' });
  const find = async (index, query) => {
    const { results } = await index.search(query);
    const shown = await Promise.all(results.slice(0, DEPTH).map((result) => result.data()));
    return shown.map(({ raw_url: raw, url }) => paths.get(Number(/\/(\d+)\//u.exec(raw ?? url)[1])));
  };
  const engine = gzipped(script);
  const cold = {};
  for (const [name, queries] of Object.entries(job.sets)) {
    const bytes = [];
    for (const { query } of queries) {
      counter.bytes = 0;
      const index = instance();
      await find(index, query);
      bytes.push(counter.bytes + engine);
      await index.destroy();
    }
    cold[name] = { bytes: summary(bytes) };
  }
  const index = instance();
  const found = await quality((query) => find(index, query));
  const own = ['index', 'fragment'].reduce((sum, name) => sum + sizeOf(join(folder, name)), 0);
  const meta = readdirSync(folder).filter((name) => name.endsWith('.pf_meta')).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  return { ...found, size: own + meta, engine, cold };
}

const FIELDS = ['title', 'headings', 'text'];
const BOOST = { title: 5, headings: 2, text: 1 };

/** A search that loads its whole index: how it is built, written, and asked. */
const WHOLE = {
  async minisearch(docs) {
    const { default: MiniSearch } = await import('minisearch');
    const index = new MiniSearch({ fields: FIELDS, storeFields: ['title', 'path'], searchOptions: { boost: BOOST } });
    index.addAll(docs);
    const find = (query, set) => index.search(query, set === 'typos' ? { fuzzy: 0.2 } : {}).map(({ path }) => path);
    return { written: JSON.stringify(index), find, library: 'minisearch/dist/umd/index.js' };
  },
  async lunr(docs) {
    const { default: lunr } = await import('lunr');
    const index = lunr(function configure() {
      this.ref('id');
      FIELDS.forEach((field) => this.field(field, { boost: BOOST[field] }));
      docs.forEach((doc) => this.add(doc));
    });
    const stored = docs.map(({ title, path }) => [title, path]);
    const find = (query, set) => {
      const found = index.query((asked) => lunr.tokenizer(query).forEach((token) => {
        asked.term(token.toString(), {});
        if (set === 'typos') asked.term(token.toString(), { editDistance: 1, usePipeline: false, boost: 0.5 });
      }));
      return found.map(({ ref }) => docs[Number(ref)].path);
    };
    return { written: JSON.stringify([index, stored]), find, library: 'lunr/lunr.min.js' };
  },
  async elasticlunr(docs) {
    const { default: elasticlunr } = await import('elasticlunr');
    const index = elasticlunr(function configure() {
      this.setRef('id');
      FIELDS.forEach((field) => this.addField(field));
      this.saveDocument(false);
    });
    docs.forEach((doc) => index.addDoc(doc));
    const fields = Object.fromEntries(FIELDS.map((field) => [field, { boost: BOOST[field] }]));
    const stored = docs.map(({ title, path }) => [title, path]);
    const find = (query, set) => index.search(query, { fields, expand: set === 'typos' }).map(({ ref }) => docs[Number(ref)].path);
    return { written: JSON.stringify([index, stored]), find, library: 'elasticlunr/elasticlunr.min.js' };
  },
};

async function whole(name) {
  const docs = JSON.parse(readFileSync(docsFile, 'utf8'));
  const start = now();
  const { written, find, library } = await WHOLE[name](docs);
  const seconds = (now() - start) / 1000;
  const size = gzipped(written);
  const engine = gzipped(readFileSync(join(job.packages ?? dirname(fileURLToPath(import.meta.url)), 'node_modules', library)));
  const bytes = { mean: size + engine, p95: size + engine };
  return { ...await quality(find), size, engine, cold: { items: { bytes }, typos: { bytes } }, seconds };
}

const run = { text, pages, docent, pagefind }[tool] ?? (() => whole(tool));
process.stdout.write(JSON.stringify(await run()));
