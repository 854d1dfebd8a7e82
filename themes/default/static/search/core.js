// The search of a site without a server: the ranking of `docent search`, from static files. No DOM in here, so it runs
// in a browser and in Node alike. `src/search/README.md` specifies what it computes, `src/search/export/README.md` what it reads.

import { Files, IndexError } from './files.js';
import { makePlan } from './plan.js';
import { KEYS, parse } from './query.js';
import { rank } from './rank.js';
import { Analyzer, compare, prepareFor } from './tokens.js';

export { IndexError };

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
    await prepareFor(filters.reduce((all, { value }) => all + value, text));
    const parsed = await parse(text, prefix);
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
    /** The best of them: `{ rank, score, id, url, path, title, kind, owners, state }`. */
    this.hits = of.hits;
    /** What the searcher should be told. */
    this.notes = [...of.plan.notes, ...of.ranking.notes];
  }

  /**
   * The section of a hit's page that fits best: `{ url, heading, text, marks, inTitle, inHeading, more }`; no heading
   * is the page's top. `more` has as many headings that fit next best, each with the same but `inTitle`.
   */
  async show(hit, more = 0) {
    const { files, analyzer, plan } = this.#of;
    this.#sought ??= import('./excerpt.js').then(({ makeSought }) => makeSought(files, analyzer, plan));
    const [sought, page] = await Promise.all([this.#sought, files.text(hit.id)]);
    const row = ({ section, text, marks }) => {
      const heading = section?.heading ?? null;
      return { url: section === null ? hit.url : `${hit.url}#${section.id}`, heading, text, marks, inHeading: sought.marks(heading ?? '') };
    };
    const others = more === 0 ? [] : sought.others(hit.title, page, more).map(row);
    return { ...row(sought.show(hit.title, page)), inTitle: sought.marks(hit.title), more: others };
  }

  /** The values of a key that the pages have, and how many of them: `[[value, count]]`, most first. */
  async count(key) {
    const ids = new Set(this.#of.ranking.ids);
    const facts = await this.#of.files.findAll('f', `${key}:`);
    const counts = facts.map(([fact, documents]) => [fact.slice(key.length + 1), documents.filter((id) => ids.has(id)).length]);
    return counts.filter(([, count]) => count > 0).sort(([a, x], [b, y]) => y - x || compare(a, b));
  }

  /** What may help where nothing was found: `{ meant, words, titles }`. */
  async help() {
    const { help } = await import('./help.js');
    return help(this.#of.index, this.#of.files, this.query);
  }

  /** What to mark on the page that a hit leads to. */
  marks() {
    const { files, analyzer, plan } = this.#of;
    const terms = plan.words.flatMap(({ whole, parts, completions, joined }) => [...(whole === null ? [] : [whole]), ...parts, ...completions, ...joined]);
    const stems = analyzer.isEnglish ? [] : [...analyzer.stems].filter(([, term]) => terms.includes(term));
    return { language: files.root.language, terms, stems };
  }
}
