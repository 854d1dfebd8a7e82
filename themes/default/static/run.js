// Docent default theme: commands and steps of a page. Copying takes commands only and puts in what was filled in;
// ticks carry their time. What the reader types stays in this tab and is never sent; secrets are not even kept.
// What is a prompt, output or a placeholder was decided by the build.
(() => {
  const place = `docent-run ${location.pathname}`;
  /** @type {{ values: Record<string, string>, ticks: Record<string, string> }} */
  let kept = { values: {}, ticks: {} };
  try {
    const stored = JSON.parse(sessionStorage.getItem(place) ?? 'null');
    if (stored?.values && stored?.ticks) kept = stored;
  } catch { /* blocked or broken: this page begins anew */ }
  const keep = () => {
    try { sessionStorage.setItem(place, JSON.stringify(kept)); } catch { /* it lasts for this page */ }
  };

  /**
   * Says something on a button for a moment.
   * @param {Element} button
   * @param {string} text
   */
  const say = (button, text) => {
    const label = button.lastChild;
    if (!label) return;
    button.setAttribute('data-label', button.getAttribute('data-label') ?? label.textContent ?? '');
    label.textContent = text;
    setTimeout(() => { label.textContent = button.getAttribute('data-label'); }, 2500);
  };

  /**
   * Writes to the clipboard; without one (no HTTPS) it selects the element for Ctrl+C.
   * @param {Element} button
   * @param {string} text
   * @param {string} done
   * @param {Element} instead
   */
  const write = async (button, text, done, instead) => {
    try {
      await navigator.clipboard.writeText(text);
      say(button, done);
    } catch {
      getSelection()?.selectAllChildren(instead);
      say(button, 'Selected');
    }
  };

  // Placeholders
  const form = document.querySelector('.fields');
  /** @param {string} key @returns {HTMLInputElement | null} */
  const field = (key) => form?.querySelector(`input[name="${CSS.escape(key)}"]`) ?? null;

  /**
   * A value as a shell reads it where it stands: alone, inside quotes, in a here-document, or no shell at all.
   * @param {string} value
   * @param {string | undefined} context
   */
  const quote = (value, context) => {
    const single = value.replaceAll("'", "'\\''");
    switch (context) {
      case 'r': return value;
      case 's': return single;
      case 'd': return value.replace(/[\\"$`]/g, '\\$&').replaceAll('!', '"\'!\'"');
      case 'h': return value.replace(/[\\$`]/g, '\\$&');
      default: return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${single}'`;
    }
  };

  const show = () => {
    for (const place of document.querySelectorAll('var[data-v]')) {
      if (!(place instanceof HTMLElement)) continue;
      place.dataset.said ??= place.textContent ?? '';
      const value = field(place.dataset.v ?? '')?.value ?? '';
      place.classList.toggle('set', value !== '');
      // Who types the placeholder itself wants it as it is.
      place.textContent = value === '' || value === place.dataset.said ? place.dataset.said : quote(value, place.dataset.q);
    }
  };

  if (form) {
    for (const input of form.querySelectorAll('input')) {
      input.value = kept.values[input.name] ?? '';
      input.addEventListener('input', () => {
        if (!input.classList.contains('secret')) kept.values[input.name] = input.value;
        keep();
        show();
      });
    }
    form.querySelector('[data-clear]')?.addEventListener('click', () => {
      for (const input of form.querySelectorAll('input')) input.value = '';
      kept.values = {};
      keep();
      show();
    });
    show();
  }

  /** @param {HTMLInputElement} input */
  const fits = (input) => {
    const pattern = input.dataset.pattern;
    if (!pattern) return true;
    try { return new RegExp(`^(?:${pattern})$`, 'u').test(input.value); } catch { return true; }
  };

  /** @param {Element} code @returns {HTMLInputElement | undefined} the first field that still has to be filled in */
  const missing = (code) => {
    for (const place of code.querySelectorAll('var[data-v]')) {
      const input = field(place.getAttribute('data-v') ?? '');
      if (input && (input.value === '' || !fits(input)) && !place.closest('.pr, samp')) return input;
    }
    return undefined;
  };

  document.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('.cmd figcaption button') : null;
    const figure = button?.closest('figure');
    const code = figure?.querySelector('pre code');
    if (!button || !figure || !code) return;
    figure.querySelector('.hint')?.remove();
    const input = missing(code);
    if (input) {
      const hint = document.createElement('span');
      hint.className = 'hint';
      hint.setAttribute('role', 'alert');
      const name = input.labels?.[0]?.firstChild?.textContent?.trim() ?? input.name;
      hint.textContent = input.value ? `${name} does not look right` : `${name} is empty: fill it in above`;
      button.before(hint);
      input.focus();
      return;
    }
    const copy = /** @type {Element} */ (code.cloneNode(true));
    for (const other of copy.querySelectorAll('.pr, samp')) other.remove();
    const text = (copy.textContent ?? '').replace(/^\n+|\s+$/g, '');
    const lines = text.split('\n').length;
    // Who copies a dangerous command is told what is in the clipboard now.
    const done = figure.classList.contains('danger') ? `Copied ${lines} dangerous ${lines === 1 ? 'line' : 'lines'}` : 'Copied';
    void write(button, text, done, code);
  });

  // Steps
  /** @type {HTMLInputElement[]} */
  const ticks = [...document.querySelectorAll('.steps > li > .tick > input')].filter((input) => input instanceof HTMLInputElement);
  const run = document.querySelector('.run');
  if (!run || ticks.length === 0) return;
  const two = (/** @type {number} */ number) => String(number).padStart(2, '0');
  const clock = (/** @type {string} */ time) => { const at = new Date(time); return `${two(at.getHours())}:${two(at.getMinutes())}`; };
  const name = (/** @type {number} */ index) => `step-${index + 1}`;
  const number = (/** @type {HTMLInputElement} */ input) => {
    const list = input.closest('ol');
    const at = [...(list?.children ?? [])].indexOf(/** @type {Element} */ (input.closest('li')));
    return (list?.start ?? 1) + at;
  };

  const showTicks = () => {
    let first;
    for (const [index, input] of ticks.entries()) {
      const time = kept.ticks[name(index)];
      input.checked = Boolean(time);
      let shown = input.parentElement?.querySelector('time');
      if (!time) {
        shown?.remove();
        first ??= input;
        continue;
      }
      if (!shown) {
        shown = document.createElement('time');
        input.parentElement?.append(shown);
      }
      shown.dateTime = time;
      shown.textContent = clock(time);
    }
    const done = Object.keys(kept.ticks).length;
    const times = Object.values(kept.ticks).sort();
    const since = run.querySelector('.muted');
    if (since) since.textContent = done ? `since ${clock(times[0])}` : '';
    const bar = run.querySelector('progress');
    if (bar) bar.value = done;
    const status = run.querySelector('[role="status"]');
    if (status) status.textContent = `${done} of ${ticks.length} steps done`;
    const jump = document.querySelector('.jump');
    const item = first?.closest('li');
    if (jump instanceof HTMLAnchorElement && item?.id) {
      jump.href = `#${item.id}`;
      jump.textContent = done ? `Go on with step ${number(/** @type {HTMLInputElement} */ (first))}` : `Go to step ${number(/** @type {HTMLInputElement} */ (first))}`;
    }
  };

  for (const [index, input] of ticks.entries()) {
    input.addEventListener('change', () => {
      if (input.checked) kept.ticks[name(index)] = new Date().toISOString();
      else delete kept.ticks[name(index)];
      keep();
      showTicks();
    });
  }
  run.querySelector('[data-again]')?.addEventListener('click', () => {
    kept.ticks = {};
    keep();
    showTicks();
  });
  const log = run.querySelector('[data-log]');
  log?.addEventListener('click', () => {
    const said = (/** @type {HTMLInputElement} */ input) => input.parentElement?.querySelector('span')?.textContent?.trim().replace(/\s+/g, ' ') ?? '';
    const lines = ticks.flatMap((input, index) => {
      const time = kept.ticks[name(index)];
      return time ? [[time, `${time.slice(0, 16).replace('T', ' ')} UTC  ${number(input)}. ${said(input)}`]] : [];
    });
    lines.sort(([left], [right]) => (left < right ? -1 : 1));
    const title = document.querySelector('h1')?.textContent?.trim() ?? document.title;
    const text = [`${title}: ${lines.length} of ${ticks.length} steps`, location.origin + location.pathname, ...lines.map(([, line]) => line)].join('\n');
    void write(log, text, 'Copied', /** @type {Element} */ (document.querySelector('.doc')));
  });
  showTicks();
})();
