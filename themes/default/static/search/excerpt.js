// Which section of a page to show, and which words of it.

import { f, frequencies, idf } from './rank.js';
import { isAscii, learnFolding, trim } from './tokens.js';

const LENGTH = 160;
const MOST_TEXT = 256 << 10;
const IN_HEADING = 2;
const PHRASE = 10;
const SPACES = /\p{White_Space}+/u;

/** What terms to look for in pages, and how much each says. */
export async function makeSought(files, analyzer, plan) {
  await learnFolding();
  const sought = new Sought(analyzer);
  const entries = new Map();
  const names = plan.words.flatMap(({ whole, parts, completions, joined, prefix }) => [whole, prefix, ...parts, ...completions, ...joined]);
  await Promise.all([...new Set(names)].filter((name) => name !== null).map(async (name) => {
    const entry = await files.find('t', name);
    if (entry === undefined || entry.count === 0) return;
    entries.set(name, await files.postings(entry));
    analyzer.learn(name, entry.surfaces);
  }));
  const rarity = (term) => {
    const known = entries.get(term);
    return idf(files.root.documents, known === undefined ? 0 : Math.max(...frequencies(known)));
  };
  const add = (term, share) => {
    if (sought.terms.has(term)) return;
    sought.terms.set(term, sought.weights.length);
    sought.weights.push(f(rarity(term) * share));
  };
  for (const word of plan.words) {
    const share = f(1 / Math.max(1, word.parts.length));
    for (const term of [...(word.whole === null ? [] : [word.whole]), ...word.completions, ...word.joined]) add(term, 1);
    for (const term of word.parts) add(term, share);
    if (word.prefix !== null) {
      sought.prefixes.push([word.prefix, sought.weights.length]);
      sought.weights.push(rarity(word.prefix));
    }
  }
  // Where a phrase stands is always worth more than where its words stand apart.
  const all = sought.weights.reduce((sum, weight) => f(sum + weight), 0);
  for (const phrase of plan.must.filter(({ terms }) => terms.length > 1)) {
    for (const { term } of phrase.terms) analyzer.learn(term, (await files.find('t', term))?.surfaces ?? []);
    sought.phrases.push([phrase.terms, sought.weights.length]);
    sought.weights.push(f(PHRASE * all));
  }
  return sought;
}

class Sought {
  terms = new Map();
  prefixes = [];
  weights = [];
  phrases = [];

  constructor(analyzer) {
    this.analyzer = analyzer;
  }

  matches(text) {
    const tokens = this.analyzer.tokens(text);
    const found = [];
    for (const { surface, term: own, start, end } of tokens) {
      const term = this.terms.get(own) ?? this.prefixes.find(([prefix]) => surface.startsWith(prefix))?.[1];
      if (term !== undefined) found.push({ start, end, term });
    }
    if (this.phrases.length > 0) {
      found.push(...this.phraseMatches(tokens.filter((token) => token.role !== 'whole')));
      found.sort((a, b) => a.start - b.start);
    }
    return found;
  }

  phraseMatches(tokens) {
    const found = [];
    for (const [terms, number] of this.phrases) {
      for (const [index, start] of tokens.entries()) {
        let at = index;
        let last = start;
        const stands = terms.every((term) => {
          const position = start.position + term.at - terms[0].at;
          while (at < tokens.length && tokens[at].position < position) at += 1;
          if (at >= tokens.length || tokens[at].position !== position || tokens[at].term !== term.term) return false;
          last = tokens[at];
          at += 1;
          return true;
        });
        if (stands) found.push({ start: start.start, end: last.end, term: number });
      }
    }
    return found;
  }

  /** What to mark in a title or a heading. */
  marks(text) {
    return joined(this.matches(text), 0);
  }

  /** The section of a page that fits best, and a snippet of it: `{ section, text, marks }`; no section is the page's top. */
  show(title, { description, sections }) {
    const [best] = this.look(title, sections);
    if (best === undefined) return { section: null, text: '', marks: [] };
    const { text, matches } = best.text === '' ? this.below(sections, best.index, description) : best;
    return { section: best.section, ...this.snippet(text, matches) };
  }

  /** Sections that hold something, the best first: `{ index, section, score, text, matches }`; of none, the first. */
  look(title, sections) {
    let left = MOST_TEXT;
    const found = [];
    for (const [index, section] of sections.entries()) {
      const line = oneLine(section.text, left);
      left -= line.bytes;
      const matches = this.matches(line.text);
      const heading = isTop(title, sections, index) ? title : section.heading;
      const score = this.score(this.matches(heading), matches);
      if (score > 0 || index === 0) found.push({ index, section: isTop(title, sections, index) ? null : section, score, text: line.text, matches });
    }
    return found.sort((a, b) => b.score - a.score || a.index - b.index);
  }

  /** Of a heading right above another, what comes below. */
  below(sections, index, description) {
    const below = sections.slice(index).find((section) => !/^\p{White_Space}*$/u.test(section.text));
    const { text } = oneLine(below === undefined ? description : below.text, MOST_TEXT);
    return { text, matches: this.matches(text) };
  }

  /** The headings that fit next best to the one that [`show`] gave: as many as `limit`, in the order of the page. */
  others(title, { sections }, limit) {
    const [first, ...rest] = this.look(title, sections).filter(({ score }) => score > 0);
    const others = rest.filter(({ section }) => section !== null && section.id !== first.section?.id).slice(0, limit);
    return others.sort((a, b) => a.index - b.index).map(({ section, text, matches }) => ({ section, ...this.snippet(text, matches) }));
  }

  score(heading, text) {
    const shares = new Float32Array(this.weights.length);
    for (const { term } of text) shares[term] += 1;
    for (let term = 0; term < shares.length; term += 1) shares[term] = f(shares[term] / f(shares[term] + 1));
    const named = new Set(heading.map(({ term }) => term));
    for (const term of named) shares[term] += IN_HEADING;
    const sum = (share) => this.weights.reduce((total, weight, term) => f(total + f(share(term) * weight)), 0);
    const all = Math.max(sum(() => 1), 1.1754943508222875e-38);
    const coverage = f(sum((term) => (shares[term] > 0 ? 1 : 0)) / all);
    return f(sum((term) => shares[term]) * coverage);
  }

  snippet(text, matches) {
    const window = this.window(text, matches);
    const before = window.start > 0 ? '… ' : '';
    const after = window.end < text.length ? ' …' : '';
    const inside = matches.filter(({ start, end }) => start >= window.start && end <= window.end);
    const marks = joined(inside, before.length - window.start);
    return { text: before + trim(text.slice(window.start, window.end)) + after, marks };
  }

  /** The stretch whose words say most; the first of equals. */
  window(text, matches) {
    const bytes = byteOffsets(text);
    let best = { score: 0, start: 0, end: 0 };
    for (const [index, first] of matches.entries()) {
      const seen = new Set();
      let [score, { end }] = [0, first];
      for (const found of matches.slice(index, index + LENGTH)) {
        if (bytes(found.end) > bytes(first.start) + LENGTH) break;
        end = Math.max(end, found.end);
        if (!seen.has(found.term)) score = f(score + this.weights[found.term]);
        seen.add(found.term);
      }
      if (score > best.score) best = { score, start: first.start, end };
    }
    return widen(text, best.start, best.end);
  }
}

/** The places of matches, moved, those that touch as one. */
function joined(matches, by) {
  const marks = [];
  for (const { start, end } of matches) {
    const last = marks.at(-1);
    if (last !== undefined && start + by <= last[1]) last[1] = Math.max(last[1], end + by);
    else marks.push([start + by, end + by]);
  }
  return marks;
}

/** The place in UTF-8 of a place in a text. */
function byteOffsets(text) {
  if (isAscii(text)) return (at) => at;
  const offsets = new Uint32Array(text.length + 1);
  let [at, bytes] = [0, 0];
  for (const character of text) {
    offsets[at] = bytes;
    const code = character.codePointAt(0);
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    at += character.length;
  }
  offsets[at] = bytes;
  return (place) => offsets[place];
}

/** Whether a section is what comes before the first heading, or under a first heading that is the title. */
function isTop(title, sections, index) {
  return sections[index].id === ''
    || (trim(sections[index].heading) === trim(title) && sections.slice(0, index).every((earlier) => earlier.id === ''));
}

/** Text on one line, at most `limit` bytes of it. */
function oneLine(text, limit) {
  let [line, bytes] = ['', 0];
  for (const word of text.split(SPACES)) {
    if (word === '') continue;
    const length = byteOffsets(word)(word.length);
    if (bytes + length >= limit) break;
    if (line !== '') [line, bytes] = [`${line} `, bytes + 1];
    const shown = word.replace(/\p{Cc}/gu, '');
    line += shown;
    bytes += byteOffsets(shown)(shown.length);
  }
  return { text: line, bytes };
}

/** Adds what stands around a stretch, whole words, a third before and the rest after. */
function widen(text, from, to) {
  const count = (part) => [...part].length;
  const spare = Math.max(0, LENGTH - count(text.slice(from, to)));
  const before = [...text.slice(Math.max(0, from - LENGTH), from)];
  const taken = Math.min(Math.floor(spare / 3), before.length);
  let start = from - before.slice(before.length - taken).join('').length;
  if (start > 0) {
    // To the next word, unless the text is written without spaces.
    const space = text.slice(start, from).indexOf(' ');
    if (space >= 0) start += space + 1;
  }
  const left = Math.max(0, spare - count(text.slice(start, from)));
  const after = [...text.slice(to, to + 2 * LENGTH)];
  let end = after.length > left ? to + after.slice(0, left).join('').length : text.length;
  if (end < text.length) {
    const space = text.slice(to, end).lastIndexOf(' ');
    if (space >= 0) end = to + space;
  }
  return { start, end };
}
