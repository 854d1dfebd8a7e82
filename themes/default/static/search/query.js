// What a person typed or pasted → what is searched for, as src/search/README.md specifies.

import { byteLength, compounds, trim } from './tokens.js';

const MAX_QUERY_BYTES = 1000;
const MAX_WORDS = 64;
const MAX_TEXT_BYTES = 64 << 10;
const LONG = 240;
export const KEYS = ['kind', 'tag', 'owner', 'path', 'title', 'fresh'];
const EXAMPLES = { kind: 'runbook', tag: 'redis', owner: 'team-db', path: 'runbooks/', title: 'disk', fresh: 'trusted' };
const QUOTE = /["“”„]/u;
const SPACE = /\p{White_Space}/u;
const WORD = /[\p{Alphabetic}\p{N}]/u;

/** Reads a query: `{ words, must, not, filters, notes }`. With `prefix` the last word may be the beginning of one. */
export async function parse(text, prefix) {
  const query = { words: [], must: [], not: [], filters: [], notes: [] };
  const looked = cutBytes(text, MAX_TEXT_BYTES);
  let cut = looked.length < text.length;
  if (isPasted(looked)) {
    const { pastedWords } = await import('./paste.js');
    const pasted = pastedWords(looked);
    query.words = pasted.words;
    cut = cut || pasted.more;
  } else {
    readItems(query, looked);
  }
  cut = cutQuery(query) || cut;
  if (cut) query.notes.push(`the query is long; ${query.words.length} words of it were searched`);
  const last = query.words.at(-1);
  if (prefix && last?.range?.end === text.length) last.prefix = true;
  return query;
}

/** Whether a text was pasted rather than typed. */
function isPasted(text) {
  const trimmed = trim(text);
  return trimmed.includes('\n') || byteLength(trimmed) > LONG || trimmed.includes('alertname') || startsJson(trimmed);
}

/** Whether a text looks like JSON. */
export const startsJson = (text) => /^\p{White_Space}*[{[]\p{White_Space}*["{}\]]/u.test(text);

function cutBytes(text, limit) {
  if (text.length * 3 <= limit || byteLength(text) <= limit) return text;
  let [at, bytes] = [0, 0];
  for (const character of text) {
    bytes += byteLength(character);
    if (bytes > limit) break;
    at += character.length;
  }
  return text.slice(0, at);
}

function readItems(query, text) {
  let at = 0;
  const noise = [];
  let firstExcluded = null;
  for (;;) {
    const start = skip(text, at, SPACE);
    if (start === text.length) break;
    const first = at === 0;
    const item = readItem(text, start, first);
    at = item.end;
    const key = /^(.*):$/s.exec(text.slice(start, at))?.[1].toLowerCase();
    if (KEYS.includes(key) && isAsciiName(text.slice(start, at))) {
      query.notes.push(`\`${key}:\` filters only with its value right behind it, as in \`${key}:${EXAMPLES[key]}\``);
    }
    if (first && text[start] === '-' && isExcludedWord(text.slice(start + 1)) && isPlain(item)) {
      firstExcluded = { ...unsigned(text, start + 1), sign: '-', behind: at };
    }
    if (isPlain(item) && isAddressOrHash(text.slice(item.from, item.to))) noise.push(item);
    else add(query, text, item);
  }
  // `-bash: foo: not found` is text, but nothing else can be meant by `-foo` alone.
  if (firstExcluded !== null && noise.length === 0
    && query.words.every((word) => word.range !== null && word.range.end <= firstExcluded.behind)) {
    query.words = [];
    add(query, text, firstExcluded);
  }
  // The address in an error line says nothing, unless it is all there is.
  if (query.words.length === 0) for (const item of noise) add(query, text, item);
}

// eslint-disable-next-line no-control-regex
const isAsciiName = (text) => /^[\x00-\x7F]*$/.test(text);
const isPlain = (item) => item.sign === '' && item.key === null;

function skip(text, from, what) {
  let at = from;
  while (at < text.length && what.test(String.fromCodePoint(text.codePointAt(at)))) at += text.codePointAt(at) > 0xFFFF ? 2 : 1;
  return at;
}

function endOfChunk(text, start) {
  let at = start;
  while (at < text.length && !SPACE.test(text[at])) at += 1;
  return at;
}

/** `-word` leaves pages out; `-n`, `-rf` and `--force` are parts of a pasted command. */
const isExcludedWord = (rest) => /^(?:["“”„]|[\p{Alphabetic}\p{N}]{3})/u.test(rest);

function readItem(text, start, first) {
  if (text[start] === '-' && ((isExcludedWord(text.slice(start + 1)) && !first) || filter(text, start + 1) !== null)) {
    return { ...unsigned(text, start + 1), sign: '-' };
  }
  if (text[start] === '+' && /^[\p{Alphabetic}\p{N}"“”„]/u.test(text.slice(start + 1))) {
    return { ...unsigned(text, start + 1), sign: '+' };
  }
  return unsigned(text, start);
}

function unsigned(text, start) {
  const found = filter(text, start);
  if (found !== null) return found;
  const phrase = quoted(text, start);
  if (phrase !== null) return { sign: '+', key: null, ...phrase };
  const end = endOfChunk(text, start);
  // A pasted file name is meant without what all names end in.
  const to = text.slice(start, end).endsWith('.md') ? end - 3 : end;
  return { sign: '', key: null, from: start, to, end };
}

function filter(text, start) {
  const chunk = text.slice(start, endOfChunk(text, start));
  const colon = chunk.indexOf(':');
  if (colon < 0) return null;
  const key = chunk.slice(0, colon).toLowerCase();
  if (!KEYS.includes(key) || !isAsciiName(chunk.slice(0, colon))) return null;
  const at = start + colon + 1;
  const value = quoted(text, at) ?? { from: at, to: start + chunk.length, end: start + chunk.length };
  return WORD.test(text.slice(value.from, value.to)) ? { sign: '', key, ...value } : null;
}

/** A phrase in quotes that starts here and whose closing quote ends a word. */
function quoted(text, start) {
  if (start >= text.length || !QUOTE.test(text[start])) return null;
  const length = text.slice(start + 1).search(QUOTE);
  if (length < 0) return null;
  const close = start + 1 + length;
  const ends = close + 1 === text.length || SPACE.test(text[close + 1]);
  return ends && WORD.test(text.slice(start + 1, close)) ? { from: start + 1, to: close, end: close + 1 } : null;
}

function add(query, text, item) {
  const value = text.slice(item.from, item.to);
  if (item.key !== null) {
    query.filters.push({ key: item.key, value, not: item.sign === '-' });
    if (item.key === 'title' && item.sign !== '-') addWords(query, text, item);
  } else if (item.sign === '-') {
    query.not.push(value);
  } else {
    if (item.sign === '+') query.must.push(value);
    addWords(query, text, item);
  }
}

function addWords(query, text, { from, to }) {
  const slice = text.slice(from, to);
  for (const { start, end } of compounds(slice)) {
    query.words.push({ text: slice.slice(start, end), range: { start: from + start, end: from + end }, prefix: false, subject: false });
  }
}

function cutQuery(query) {
  let [bytes, kept] = [0, 0];
  for (const word of query.words.slice(0, MAX_WORDS)) {
    bytes += byteLength(word.text) + 1;
    if (bytes > MAX_QUERY_BYTES) break;
    kept += 1;
  }
  let cut = kept < query.words.length;
  query.words.length = kept;
  for (const list of ['must', 'not']) {
    const short = query[list].filter((text) => byteLength(text) <= MAX_QUERY_BYTES).slice(0, MAX_WORDS);
    cut = cut || short.length < query[list].length;
    query[list] = short;
  }
  cut = cut || query.filters.length > MAX_WORDS;
  query.filters = query.filters.slice(0, MAX_WORDS);
  return cut;
}

/** Whether a word differs from one occurrence of a fault to the next. */
export function isNoise(text) {
  let [letters, digits, separators, hexadecimal] = [0, 0, 0, true];
  for (const character of text) {
    if (/[0-9]/.test(character)) digits += 1;
    else if (/[a-fA-F]/.test(character)) letters += 1;
    else if ('-:./+,TZ'.includes(character)) separators += 1;
    else hexadecimal = false;
  }
  if (digits === 0) return false;
  const hash = hexadecimal && letters + digits >= 8 && letters > 0;
  const number = hexadecimal && letters === 0 && (separators > 0 || digits === 1 || digits > 3);
  return hash || number || text.startsWith('0x');
}

/** Noise that cannot be meant in a typed query, unlike a year, a port or a version. */
function isAddressOrHash(text) {
  const separators = [...text].filter((c) => '.:/-'.includes(c)).length;
  return isNoise(text) && (separators >= 3 || /[a-zA-Z]/.test(text));
}
