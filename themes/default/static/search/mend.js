// A word that stands nowhere → the known word that was meant. Loaded when a word stands nowhere.

import { compare, isLetters } from './tokens.js';

/** The known word that is nearest to one that stands nowhere; else `null`. */
export async function nearest(files, letters) {
  const surface = letters.join('');
  const allowed = letters.length < 7 ? 1 : 2;
  const [first, ...rest] = letters;
  const swapped = [letters[1], first, ...letters.slice(2)].join('');
  const [same, replaced, missing, ...others] = await Promise.all([
    files.findAll('z', first),
    files.find('y', rest.join('')),
    files.find('y', surface),
    ...[rest.join(''), swapped].map((word) => files.find('z', word).then((known) => [word, known])),
  ]);
  /** @type {{ distance: number, other: number, pages: number, word: string } | null} */
  let best = null;
  const offer = (word, pages, distance) => {
    const key = { distance, other: [...word][0] === first ? 0 : 1, pages, word };
    if (distance > 0 && isLetters(word) && (best === null || isNearer(key, best))) best = key;
  };
  for (const [word, { pages }] of same) {
    const candidate = [...word];
    const distance = editDistance(letters, candidate, best === null ? allowed : Math.min(allowed, best.distance));
    if (distance !== null) offer(word, pages, distance);
  }
  for (const { letter, pages } of replaced ?? []) if (letter !== first) offer(letter + rest.join(''), pages, 1);
  for (const { letter, pages } of missing ?? []) if (letter !== first) offer(letter + surface, pages, 1);
  for (const [word, known] of others) if (known !== undefined && [...word][0] !== first) offer(word, known.pages, 1);
  return best?.word ?? null;
}

/** Fewer edits, the same first letter, more pages, the alphabet. */
function isNearer(a, b) {
  return (a.distance - b.distance || a.other - b.other || b.pages - a.pages || compare(a.word, b.word)) < 0;
}

/** The number of insertions, deletions, replacements and swaps of neighbours, if it is at most `within`; else `null`. */
export function editDistance(a, b, within) {
  if (Math.abs(a.length - b.length) > within) return null;
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same += 1;
  const [x, y] = same === 0 ? [a, b] : [a.slice(same), b.slice(same)];
  if (x.length === 0 || y.length === 0) return x.length + y.length;
  if (within < 1) return null;
  const rest = within - 1;
  const tries = [
    editDistance(x.slice(1), y.slice(1), rest), editDistance(x.slice(1), y, rest), editDistance(x, y.slice(1), rest),
    x.length > 1 && y.length > 1 && x[0] === y[1] && x[1] === y[0] ? editDistance(x.slice(2), y.slice(2), rest) : null,
  ].filter((distance) => distance !== null);
  return tries.length === 0 ? null : Math.min(...tries) + 1;
}

