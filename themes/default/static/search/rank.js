// A plan → pages in the order of their scores. All numbers are rounded to 32 bits at each step, in the order of the
// specification, so that the terminal computes the same bits.

import { checksumOf } from './files.js';
import { makePhrase } from './plan.js';
import { KEYS } from './query.js';

/** Rounds to 32 bits. */
export const f = Math.fround;
const FIELDS = 5;
const WEIGHTS = [5, 2, 2, f(0.3), 1];
const K1 = f(1.2);
const B = f(0.75);
const SATURATION = f(1 + K1);
const COMPLETION = f(0.8);
const EXACT_TITLE = 1.5;
/** @type {[string, number][]} */
const FACTORS = [['defines', 8], ['answers', 16]];

/** How well a term that so many pages hold tells pages apart. */
export function idf(pages, holding) {
  const odds = f(f(f(pages - holding) + 0.5) / f(f(holding) + 0.5));
  return f(Math.log(f(1 + odds)));
}

/** The length that a rounded one stands for. */
export function fieldLength(rounded) {
  if (rounded < 24) return rounded;
  const shift = Math.floor((rounded - 24) / 8) - 1;
  const bits = (rounded - 24) % 8;
  return 24 + (shift < 0 ? bits : (bits + 8) * 2 ** shift);
}

/** In how many pages each field holds a term. */
export function frequencies(postings) {
  const counts = new Array(FIELDS).fill(0);
  for (const bits of postings.fields) for (let field = 0; field < FIELDS; field += 1) counts[field] += (bits >> field) & 1;
  return counts;
}

/** Ranks the pages of an index: `{ total, best: [{ id, score }], ids, notes }`. */
export async function rank(files, analyzer, plan, limit) {
  const ranker = new Ranker(files, analyzer);
  await ranker.prepare(plan);
  await ranker.filter(plan.filters);
  for (const phrase of plan.must) await ranker.require(phrase);
  for (const phrase of plan.not) ranker.exclude(await ranker.phrase(phrase, 0, FIELDS));
  let found;
  if (plan.words.length === 0) {
    found = ranker.allAllowed();
  } else {
    found = await ranker.scored(plan);
    found = found.filter(({ id }) => ranker.isAllowed(id));
  }
  found.sort((a, b) => b.score - a.score || a.id - b.id);
  return { total: found.length, best: found.slice(0, limit), ids: found.map(({ id }) => id), notes: ranker.notes };
}

class Ranker {
  allowed = null;
  notes = [];

  constructor(files, analyzer) {
    this.files = files;
    this.analyzer = analyzer;
    this.size = files.root.documents;
    const float = new DataView(new ArrayBuffer(4));
    this.averages = files.root.averages.map((bits) => {
      float.setUint32(0, bits);
      return float.getFloat32(0);
    });
    this.lengths = this.averages.map(() => null);
  }

  /** Asks for everything at once. */
  async prepare(plan) {
    const terms = plan.words.flatMap(({ whole, parts, completions, joined }) => [...(whole === null ? [] : [whole]), ...parts, ...completions, ...joined]);
    const phrases = [...plan.must, ...plan.not].flatMap(({ terms: inside, whole }) => [...inside.map(({ term }) => term), ...(whole === null ? [] : [whole])]);
    await Promise.all([...new Set([...terms, ...phrases])].map(async (term) => {
      const entry = await this.files.find('t', term);
      if (entry !== undefined) await this.files.postings(entry);
    }));
  }

  /** What the rounded lengths of a field count in a score. */
  lengthsOf(field) {
    this.lengths[field] ??= Float32Array.from({ length: 256 }, (_, rounded) => (
      f(K1 * f(f(1 - B) + f(f(B * f(fieldLength(rounded))) / this.averages[field])))
    ));
    return this.lengths[field];
  }

  /** The pages with a term and the sum of its scores over the fields: `{ documents, scores }`. */
  async term(term) {
    const entry = await this.files.find('t', term);
    if (entry === undefined || entry.count === 0) return { documents: [], scores: [] };
    const postings = await this.files.postings(entry);
    postings.scores ??= this.scores(postings);
    return { documents: postings.documents, scores: postings.scores };
  }

  scores({ documents, fields, counts, norms }) {
    const weights = frequencies({ fields }).map((count, field) => (
      count === 0 ? 0 : f(f(idf(this.size, count) * SATURATION) * WEIGHTS[field])
    ));
    const scores = new Float32Array(documents.length);
    let place = 0;
    for (let at = 0; at < documents.length; at += 1) {
      for (let field = 0; field < FIELDS; field += 1) {
        if (fields[at] >> field & 1) {
          const norm = this.lengthsOf(field)[norms[place]];
          scores[at] += f(weights[field] * f(counts[place] / f(counts[place] + norm)));
          place += 1;
        }
      }
    }
    return scores;
  }

  /** Adds a word's scores and coverages to those of all. */
  async addWord(word, all) {
    const found = new Map();
    if (word.whole !== null) {
      const { documents, scores } = await this.term(word.whole);
      documents.forEach((id, at) => found.set(id, { score: scores[at], coverage: 1 }));
    }
    for (const term of [...word.completions, ...word.joined]) {
      const { documents, scores } = await this.term(term);
      documents.forEach((id, at) => {
        const score = f(scores[at] * COMPLETION);
        const known = found.get(id);
        if (known === undefined) found.set(id, { score, coverage: 1 });
        else known.score = Math.max(known.score, score);
      });
    }
    const parts = new Map();
    const share = f(1 / Math.max(1, word.parts.length));
    for (const term of word.parts) {
      const { documents, scores } = await this.term(term);
      documents.forEach((id, at) => {
        const known = parts.get(id);
        if (known === undefined) parts.set(id, { score: scores[at], coverage: share });
        else parts.set(id, { score: f(known.score + scores[at]), coverage: f(known.coverage + share) });
      });
    }
    for (const [id, part] of parts) {
      const known = found.get(id);
      if (known === undefined) found.set(id, part);
      else found.set(id, { score: f(known.score + part.score), coverage: Math.max(known.coverage, part.coverage) });
    }
    for (const [id, { score, coverage }] of found) {
      if (all.coverages[id] === 0) all.touched.push(id);
      all.scores[id] += score;
      all.coverages[id] += coverage;
    }
  }

  async scored(plan) {
    const all = { scores: new Float32Array(this.size), coverages: new Float32Array(this.size), touched: [] };
    for (const word of plan.words) await this.addWord(word, all);
    const factors = await this.factors(plan);
    return all.touched.map((id) => {
      const coverage = f(all.coverages[id] / plan.words.length);
      const score = f(all.scores[id] * f(coverage * coverage));
      return { id, score: f(score * factors[id]) };
    });
  }

  /** What pages are multiplied by whose title is the query, and those that define what it names. */
  async factors(plan) {
    const factors = new Float32Array(this.size).fill(1);
    const titles = (await this.files.find('t', plan.sequence.split(' ', 1)[0]))?.titles ?? [];
    const sum = checksumOf(plan.sequence);
    for (const title of titles) if (title.sum === sum) factors[title.id] *= EXACT_TITLE;
    const few = Math.max(3, Math.floor(this.size / 50));
    for (const word of plan.words) {
      if (word.whole === null) continue;
      const share = word.subject ? 1 : f(1 / plan.words.length);
      const entry = await this.files.find('t', word.whole);
      const raised = new Map();
      for (const [fact, most] of FACTORS) {
        const documents = entry?.[fact] ?? [];
        const factor = f(1 + f((most - 1) * f(share * share)));
        if (documents.length <= few) for (const id of documents) raised.set(id, Math.max(raised.get(id) ?? 0, factor));
      }
      for (const [id, factor] of raised) factors[id] *= factor;
    }
    return factors;
  }

  /** Pages that hold a phrase in one of the fields from `from` to before `to`. */
  async phrase({ terms, whole }, from, to) {
    const found = new Set();
    if (whole !== null) await this.addHolding(whole, from, to, found);
    if (terms.length === 1) await this.addHolding(terms[0].term, from, to, found);
    if (terms.length > 1) {
      const entries = await Promise.all(terms.map(({ term }) => this.files.find('t', term)));
      if (entries.every((entry) => entry !== undefined && entry.count > 0)) {
        await this.addSideBySide(terms, entries, { from, to }, found);
      }
    }
    return [...found].sort((a, b) => a - b);
  }

  async addHolding(term, from, to, found) {
    const entry = await this.files.find('t', term);
    if (entry === undefined || entry.count === 0) return;
    const { documents, fields } = await this.files.postings(entry);
    const mask = (1 << to) - (1 << from);
    documents.forEach((id, at) => { if (fields[at] & mask) found.add(id); });
  }

  async addSideBySide(terms, entries, { from, to }, found) {
    // For each term: by page and field, where the phrase would begin.
    const starts = await Promise.all(entries.map(async (entry, index) => {
      const [postings, positions] = await Promise.all([this.files.postings(entry), this.files.positions(entry)]);
      const places = new Map();
      let place = 0;
      postings.documents.forEach((id, at) => {
        for (let field = 0; field < FIELDS; field += 1) {
          if (postings.fields[at] >> field & 1) {
            if (field >= from && field < to) places.set(id * FIELDS + field, positions[place]);
            place += 1;
          }
        }
      });
      return { places, offset: terms[index].at };
    }));
    const [first, ...others] = starts;
    for (const [place, positions] of first.places) {
      const stands = (position) => others.every((other) => other.places.get(place)?.includes(position - first.offset + other.offset));
      if (positions.some(stands)) found.add(Math.floor(place / FIELDS));
    }
  }

  async require(phrase) {
    const documents = await this.phrase(phrase, 0, FIELDS);
    if (documents.length === 0) this.notes.push(`no page holds \`${phrase.text}\`; it was searched word by word`);
    else this.keep(documents);
  }

  async filter(filters) {
    for (const key of KEYS) {
      const some = [];
      let asked = false;
      for (const filter of filters.filter((candidate) => candidate.key === key)) {
        const documents = await this.filtered(filter);
        if (filter.not) {
          this.exclude(documents);
        } else {
          asked = true;
          some.push(...documents);
        }
      }
      if (asked) this.keep(some);
    }
  }

  async filtered({ key, value, compared }) {
    let documents;
    if (key === 'path') {
      const paths = await this.files.json('paths');
      documents = paths.flatMap((path, id) => (path.toLowerCase().includes(compared) ? [id] : []));
    } else if (key === 'title') {
      documents = await this.phrase(makePhrase(value, this.analyzer), 0, 1);
    } else {
      documents = await this.files.find('f', `${key}:${compared}`) ?? [];
      if (documents.length === 0 && key === 'owner') documents = await this.files.find('f', `owner:@${compared}`) ?? [];
    }
    if (documents.length === 0) {
      const { whatWasMeant } = await import('./help.js');
      this.notes.push(`no page has the ${key === 'fresh' ? 'state' : key} \`${compared}\`${await whatWasMeant(this.files, key, compared)}`);
    }
    return documents;
  }

  keep(documents) {
    const allowed = new Uint8Array(this.size);
    for (const id of documents) allowed[id] = this.isAllowed(id) ? 1 : 0;
    this.allowed = allowed;
  }

  exclude(documents) {
    this.allowed ??= new Uint8Array(this.size).fill(1);
    for (const id of documents) this.allowed[id] = 0;
  }

  isAllowed(id) {
    return this.allowed === null || this.allowed[id] === 1;
  }

  /** What filters alone leave, in the order of paths. Nothing if there is no filter either. */
  allAllowed() {
    if (this.allowed === null) return [];
    const found = [];
    this.allowed.forEach((allowed, id) => { if (allowed === 1) found.push({ id, score: 0 }); });
    return found;
  }
}
