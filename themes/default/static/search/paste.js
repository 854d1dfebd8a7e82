// Pasted lines, stack traces and Alertmanager JSON → the words that say what happened.

import { isNoise, startsJson } from './query.js';
import { compare, compounds, isName, trim } from './tokens.js';

const ENOUGH = 24;
const MAX_DEPTH = 127;
const chunks = (text) => text.split(/\p{White_Space}+/u).filter((chunk) => chunk !== '');

const word = (text, subject) => ({ text, range: null, prefix: false, subject });

/** The words of a pasted text, what says most first; and whether there were more. */
export function pastedWords(text) {
  const found = new Found();
  const json = startsJson(trim(text)) ? parseJson(text) : undefined;
  if (json !== undefined) {
    found.readJson(json, null);
  } else {
    found.readAlertNames(text);
    found.readLines(text);
  }
  let list = found.words();
  if (list.length === 0) {
    // Nothing but noise: then the noise is what is meant.
    for (const compound of compounds(text)) {
      if (list.length > ENOUGH) break;
      list.push(word(text.slice(compound.start, compound.end), false));
    }
  }
  const more = list.length > ENOUGH;
  list = list.slice(0, ENOUGH);
  return { words: list, more };
}

/** As strict as the other implementation: no numbers out of range, halves of characters or endless depth. */
function parseJson(text) {
  const check = (value, depth) => {
    if (typeof value === 'number') return Number.isFinite(value);
    if (typeof value === 'string') return !/\p{Surrogate}/u.test(value);
    if (value === null || typeof value !== 'object') return true;
    if (depth >= MAX_DEPTH) return false;
    return Object.entries(value).every(([key, inner]) => check(key, depth) && check(inner, depth + 1));
  };
  try {
    const value = JSON.parse(text);
    return check(value, 0) ? value : undefined;
  } catch {
    return undefined;
  }
}

const EVERY_ALERT = new Set(['status', 'severity', 'receiver', 'startsAt', 'endsAt', 'fingerprint', 'groupKey']);

class Found {
  alerts = [];
  names = [];
  plain = [];
  frames = [];

  words() {
    const saidSomething = this.alerts.length + this.names.length + this.plain.length > 0;
    const seen = new Set();
    const list = [];
    const add = (text, subject) => {
      const lower = text.toLowerCase();
      if (!seen.has(lower)) list.push(word(text, subject));
      seen.add(lower);
    };
    for (const text of this.alerts) add(text, true);
    for (const text of [...this.names, ...this.plain, ...(saidSomething ? [] : this.frames)]) add(text, false);
    return list;
  }

  readJson(value, key) {
    if (Array.isArray(value)) {
      for (const inner of value) this.readJson(inner, key);
    } else if (value !== null && typeof value === 'object') {
      for (const name of Object.keys(value).sort(compare)) this.readJson(value[name], name);
    } else if (typeof value === 'string') {
      if (key === 'alertname') this.alerts.push(value);
      else if (!EVERY_ALERT.has(key) && !(key !== null && value.includes('://'))) this.readLine(value);
    }
  }

  /** `alertname="X"`, `"alertname": "X"`, `alertname: X`, `alertname = X`. */
  readAlertNames(text) {
    for (const found of text.matchAll(/alertname/g)) {
      const rest = text.slice(found.index + found[0].length).replace(/^["' :=~\\]+/, '');
      const name = /^[\p{Alphabetic}\p{N}_\-:]*/u.exec(rest)[0];
      if (name !== '') this.alerts.push(name);
    }
  }

  readLines(text) {
    for (const line of text.split('\n')) {
      if (isFrame(line)) {
        const frame = new Found();
        frame.readLine(line);
        this.frames.push(...frame.names);
      } else {
        this.readLine(line);
      }
    }
  }

  readLine(line) {
    for (const chunk of chunks(line)) {
      if (isNoise(chunk.replace(/^[^\p{Alphabetic}\p{N}]+|[^\p{Alphabetic}\p{N}]+$/gu, ''))) continue;
      for (const compound of compounds(chunk)) {
        const text = chunk.slice(compound.start, compound.end);
        if (isNoise(text) || text === 'alertname') continue;
        (isName(chunk, compound) ? this.names : this.plain).push(text);
      }
    }
  }
}

/** A line of a stack trace that says where, not what. */
function isFrame(line) {
  const start = line.replace(/^\p{White_Space}+/u, '');
  return /^#[0-9]/.test(start)
    || ['at ', 'File "', 'from /', 'goroutine ', '... '].some((frame) => start.startsWith(frame))
    || (start.startsWith('/') && start.includes(':'));
}

