// Text → tokens, as src/search/README.md specifies.

import { english } from './english.js';

/** A term longer than this, in bytes, is not looked up. */
export const MAX_TERM_BYTES = 1000;
const MAX_PARTS = 12;

const RUN = /[\p{Alphabetic}\p{N}][\p{Alphabetic}\p{N}\p{M}]*/gu;
const STARTS_RUN = /^[\p{Alphabetic}\p{N}]/u;
const LETTERS = /^\p{Alphabetic}*$/u;
// Scripts written without spaces between words: Han, Kana, Hangul.
const UNSPACED = '\\u1100-\\u11FF\\u3005-\\u3007\\u3040-\\u30FF\\u3130-\\u318F\\u31F0-\\u31FF\\u3400-\\u4DBF\\u4E00-\\u9FFF'
  + '\\uA960-\\uA97F\\uAC00-\\uD7FF\\uF900-\\uFAFF\\uFF66-\\uFFDC\\u{20000}-\\u{3FFFF}';
const IS_UNSPACED = new RegExp(`^[${UNSPACED}]`, 'u');
const MARK = /^\p{M}/u;
const DROPPED = /[^\p{Alphabetic}\p{N}\p{M}]|(?!\p{Alphabetic})[\u0300-\u036F]/gu;
// eslint-disable-next-line no-control-regex
const ASCII = /^[\x00-\x7F]*$/;

export const isAscii = (text) => ASCII.test(text);
export const isLetters = (text) => LETTERS.test(text);
export const trim = (text) => text.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, '');

/** The order of texts as bytes: by code points. */
export function compare(a, b) {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const [x, y] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (x !== y) {
      // Halves of characters beyond 16 bits come after everything else.
      const half = (unit) => (unit >= 0xD800 && unit <= 0xDFFF ? 1 : 0);
      return half(x) - half(y) || x - y;
    }
  }
  return a.length - b.length;
}

/** Length in UTF-8. */
export function byteLength(text) {
  if (isAscii(text)) return text.length;
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0);
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}

/** The compounds of a text: `{ start, end, parts: [{ start, end, role }], joined }`. */
export function* compounds(text) {
  let at = 0;
  for (;;) {
    let run = nextRun(text, at);
    if (run === null) return;
    const compound = { start: run.start, end: run.end, parts: [], joined: true };
    for (;;) {
      compound.end = run.end;
      splitRun(text, run, compound);
      const connector = text[compound.end];
      const connected = (connector === '_' || connector === '-') && STARTS_RUN.test(text.slice(compound.end + 1, compound.end + 3));
      if (!connected) break;
      run = nextRun(text, compound.end);
    }
    compound.joined = compound.joined && compound.parts.length > 1 && compound.parts.length <= MAX_PARTS;
    yield compound;
    at = compound.end;
  }
}

function nextRun(text, from) {
  RUN.lastIndex = from;
  const found = RUN.exec(text);
  return found === null ? null : { start: found.index, end: found.index + found[0].length };
}

function splitRun(text, run, compound) {
  if (isAscii(text.slice(run.start, run.end))) {
    splitHumps(text, run.start, run.end, compound);
    return;
  }
  let start = run.start;
  while (start < run.end) {
    const unspaced = IS_UNSPACED.test(text.slice(start, start + 2));
    let end = start;
    while (end < run.end) {
      const character = String.fromCodePoint(text.codePointAt(end));
      if (IS_UNSPACED.test(character) !== unspaced && !MARK.test(character)) break;
      end += character.length;
    }
    if (unspaced) splitPairs(text, start, end, compound);
    else splitHumps(text, start, end, compound);
    start = end;
  }
}

const UPPER = /^\p{Uppercase}/u;
const LOWER = /^\p{Lowercase}/u;
const NUMERIC = /^\p{N}/u;

function splitHumps(text, from, to, compound) {
  const characters = [...text.slice(from, to)];
  let [start, at] = [from, from];
  for (const [index, here] of characters.entries()) {
    const [before, after] = [characters[index - 1], characters[index + 1]];
    if (before !== undefined && UPPER.test(here)) {
      // `podNot` splits before N; `HTTPServer` before S, but not `APIs`, a plural.
      const plural = after === 's' && index + 2 === characters.length;
      const hump = LOWER.test(before)
        || ((UPPER.test(before) || NUMERIC.test(before)) && after !== undefined && LOWER.test(after) && !plural);
      if (hump) {
        compound.parts.push({ start, end: at, role: 'part' });
        start = at;
      }
    }
    at += here.length;
  }
  compound.parts.push({ start, end: to, role: 'part' });
}

function splitPairs(text, from, to, compound) {
  compound.joined = false;
  const starts = [];
  let at = from;
  for (const character of text.slice(from, to)) {
    // The half-width sound marks are letters to Unicode, and part of the letter before them.
    if (!MARK.test(character) && character !== '\uFF9E' && character !== '\uFF9F') starts.push(at);
    at += character.length;
  }
  for (const [index, start] of starts.entries()) {
    const role = index + 1 < starts.length ? 'pair' : 'last';
    compound.parts.push({ start: index === 0 ? from : start, end: starts[index + 2] ?? to, role });
  }
}

/** Whether a compound is written like the name of a thing rather than a word. */
export function isName(text, compound) {
  const word = text.slice(compound.start, compound.end);
  const letters = [...word].filter((c) => /\p{Alphabetic}/u.test(c)).length;
  const digits = /\p{N}/u.test(word);
  return compound.joined || (letters > 0 && digits) || (letters >= 3 && !digits && /^\p{Uppercase}+$/u.test(word));
}

let folded = null;

/** Loads what a text with letters beyond ASCII takes to be made into tokens; most queries have none. */
export async function learnFolding() {
  folded ??= (await import('./folding.js')).FOLDED;
}

/** The same, if a text needs it. */
export async function prepareFor(text) {
  if (!isAscii(text)) await learnFolding();
}

/** Compatibility composed, lower case, accents folded. */
export function normalise(run) {
  if (isAscii(run)) return run.toLowerCase();
  const lower = run.normalize('NFKC').toLowerCase();
  if (folded === null) throw new Error('`learnFolding` was not awaited');
  let plain = '';
  for (const character of lower) plain += folded.get(character) ?? character;
  return plain.replace(DROPPED, '');
}

/** Makes tokens: `{ surface, term, position, start, end, role }`. */
export class Analyzer {
  /** A language without an algorithm here is stemmed by what the index knows: see `stems`. */
  constructor(language) {
    this.isEnglish = /^en(?:[-_]|$)/i.test(language);
    /** Terms by surface, of languages that this client has no algorithm for. */
    this.stems = new Map();
  }

  /** The term of a surface. */
  stem(surface) {
    let term = this.stems.get(surface);
    if (term === undefined) {
      term = this.isEnglish && isLetters(surface) ? english(surface) : surface;
      if (this.isEnglish) this.stems.set(surface, term);
    }
    return term;
  }

  /** Learns how a term is written, if this client has no algorithm for the language. */
  learn(term, surfaces) {
    if (!this.isEnglish) for (const surface of surfaces) this.stems.set(surface, term);
  }

  /** The tokens of a text. A whole comes before its parts. */
  tokens(text) {
    const tokens = [];
    let position = 0;
    for (const compound of compounds(text)) {
      this.add(text, compound, position, tokens);
      position += compound.parts.length;
    }
    return tokens;
  }

  /** The tokens of one compound; positions start at 0. */
  compound(text, compound) {
    const tokens = [];
    this.add(text, compound, 0, tokens);
    return tokens;
  }

  add(text, compound, position, tokens) {
    const surfaces = compound.parts.map((part) => normalise(text.slice(part.start, part.end)));
    const add = (surface, at, { start, end }, role) => {
      if (surface !== '') tokens.push({ surface, term: this.stem(surface), position: at, start, end, role });
    };
    if (compound.joined) add(surfaces.join(''), position, compound, 'whole');
    for (const [index, part] of compound.parts.entries()) {
      const role = part.role === 'part' && compound.parts.length === 1 ? 'word' : part.role;
      add(surfaces[index], position + index, part, role);
    }
  }

  /** The terms of a text without the wholes, for comparing a query with a title. */
  sequence(text) {
    let sequence = '';
    for (const token of this.tokens(text)) if (token.role !== 'whole') sequence += `${token.term} `;
    return sequence;
  }
}

/** In a query, the last character of a run says nothing that the pair before it does not. */
export function searched(tokens) {
  return tokens.filter((token, index) => token.role !== 'last' || tokens[index - 1]?.role !== 'pair');
}
