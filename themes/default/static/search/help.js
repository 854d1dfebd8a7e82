// What may help where nothing was found. Loaded then.

import { editDistance } from './mend.js';
import { compare } from './tokens.js';

/** Longer queries are not tried with a word less. */
const MOST_WORDS = 5;
/** No more values than this are listed in a note. */
const MOST_LISTED = 20;
const LISTED = ['kind', 'fresh'];

/** Queries that may be meant, those with a word less, and pages with titles that are near. */
export async function help(index, files, query) {
  const chunks = query.split(/\p{White_Space}+/u).filter((chunk) => chunk !== '');
  const several = chunks.length > 1 && chunks.length <= MOST_WORDS;
  const fewer = several ? chunks.map((_, at) => chunks.filter((__, other) => other !== at).join(' ')) : [];
  const count = async (text) => ({ text, total: (await index.search(text, { limit: 1 })).total });
  const mended = await Promise.all(chunks.map((chunk) => mendedFilter(files, chunk)));
  const meant = mended.some((chunk, at) => chunk !== chunks[at]) ? [mended.join(' ')] : [];
  const words = await Promise.all([...new Set(fewer)].map(count));
  const starts = chunks.map((chunk) => /[\p{Alphabetic}\p{N}]{3}/u.exec(chunk)?.[0]).filter((start) => start !== undefined);
  const searches = (make) => Promise.all(starts.slice(0, MOST_WORDS).map((start) => index.search(make(start), { limit: 3, prefix: true })));
  let near = await searches((start) => `title:${start} ${start}`);
  if (near.every(({ hits }) => hits.length === 0)) near = await searches((start) => start);
  const titles = new Map(near.flatMap(({ hits }) => hits).map((hit) => [hit.id, hit]));
  return {
    meant: (await Promise.all(meant.map(count))).filter(({ total }) => total > 0),
    words: words.filter(({ total }) => total > 0).sort((a, b) => b.total - a.total).slice(0, 3),
    titles: [...titles.values()].slice(0, 3),
  };
}

/** `kind:runbok` as `kind:runbook`; all else as it is. */
async function mendedFilter(files, chunk) {
  const found = /^(-?)(kind|tag|owner|fresh):([^"]+)$/i.exec(chunk);
  if (found === null) return chunk;
  const [, sign, name, value] = found;
  const key = name.toLowerCase();
  const values = await valuesOf(files, key);
  const meant = values.includes(value) ? value : nearestOf(value, values);
  return meant === null ? chunk : `${sign}${key}:${meant}`;
}

async function valuesOf(files, key) {
  const facts = await files.findAll('f', `${key}:`);
  return facts.map(([fact]) => fact.slice(key.length + 1));
}

/** The end of a note about a value that no page has. */
export async function whatWasMeant(files, key, value) {
  if (key === 'path' || key === 'title') return '';
  const values = await valuesOf(files, key);
  const meant = nearestOf(value, values);
  if (meant !== null) return `; did you mean \`${key}:${meant}\`?`;
  if (key === 'fresh' && values.length === 0) return '; how far pages can be trusted is known after a build';
  if (!LISTED.includes(key) || values.length === 0) return '';
  const more = values.length > MOST_LISTED ? ` and ${values.length - MOST_LISTED} more` : '';
  return `; there are ${values.slice(0, MOST_LISTED).map((known) => `\`${known}\``).join(', ')}${more}`;
}

/** The value that at most a third of the letters are wrong in. */
function nearestOf(value, values) {
  const letters = [...value.toLowerCase()];
  let best = null;
  for (const candidate of values) {
    const others = [...candidate.toLowerCase()];
    const distance = editDistance(letters, others, Math.floor(Math.min(letters.length, others.length) / 3));
    if (distance !== null && (best === null || distance < best.distance || (distance === best.distance && compare(candidate, best.candidate) < 0))) {
      best = { distance, candidate };
    }
  }
  return best?.candidate ?? null;
}
