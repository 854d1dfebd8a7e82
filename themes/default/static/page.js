// Docent default theme: reading aids of a page. The contents follow the reader, anchors of headings copy their address,
// a large image opens in full.
(() => {
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
