// Snowball's algorithm for English ("Porter 2"), for words in small letters.
// The names of the steps are those of the algorithm's description.

/** @type {Map<string, string>} */
const SPECIAL = new Map(/** @type {[string, string][]} */ ([
  ['skis', 'ski'], ['skies', 'sky'], ['idly', 'idl'], ['gently', 'gentl'], ['ugly', 'ugli'], ['early', 'earli'],
  ['only', 'onli'], ['singly', 'singl'],
  ...['sky', 'news', 'howe', 'atlas', 'cosmos', 'bias', 'andes'].map((word) => [word, word]),
]));
const REGION = /^(?:arsen|commun|emerg|gener|inter|later|organ|past|univers)/;
const KEPT_ING = new Set(['even', 'cann', 'inn', 'earr', 'herr', 'out']);
const KEPT_EED = new Set(['succ', 'proc', 'exc']);
const DOUBLE = /(?:bb|dd|ff|gg|mm|nn|pp|rr|tt)$/;

// Longest ending first: the first that fits is the one that counts.
const STEP2 = [
  ['ational', 'ate'], ['fulness', 'ful'], ['iveness', 'ive'], ['ization', 'ize'], ['ousness', 'ous'],
  ['biliti', 'ble'], ['lessli', 'less'], ['tional', 'tion'],
  ['alism', 'al'], ['aliti', 'al'], ['ation', 'ate'], ['entli', 'ent'], ['fulli', 'ful'], ['iviti', 'ive'],
  ['ousli', 'ous'], ['ogist', 'og'],
  ['abli', 'able'], ['alli', 'al'], ['anci', 'ance'], ['ator', 'ate'], ['enci', 'ence'], ['izer', 'ize'],
  ['bli', 'ble'], ['ogi', 'og'], ['li', ''],
];
const STEP3 = [
  ['ational', 'ate'], ['tional', 'tion'], ['alize', 'al'], ['ative', ''], ['icate', 'ic'], ['iciti', 'ic'],
  ['ical', 'ic'], ['ness', ''], ['ful', ''],
];
const STEP4 = [
  'ement', 'able', 'ance', 'ence', 'ible', 'ment', 'ant', 'ate', 'ent', 'ion', 'ism', 'iti', 'ive', 'ize', 'ous',
  'al', 'er', 'ic',
];

const isVowel = (letter) => letter !== undefined && 'aeiouy'.includes(letter);
const hasVowel = (text) => /[aeiouy]/.test(text);

function endsInShortSyllable(word) {
  const last = word.at(-1);
  if (last === undefined) return false;
  if (word.endsWith('past')) return true;
  if (word.length === 2) return isVowel(word[0]) && !isVowel(last);
  return word.length > 2 && !/[aeiouywxY]/.test(last) && isVowel(word.at(-2)) && !isVowel(word.at(-3));
}

/** Where the part of a word begins that follows the first consonant after a vowel. */
function region(word, from) {
  let at = from;
  while (at < word.length && !isVowel(word[at])) at += 1;
  while (at < word.length && isVowel(word[at])) at += 1;
  return Math.min(word.length, at + 1);
}

function step1a(word) {
  if (word.endsWith('sses')) return word.slice(0, -2);
  if (word.endsWith('ied') || word.endsWith('ies')) return word.slice(0, word.length > 4 ? -2 : -1);
  if (word.endsWith('us') || word.endsWith('ss') || !word.endsWith('s')) return word;
  return hasVowel(word.slice(0, -2)) ? word.slice(0, -1) : word;
}

function step1b(word, p1) {
  const ending = /(?:eedly|ingly|edly|eed|ing|ed)$/.exec(word)?.[0];
  if (ending === undefined) return word;
  const stem = word.slice(0, -ending.length);
  if (ending.startsWith('eed')) return stem.length >= p1 && !KEPT_EED.has(stem) ? `${stem}ee` : word;
  if (ending === 'ing') {
    if (stem.length === 2 && stem[1] === 'y' && !isVowel(stem[0])) return `${stem[0]}ie`;
    if (KEPT_ING.has(stem)) return word;
  }
  if (!hasVowel(stem)) return word;
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (DOUBLE.test(stem)) return /^[aeo]..$/.test(stem) ? stem : stem.slice(0, -1);
  return stem.length === p1 && endsInShortSyllable(stem) ? `${stem}e` : stem;
}

function step2(word, p1) {
  const found = STEP2.find(([ending]) => word.endsWith(ending));
  if (found === undefined) return word;
  const [ending, instead] = found;
  const stem = word.slice(0, -ending.length);
  if (stem.length < p1) return word;
  if (ending === 'ogi' && !stem.endsWith('l')) return word;
  if (ending === 'li' && !/[cdeghkmnrt]$/.test(stem)) return word;
  return stem + instead;
}

function step3(word, p1, p2) {
  const found = STEP3.find(([ending]) => word.endsWith(ending));
  if (found === undefined) return word;
  const [ending, instead] = found;
  const stem = word.slice(0, -ending.length);
  return stem.length < (ending === 'ative' ? Math.max(p1, p2) : p1) ? word : stem + instead;
}

function step4(word, p2) {
  const ending = STEP4.find((candidate) => word.endsWith(candidate));
  if (ending === undefined) return word;
  const stem = word.slice(0, -ending.length);
  if (stem.length < p2 || (ending === 'ion' && !/[st]$/.test(stem))) return word;
  return stem;
}

function step5(word, p1, p2) {
  const stem = word.slice(0, -1);
  if (word.endsWith('e')) {
    return stem.length >= p2 || (stem.length >= p1 && !endsInShortSyllable(stem)) ? stem : word;
  }
  return word.endsWith('ll') && stem.length >= p2 ? stem : word;
}

/** The stem of a word. */
export function english(word) {
  if (SPECIAL.has(word)) return SPECIAL.get(word);
  if (word.length < 3) return word;
  // A `y` that begins a word or follows a vowel is a consonant, written large.
  let it = '';
  for (const letter of word) it += letter === 'y' && (it === '' || isVowel(it.at(-1))) ? 'Y' : letter;
  const p1 = REGION.exec(it)?.[0].length ?? region(it, 0);
  const p2 = region(it, p1);
  it = step1b(step1a(it), p1);
  if (/..[yY]$/.test(it) && !isVowel(it.at(-2))) it = `${it.slice(0, -1)}i`;
  it = step3(step2(it, p1), p1, p2);
  it = step5(step4(it, p2), p1, p2);
  return it.replaceAll('Y', 'y');
}
