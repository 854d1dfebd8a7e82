// Docent default theme: reading aids. A copy that was built long ago says so, the contents follow the reader,
// anchors of headings copy their address, a large image opens in full.
(() => {
  /** @param {string} text */
  const warn = (text) => {
    const banner = document.createElement('p');
    banner.className = 'banner';
    banner.setAttribute('role', 'status');
    banner.textContent = text;
    document.querySelector('.top')?.after(banner);
  };

  // The states on a page are those of the day it was built for. An old copy says so, since it cannot know better.
  const meta = document.querySelector('meta[name="docent-day"]');
  const days = Math.floor((Date.now() - Date.parse(meta?.getAttribute('content') ?? '')) / 86400000);
  if (days > Number(meta?.getAttribute('data-max-age'))) {
    warn(`This site was built ${days} days ago; states may have changed.`);
  }

  // The page came from a kept copy.
  const kept = document.querySelector('meta[name="docent-copy"]');
  if (kept) {
    const built = kept.getAttribute('content') ?? '';
    const old = Math.floor((Date.now() - Date.parse(built.replace(' UTC', 'Z').replace(' ', 'T'))) / 86400000);
    const age = Number.isFinite(old) ? `, ${old === 0 ? 'today' : old === 1 ? 'a day ago' : `${old} days ago`}` : '';
    document.querySelector('.banner')?.remove();
    warn(`The network does not answer. This is your kept copy${built ? `, built ${built}${age}` : ''}.`);
  }
  const offline = document.querySelector('[data-offline]');
  if (offline instanceof HTMLElement) {
    const load = () => import(new URL(offline.dataset.offline ?? '', location.href).href);
    offline.addEventListener('click', () => void load().then((it) => it.show(offline.dataset.root)));
    try {
      if (localStorage.getItem('docent-offline')) void load().then((it) => it.renew(offline.dataset.root)).catch(() => { /* no network */ });
    } catch { /* storage is blocked: nothing can be kept */ }
  }

  // Contents: the heading that the reader is at.
  /** @type {Map<string, Element>} */
  const entries = new Map();
  for (const link of document.querySelectorAll('.toc a[href^="#"]')) {
    entries.set(decodeURIComponent(link.getAttribute('href') ?? '').slice(1), link);
  }
  const headings = [...document.querySelectorAll('.doc :is(h2, h3, h4)[id], .kids[id], .back[id]')].filter((heading) => entries.has(heading.id));
  if (headings.length > 0) {
    const mark = () => {
      const edge = (parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 72) + 8;
      let current = headings[0];
      for (const heading of headings) {
        if (heading.getBoundingClientRect().top <= edge) current = heading;
      }
      const end = Math.ceil(scrollY + innerHeight) >= document.documentElement.scrollHeight - 2;
      if (end && scrollY > 0) current = headings[headings.length - 1];
      for (const [id, link] of entries) {
        if (id === current.id) link.setAttribute('aria-current', 'location');
        else link.removeAttribute('aria-current');
      }
    };
    let waiting = false;
    const soon = () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => { waiting = false; mark(); });
    };
    addEventListener('scroll', soon, { passive: true });
    addEventListener('resize', soon, { passive: true });
    mark();
  }

  document.addEventListener('click', (event) => {
    if (!(event.target instanceof Element)) return;
    const anchor = event.target.closest('.anchor');
    if (anchor instanceof HTMLAnchorElement) {
      // The link still leads there; its address is in the clipboard besides.
      navigator.clipboard?.writeText(anchor.href).then(() => {
        anchor.classList.add('copied');
        setTimeout(() => anchor.classList.remove('copied'), 1500);
      }, () => { /* no clipboard */ });
    }
  });

  // A large image in full. The image itself links to its file; that works without this script.
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a.zoom') : null;
    if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const dialog = document.createElement('dialog');
    dialog.className = 'zoomed';
    const small = link.querySelector('img');
    dialog.setAttribute('aria-label', small?.alt || 'Image');
    const image = document.createElement('img');
    image.src = link.href;
    image.alt = small?.alt ?? '';
    const close = document.createElement('button');
    close.type = 'button';
    close.className = 'btn';
    close.textContent = 'Close';
    dialog.append(close, image);
    dialog.addEventListener('click', () => dialog.close());
    dialog.addEventListener('close', () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  });
})();
