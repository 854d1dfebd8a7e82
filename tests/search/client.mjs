// Runs the browser's search outside a browser: `node client.mjs JOBS`. JOBS is a JSON file with
// `{ tokens: [{ language, text }], sites: [{ dir, limit, shown, cold, queries: [{ query, prefix }] }] }`; the answers go to
// stdout, in the same shape. `shown` is the number of hits whose section is looked for. With `cold`, each query is asked of a client that has loaded nothing.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { open } from '../../themes/default/static/search/core.js';
import { Analyzer, learnFolding } from '../../themes/default/static/search/tokens.js';

async function fetch(url) {
  try {
    const bytes = await readFile(fileURLToPath(url));
    return { ok: true, arrayBuffer: async () => bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) };
  } catch {
    return { ok: false };
  }
}

async function answer(index, { query, prefix }, limit, shownHits) {
  const before = index.bytes;
  const results = await index.search(query, { limit, prefix: prefix ?? false });
  const ranked = index.bytes - before;
  const hits = [];
  for (const hit of results.hits) {
    const shown = hit.rank <= shownHits ? await results.show(hit) : { url: hit.url, heading: null, text: '' };
    const bits = new DataView(new ArrayBuffer(4));
    bits.setFloat32(0, hit.score);
    hits.push({ path: hit.path, url: shown.url, bits: bits.getUint32(0), heading: shown.heading, text: shown.text });
  }
  return { total: results.total, corrected: results.corrected, hits, notes: results.notes, bytes: ranked };
}

const jobs = JSON.parse(readFileSync(process.argv[2], 'utf8'));
if (jobs.tokens) await learnFolding();
const tokens = (jobs.tokens ?? []).map(({ language, text }) => (
  new Analyzer(language).tokens(text).map(({ surface, term, position, start, end, role }) => [surface, term, position, start, end, role])
));
const sites = [];
for (const { dir, limit, shown, cold, queries } of jobs.sites ?? []) {
  const base = pathToFileURL(`${dir}/`);
  const answers = [];
  try {
    let index = await open({ base, fetch });
    for (const query of queries) {
      if (cold) index = await open({ base, fetch });
      const opened = cold ? index.bytes : 0;
      const answered = await answer(index, query, limit, shown);
      answers.push({ ...answered, bytes: answered.bytes + opened });
    }
    sites.push({ answers, error: null });
  } catch (error) {
    sites.push({ answers, error: `${error.name}: ${error.message}${error.name === 'Error' ? '' : error.stack}` });
  }
}
process.stdout.write(JSON.stringify({ tokens, sites }));
