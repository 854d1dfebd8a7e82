// A query → what to look up in an index, with mistyped words mended.

import { MAX_TERM_BYTES, byteLength, compare, compounds, isLetters, prepareFor, searched, trim } from './tokens.js';

const MAX_COMPLETIONS = 32;
const LISTED_OVER = 2;
const SHORT_LETTERS = 3;
const MAX_CORRECTIONS = 8;
const ONLY_SPACES = /^\p{White_Space}*$/u;

/** Looks the words of a query up: `{ words, must, not, filters, sequence, corrected, notes }`. */
export async function makePlan(text, query, files, analyzer) {
  const planner = new Planner(text, files, analyzer);
  await planner.prepare(query);
  const must = [...query.must];
  const joined = await planner.joined(query.words);
  planner.someKnown = await some(query.words, (word) => planner.isKnown(word.text));
  for (const [index, word] of query.words.entries()) await planner.addWord(word, joined[index], must);
  await planner.learn([...must, ...query.not]);
  const comparable = ({ key, value, not }) => ({ key, not, value, compared: compared(key, value) });
  return {
    words: planner.words,
    must: must.map((phrase) => makePhrase(phrase, analyzer)),
    not: query.not.map((phrase) => makePhrase(phrase, analyzer)),
    filters: query.filters.map(comparable),
    sequence: planner.sequence,
    corrected: planner.corrected(),
    notes: [...new Set([...query.notes, ...planner.notes])],
  };
}

const compared = (key, value) => ({ path: () => value.toLowerCase(), title: () => value })[key]?.() ?? plain(value);

/** A value as facts hold it. */
export function plain(text) {
  let out = '';
  for (const character of trim(text)) {
    if (/[\p{Alphabetic}\p{N}@._/]/u.test(character)) out += character.toLowerCase();
    else if (!out.endsWith('-')) out += '-';
  }
  return out;
}

/** The terms of a phrase: `{ text, terms: [{ at, term }], whole }`. */
export function makePhrase(text, analyzer) {
  const tokens = searched(analyzer.tokens(text));
  const several = [...compounds(text)].length > 1;
  const whole = several ? undefined : tokens.find((token) => token.role === 'whole');
  const terms = tokens.filter((token) => token.role !== 'whole').map(({ position, term }) => ({ at: position, term }));
  return { text, terms, whole: whole?.term ?? null };
}

async function some(list, test) {
  return (await Promise.all(list.map(test))).includes(true);
}

class Planner {
  words = [];
  notes = [];
  sequence = '';
  corrections = [];
  someKnown = false;

  constructor(text, files, analyzer) {
    this.text = text;
    this.files = files;
    this.analyzer = analyzer;
  }

  /** Asks at once for all that is surely needed, so that it comes in one round. */
  async prepare(query) {
    await this.learn([...query.words.map((word) => word.text), ...query.must, ...query.not]);
    const wanted = query.words.flatMap((word) => this.tokens(word.text).map((token) => this.files.find('t', token.term)));
    const last = query.words.at(-1);
    const [first] = last?.prefix ? this.tokens(last.text) : [];
    if (first !== undefined) {
      // Most of what completes a beginning stands beside it, so it comes in the same round.
      wanted.push(this.files.warm('t', first.surface));
      wanted.push(this.completions(first.surface).then((known) => Promise.all(known.map(({ term }) => this.files.find('t', term)))));
    }
    await Promise.all(wanted);
  }

  /** Of a language without an algorithm here, the index knows the terms of all words that stand in pages. */
  async learn(texts) {
    if (this.analyzer.isEnglish) return;
    const surfaces = new Set(texts.flatMap((text) => this.analyzer.tokens(text)).map((token) => token.surface));
    await Promise.all([...surfaces].map((surface) => this.learnSurface(surface)));
  }

  async learnSurface(surface) {
    if (this.analyzer.isEnglish || this.analyzer.stems.has(surface)) return;
    const known = await this.files.find('z', surface);
    if (known !== undefined) this.analyzer.stems.set(surface, known.term);
  }

  tokens(text) {
    for (const compound of compounds(text)) return this.analyzer.compound(text, compound);
    return [];
  }

  async stands(term) {
    return ((await this.files.find('t', term))?.count ?? 0) > 0;
  }

  isKnown(text) {
    return some(this.tokens(text), (token) => this.stands(token.term));
  }

  /** `fail over` is also `failover`, where that stands in a page: for each word, the terms of it joined with a neighbour. */
  async joined(words) {
    const joined = words.map(() => []);
    const pairs = [];
    let before = null;
    for (const [index, word] of words.entries()) {
      const tokens = word.range === null ? [] : this.tokens(word.text);
      const single = tokens.length === 1 && tokens[0].role === 'word' ? { range: word.range, surface: tokens[0].surface } : null;
      if (single !== null && before !== null && before.range.end <= single.range.start
        && ONLY_SPACES.test(this.text.slice(before.range.end, single.range.start))) {
        pairs.push({ index, surface: before.surface + single.surface });
      }
      before = single;
    }
    await Promise.all(pairs.map(({ surface }) => this.learnSurface(surface)));
    const known = await Promise.all(pairs.map(({ surface }) => this.stands(this.analyzer.stem(surface))));
    for (const [at, { index, surface }] of pairs.entries()) {
      if (known[at]) {
        joined[index - 1].push(this.analyzer.stem(surface));
        joined[index].push(this.analyzer.stem(surface));
      }
    }
    return joined;
  }

  async addWord(word, joined, must) {
    let { text } = word;
    if (word.range !== null && joined.length === 0 && this.corrections.length < MAX_CORRECTIONS) {
      const meant = await this.correct(text, word.prefix);
      if (meant !== null) {
        for (const [index, phrase] of must.entries()) if (phrase === text) must[index] = meant;
        text = meant;
        this.corrections.push({ range: word.range, meant });
        await prepareFor(text);
        await this.learn([text]);
      }
    }
    const tokens = searched(this.tokens(text));
    if (tokens.some((token) => byteLength(token.term) > MAX_TERM_BYTES)) {
      this.notes.push(`a word longer than ${MAX_TERM_BYTES} bytes was left out`);
      return;
    }
    this.sequence += this.analyzer.sequence(text);
    const terms = { whole: null, parts: [], completions: [], joined, prefix: null, subject: word.subject };
    const single = tokens.length === 1 && tokens[0].role === 'last';
    if ((word.prefix || single) && tokens.length > 0) {
      terms.completions = (await this.completions(tokens[0].surface)).map((known) => known.term);
      terms.prefix = tokens[0].surface;
    }
    for (const token of tokens) {
      if (token.role === 'whole' || token.role === 'word' || single) terms.whole = token.term;
      else terms.parts.push(token.term);
    }
    terms.completions = [...new Set(terms.completions.filter((term) => term !== terms.whole))];
    terms.parts = [...new Set(terms.parts)];
    const same = (other) => other.whole === terms.whole && other.parts.join('\0') === terms.parts.join('\0');
    if (!this.words.some(same) && (terms.whole !== null || terms.parts.length > 0)) this.words.push(terms);
  }

  /** Known words that begin so, in the most pages first. */
  async completions(surface) {
    if (surface === '') return [];
    if (this.files.shards('z', surface).length > LISTED_OVER) {
      const listed = await this.files.find('c', surface);
      if (listed !== undefined) return listed;
    }
    const all = await this.files.findAll('z', surface);
    all.sort(([a, x], [b, y]) => y.pages - x.pages || compare(a, b));
    return all.slice(0, MAX_COMPLETIONS).map(([word, { term }]) => ({ word, term }));
  }

  /** What was meant, if the word stands nowhere; else `null`. */
  async correct(text, prefix) {
    const tokens = this.tokens(text);
    const known = await Promise.all(tokens.map((token) => this.stands(token.term)));
    const unknown = tokens.filter((_, index) => !known[index]);
    const [first] = unknown;
    if (first === undefined) return null;
    // An unknown whole of known parts is a new name, not a slip.
    if ((first.role !== 'whole' && first.role !== 'word') || (first.role === 'whole' && unknown.length === 1)) return null;
    if (prefix && (await this.completions(first.surface)).length > 0) return null;
    const meant = await this.nearest(first.surface);
    if (meant !== null) return meant;
    let mended = text;
    for (const part of unknown.filter((token) => token.role === 'part').reverse()) {
      const instead = await this.nearest(part.surface);
      if (instead === null) return null;
      mended = mended.slice(0, part.start) + instead + mended.slice(part.end);
    }
    return mended === text ? null : mended;
  }

  async nearest(surface) {
    const letters = [...surface];
    if (letters.length < 3 || !isLetters(surface) || (letters.length <= SHORT_LETTERS && this.someKnown)) return null;
    const { nearest } = await import('./mend.js');
    return nearest(this.files, letters);
  }

  corrected() {
    if (this.corrections.length === 0) return null;
    let text = this.text;
    for (const { range, meant } of [...this.corrections].reverse()) text = text.slice(0, range.start) + meant + text.slice(range.end);
    return trim(text);
  }
}

