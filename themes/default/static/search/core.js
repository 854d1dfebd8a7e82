// The search of a site without a server: the ranking of `docent search`, from static files. No DOM in here, so it runs
// in a browser and in Node alike. `src/search/README.md` specifies what it computes, `src/search/export/README.md` what it reads.

import { makeSought } from './excerpt.js';
import { Files, IndexError } from './files.js';
import { makePlan } from './plan.js';
import { parse } from './query.js';
import { rank } from './rank.js';
import { Analyzer } from './tokens.js';

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
   * Searches. With `prefix` the last word may be the beginning of one: somebody is typing.
   * Gives `{ query, corrected, total, hits: [{ rank, score, id, url, path, title, kind, owners }], notes, show }`;
   * `show(hit)` gives the section of its page that fits best: `{ url, heading, text, marks }`.
   */
  async search(query, { limit = 10, prefix = false } = {}) {
    const text = query.replace(/\p{Surrogate}/gu, '\uFFFD');
    const plan = await makePlan(text, parse(text, prefix), this.#files, this.#analyzer);
    const ranking = await rank(this.#files, this.#analyzer, plan, limit);
    const hits = await Promise.all(ranking.best.map(async ({ id, score }, index) => (
      { rank: index + 1, score, id, ...await this.#files.page(id) }
    )));
    let sought;
    const show = async (hit) => {
      sought ??= makeSought(this.#files, this.#analyzer, plan);
      const [terms, page] = await Promise.all([sought, this.#files.text(hit.id)]);
      const { section, text: snippet, marks } = terms.show(hit.title, page);
      return { url: section === null ? hit.url : `${hit.url}#${section.id}`, heading: section?.heading ?? null, text: snippet, marks };
    };
    return { query, corrected: plan.corrected, total: ranking.total, hits, notes: [...plan.notes, ...ranking.notes], show };
  }
}
