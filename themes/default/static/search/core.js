// The search of a site without a server: the ranking of `docent search`, from static files. No DOM in here, so it runs
// in a browser and in Node alike. `src/search/README.md` specifies what it computes, `src/search/export/README.md` what it reads.

import { Files, IndexError } from './files.js';
import { makePlan } from './plan.js';
import { KEYS, parse } from './query.js';
import { rank } from './rank.js';
import { Analyzer, compare } from './tokens.js';

export { IndexError };

/** Longer queries are not tried with a word less. */
const MOST_WORDS = 5;

/** Opens the index of the site whose root is at `base`. `fetch` is the browser's, or acts like it. */
export async function open({ base, fetch = globalThis.fetch.bind(globalThis) }) {
  return new Index(await new Files(base, fetch).open());
}

class Index {
  #files;
  #analyzer;

  constructor(files) {
    this.#files = files;
    this.#analyzer = new Analyzer(files.root.language);
  }

  /** How many pages it knows. */
  get documents() {
    return this.#files.root.documents;
  }

  /** Bytes that were loaded, as they are on the wire. */
  get bytes() {
    return this.#files.bytes;
  }

  /** Files that were loaded. */
  get requests() {
    return this.#files.requests;
  }

  /**
   * Searches. With `prefix` the last word may be the beginning of one: somebody is typing. `filters` are
   * `{ key, value }` besides those in the query.
   */
  async search(query, { limit = 10, prefix = false, filters = [] } = {}) {
    const text = query.replace(/\p{Surrogate}/gu, '\uFFFD');
    const parsed = parse(text, prefix);
    for (const { key, value } of filters) if (KEYS.includes(key)) parsed.filters.push({ key, value, not: false });
    const plan = await makePlan(text, parsed, this.#files, this.#analyzer);
    const ranking = await rank(this.#files, this.#analyzer, plan, limit);
    const hits = await Promise.all(ranking.best.map(async ({ id, score }, index) => (
      { rank: index + 1, score, id, ...await this.#files.page(id) }
    )));
    return new Results({ index: this, files: this.#files, analyzer: this.#analyzer, query, plan, ranking, hits });
  }
}

/** The answer to a query. */
class Results {
  #of;
  #sought;

  constructor(of) {
    this.#of = of;
    /** As typed. */
    this.query = of.query;
    /** What was searched for instead, if a word was mistyped; else `null`. */
    this.corrected = of.plan.corrected;
    /** How many pages fit. */
    this.total = of.ranking.total;
    /** The best of them: `{ rank, score, id, url, path, title, kind, owners }`. */
    this.hits = of.hits;
    /** What the searcher should be told. */
    this.notes = [...of.plan.notes, ...of.ranking.notes];
  }

  /**
   * The section of a hit's page that fits best: `{ url, heading, text, marks, inTitle, inHeading }`; no heading
   * is the page's top.
   */
  async show(hit) {
    const { files, analyzer, plan } = this.#of;
    this.#sought ??= import('./excerpt.js').then(({ makeSought }) => makeSought(files, analyzer, plan));
    const [sought, page] = await Promise.all([this.#sought, files.text(hit.id)]);
    const { section, text, marks } = sought.show(hit.title, page);
    const heading = section?.heading ?? null;
    const url = section === null ? hit.url : `${hit.url}#${section.id}`;
    return { url, heading, text, marks, inTitle: sought.marks(hit.title), inHeading: sought.marks(heading ?? '') };
  }

  /** The values of a key that the pages have, and how many of them: `[[value, count]]`, most first. */
  async count(key) {
    const ids = new Set(this.#of.ranking.ids);
    const facts = await this.#of.files.findAll('f', `${key}:`);
    const counts = facts.map(([fact, documents]) => [fact.slice(key.length + 1), documents.filter((id) => ids.has(id)).length]);
    return counts.filter(([, count]) => count > 0).sort(([a, x], [b, y]) => y - x || compare(a, b));
  }

  /** What may help where nothing was found: queries with a word less, and pages with titles that are near. */
  async help() {
    const { index, query } = this.#of;
    const chunks = query.split(/\p{White_Space}+/u).filter((chunk) => chunk !== '');
    const fewer = chunks.length > 1 && chunks.length <= MOST_WORDS ? chunks.map((_, at) => chunks.filter((__, other) => other !== at).join(' ')) : [];
    const words = await Promise.all([...new Set(fewer)].map(async (text) => ({ text, total: (await index.search(text, { limit: 1 })).total })));
    const beginnings = chunks.map((chunk) => /[\p{Alphabetic}\p{N}]{3}/u.exec(chunk)?.[0]).filter((start) => start !== undefined);
    const near = await Promise.all(beginnings.slice(0, MOST_WORDS).map((start) => index.search(`title:${start} ${start}`, { limit: 3, prefix: true })));
    const loose = near.every(({ hits }) => hits.length === 0)
      ? await Promise.all(beginnings.slice(0, MOST_WORDS).map((start) => index.search(start, { limit: 3, prefix: true }))) : near;
    const titles = new Map(loose.flatMap(({ hits }) => hits).map((hit) => [hit.id, hit]));
    return {
      words: words.filter(({ total }) => total > 0).sort((a, b) => b.total - a.total).slice(0, 3),
      titles: [...titles.values()].slice(0, 3),
    };
  }

  /** What to mark on the page that a hit leads to. */
  marks() {
    const { files, analyzer, plan } = this.#of;
    const terms = plan.words.flatMap(({ whole, parts, completions, joined }) => [...(whole === null ? [] : [whole]), ...parts, ...completions, ...joined]);
    const stems = analyzer.isEnglish ? [] : [...analyzer.stems].filter(([, term]) => terms.includes(term));
    return { language: files.root.language, terms, stems };
  }
}
