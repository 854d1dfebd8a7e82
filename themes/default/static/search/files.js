// The files of an index, as src/search/export/README.md specifies: read, checked, taken apart, remembered.

import { compare } from './tokens.js';

const VERSION = 1;
const HEADER = 8;
const FEW = 2;
/** The bit of the field that holds what a page says. */
const BODY = 16;

/** The index cannot be used: it is missing, damaged, or not of this build. */
export class IndexError extends Error {}

/** A reader of what `src/search/export/bytes.rs` writes. */
class Bytes {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  number() {
    let [value, factor] = [0, 1];
    for (;;) {
      const byte = this.byte();
      value += (byte & 0x7F) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
  }

  byte() {
    if (this.at >= this.bytes.length) throw new IndexError('a file of the search index is too short');
    this.at += 1;
    return this.bytes[this.at - 1];
  }

  take(length) {
    if (this.at + length > this.bytes.length) throw new IndexError('a file of the search index is too short');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  column() {
    return new Bytes(this.take(this.number()));
  }

  text() {
    return decoder.decode(this.take(this.number()));
  }

  /** A text that is written as what it shares with another, and the rest. */
  textAfter(before) {
    return beginning(before, this.number()) + this.text();
  }

  gaps(count) {
    const numbers = new Uint32Array(count);
    let next = 0;
    for (let at = 0; at < count; at += 1) {
      numbers[at] = next + this.number();
      next = numbers[at] + 1;
    }
    return numbers;
  }

  steps(count) {
    const numbers = new Uint32Array(count);
    let last = 0;
    for (let at = 0; at < count; at += 1) {
      last += this.number();
      numbers[at] = last;
    }
    return numbers;
  }

  documents() {
    return this.gaps(this.number());
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

/** The first `length` bytes of a text. */
function beginning(text, length) {
  const start = text.slice(0, length);
  // eslint-disable-next-line no-control-regex
  return /^[\x00-\x7F]*$/.test(start) ? start : decoder.decode(encoder.encode(text).subarray(0, length));
}

/** FNV-1a of 32 bits. */
function checksum(bytes) {
  let hash = 0x811C9DC5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** The checksum of a title's terms. */
export const checksumOf = (text) => checksum(encoder.encode(text));

async function inflate(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** The files of one index. */
export class Files {
  /** Bytes of files that were asked for, as they are on the wire. */
  bytes = 0;
  /** How many files were asked for. */
  requests = 0;
  /** `s/` and the hash. */
  folder = '';
  /** @type {{ documents: number, language: string, averages: number[], pages_a_file: number, tables: Object<string, string[]> }} */
  root;
  /** @type {Uint8Array | null} the rounded lengths of all bodies, if they are few */
  lengths = null;
  #kept = new Map();

  constructor(base, fetch) {
    this.base = base;
    this.fetch = fetch;
  }

  /** Finds the current index below `base` and reads what the rest needs. */
  async open() {
    const entry = JSON.parse(decoder.decode(await this.#get('search.json', true)));
    if (entry.schema !== VERSION || !/^s\/[0-9a-f]{8}$/.test(entry.folder)) {
      throw new IndexError('the search index is of another version; reload the page');
    }
    this.folder = entry.folder;
    [this.root, this.lengths] = await Promise.all([
      this.json('root'), entry.lengths ? this.keep('n', (body) => body) : null,
    ]);
    return this;
  }

  async #get(path, fresh) {
    this.requests += 1;
    let response;
    try {
      response = await this.fetch(new URL(path, this.base), fresh ? { cache: 'no-cache' } : {});
    } catch (error) {
      throw new IndexError(`the search index cannot be loaded: ${/** @type {Error} */ (error).message}`);
    }
    if (!response.ok) throw new IndexError(`the search index cannot be loaded: ${path} is not there`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    this.bytes += bytes.length;
    return bytes;
  }

  async #read(path) {
    const bytes = await this.#get(`${this.folder}/${path}`, false);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const hash = this.folder.slice(2);
    if (bytes.length < HEADER || view.getUint32(0).toString(16).padStart(8, '0') !== hash) {
      throw new IndexError('the files of the search index are not of one build; reload the page');
    }
    let body;
    try {
      body = await inflate(bytes.subarray(HEADER));
    } catch {
      throw new IndexError(`a file of the search index is damaged: ${path}`);
    }
    if (checksum(body) !== view.getUint32(4, true)) throw new IndexError(`a file of the search index is damaged: ${path}`);
    return body;
  }

  /** What `make` makes of a file, remembered; a failure is not. */
  keep(path, make) {
    let kept = this.#kept.get(path);
    if (kept === undefined) {
      kept = this.#read(path).then(make);
      kept.catch(() => this.#kept.delete(path));
      this.#kept.set(path, kept);
    }
    return kept;
  }

  json(path) {
    return this.keep(path, (body) => JSON.parse(decoder.decode(body)));
  }

  /** The file of a table that holds a key, if any does. */
  shard(table, key) {
    const firsts = this.root.tables[table];
    let [low, high] = [0, firsts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(firsts[middle], key) <= 0) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }

  /** The files of a table that may hold keys which begin with `start`. */
  shards(table, start) {
    const firsts = this.root.tables[table];
    const found = [];
    for (let at = this.shard(table, start); at < firsts.length; at += 1) {
      if (compare(firsts[at], start) > 0 && !firsts[at].startsWith(start)) break;
      found.push(at);
    }
    return found;
  }

  #part(table, number) {
    return this.keep(`${table}/${number}`, (body) => READERS[table](new Bytes(body), number, this.lengths));
  }

  /** Loads the files with keys that begin with `start`, if they are few. */
  async warm(table, start) {
    const numbers = this.shards(table, start);
    if (numbers.length <= FEW) await Promise.all(numbers.map((number) => this.#part(table, number)));
  }

  /** What a table says of a key; `undefined` if nothing. */
  async find(table, key) {
    return (await this.#part(table, this.shard(table, key))).get(key);
  }

  /** All that a table says of keys which begin with `start`, as `[key, value]`. */
  async findAll(table, start) {
    const maps = await Promise.all(this.shards(table, start).map((number) => this.#part(table, number)));
    return maps.flatMap((map) => [...map].filter(([key]) => key.startsWith(start)));
  }

  /** The postings of a term: `{ documents, fields, counts, norms, places }`. */
  postings(entry) {
    if (entry.postings !== null) return entry.postings;
    return this.keep(`h/${entry.heavy}`, (body) => {
      const bytes = new Bytes(body);
      const columns = { documents: bytes.column(), fields: bytes.column(), counts: bytes.column(), norms: bytes.column() };
      return readPostings(columns, entry.count, this.lengths);
    });
  }

  /** For each posting of a term, for each of its fields, the positions there. */
  async positions(entry) {
    const postings = await this.postings(entry);
    let bytes;
    if (entry.heavy === null) {
      const list = await this.keep(`p/${entry.shard}`, readPositions);
      bytes = new Bytes(list[entry.place]);
    } else {
      bytes = new Bytes(await this.keep(`q/${entry.heavy}`, (body) => body));
    }
    return Array.from(postings.counts, (count) => bytes.steps(count));
  }

  /** What is shown of a page. */
  async page(id) {
    const rows = await this.json(`d/${Math.floor(id / this.root.pages_a_file)}`);
    const [url, path, title, kind, owners, state] = rows[id % this.root.pages_a_file];
    return { url, path, title, kind, owners, state };
  }

  /** What a page says. */
  async text(id) {
    const [description, sections] = await this.json(`x/${id}`);
    return { description, sections: sections.map(([heading, sectionId, text]) => ({ heading, id: sectionId, text })) };
  }
}

function keys(bytes) {
  const count = bytes.number();
  const column = bytes.column();
  const list = [];
  let last = '';
  for (let at = 0; at < count; at += 1) {
    last = column.textAfter(last);
    list.push(last);
  }
  return list;
}

function termOf(bytes, word) {
  const shared = bytes.number();
  return shared === 0 ? word : beginning(word, shared - 1) + bytes.text();
}

/** By page: documents and a bit for each field; by page and field: how often, and the rounded length of the field. */
function readPostings(columns, count, lengths) {
  const documents = columns.documents.gaps(count);
  const fields = columns.fields.take(count);
  const [counts, norms] = [[], []];
  for (let at = 0; at < count; at += 1) {
    for (let bit = 1; bit <= fields[at]; bit <<= 1) {
      if ((fields[at] & bit) === 0) continue;
      counts.push(columns.counts.number() + 1);
      norms.push(bit === BODY && lengths !== null ? lengths[documents[at]] : columns.norms.byte());
    }
  }
  return { documents, fields, counts, norms };
}

function readTerms(bytes, shard, lengths) {
  const list = keys(bytes);
  const [surfaces, heads] = [bytes.column(), bytes.column()];
  const columns = { documents: bytes.column(), fields: bytes.column(), counts: bytes.column(), norms: bytes.column() };
  const facts = bytes.column();
  const terms = new Map();
  let place = 0;
  for (const term of list) {
    const entry = { shard, surfaces: [], heavy: null, postings: null, place: null };
    if (surfaces.bytes.length > 0) {
      const forms = surfaces.number();
      if (forms & 1) entry.surfaces.push(term);
      for (let at = 0; at < forms >> 1; at += 1) entry.surfaces.push(surfaces.textAfter(term));
    }
    const head = heads.number();
    entry.count = head >> 1;
    if (head & 1) {
      entry.heavy = heads.number();
    } else {
      entry.postings = readPostings(columns, entry.count, lengths);
      entry.place = place;
      place += 1;
    }
    entry.defines = facts.documents();
    entry.answers = facts.documents();
    const titled = facts.documents();
    entry.titles = Array.from(titled, (id) => {
      const sum = facts.take(4);
      return { id, sum: (sum[0] | sum[1] << 8 | sum[2] << 16 | sum[3] << 24) >>> 0 };
    });
    terms.set(term, entry);
  }
  return terms;
}

function readPositions(body) {
  const bytes = new Bytes(body);
  const [lengths, all] = [bytes.column(), bytes.column()];
  const list = [];
  while (lengths.at < lengths.bytes.length) list.push(all.take(lengths.number()));
  return list;
}

function readKeyed(value) {
  return (bytes) => {
    const list = keys(bytes);
    const values = bytes.column();
    return new Map(list.map((key) => [key, value(values, key)]));
  };
}

const READERS = {
  t: readTerms,
  f: readKeyed((values) => values.documents()),
  z: readKeyed((values, word) => ({ pages: values.number(), term: termOf(values, word) })),
  y: readKeyed((values) => Array.from({ length: values.number() }, () => (
    { letter: String.fromCodePoint(values.number()), pages: values.number() }
  ))),
  c: readKeyed((values, start) => Array.from({ length: values.number() }, () => {
    const word = start + values.text();
    return { word, term: termOf(values, word) };
  })),
};
