// What a reader's browser keeps: recent and pinned searches, and what to mark on the next page. Where storage is
// blocked, it lasts as long as the page.

const KEY = 'docent-search';
const MARKS = 'docent-marks';
const RECENT = 5;
const PINNED = 10;
const LONGEST = 200;

let memory = { recent: [], pinned: [] };

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? 'null');
    const texts = (list) => (Array.isArray(list) ? list.filter((text) => typeof text === 'string' && text !== '') : []);
    if (kept !== null) memory = { recent: texts(kept.recent), pinned: texts(kept.pinned) };
  } catch { /* blocked, or not ours */ }
  return memory;
}

function write(next) {
  memory = next;
  try { localStorage.setItem(KEY, JSON.stringify(next)); } catch { /* blocked or full */ }
}

/** Recent and pinned searches. */
export function makeState() {
  return {
    recent: () => read().recent,
    pinned: () => read().pinned,
    keepRecent(text) {
      const { recent, pinned } = read();
      if (text === '' || text.length > LONGEST) return;
      write({ pinned, recent: [text, ...recent.filter((other) => other !== text)].slice(0, RECENT) });
    },
    togglePin(text) {
      const { recent, pinned } = read();
      const without = pinned.filter((other) => other !== text);
      write({ recent, pinned: without.length < pinned.length ? without : [text, ...pinned].slice(0, PINNED) });
    },
    keepMarks(path, marks) {
      if (!marks) return;
      try { sessionStorage.setItem(MARKS, JSON.stringify({ path, ...marks })); } catch { /* blocked: nothing is marked */ }
    },
  };
}
