// Docent default theme: the reader's choice between the system's colours, light and dark; a copy that was
// built long ago says so.
// Loaded in <head> without defer, so that the choice is there before the first paint.
(() => {
  const root = document.documentElement;
  const order = ['auto', 'light', 'dark'];
  let theme = 'auto';
  try {
    const kept = localStorage.getItem('docent-theme');
    if (order.includes(kept)) theme = kept;
  } catch { /* storage may be blocked; the choice then lasts for this page */ }

  const applyTheme = () => {
    if (theme === 'auto') delete root.dataset.theme;
    else root.dataset.theme = theme;
    for (const label of document.querySelectorAll('[data-theme-label]')) label.textContent = theme;
  };

  // The states on a page are those of the day it was built for. An old copy says so, since it cannot know better.
  const warnOfAge = () => {
    const meta = document.querySelector('meta[name="docent-day"]');
    const days = Math.floor((Date.now() - Date.parse(meta?.content)) / 86400000);
    if (!(days > Number(meta?.dataset.maxAge))) return;
    const banner = document.createElement('p');
    banner.className = 'banner';
    banner.setAttribute('role', 'status');
    banner.textContent = `This site was built ${days} days ago; states may have changed.`;
    document.querySelector('.top')?.after(banner);
  };

  root.classList.add('js');
  applyTheme();
  document.addEventListener('DOMContentLoaded', () => {
    applyTheme();
    warnOfAge();
    for (const button of document.querySelectorAll('[data-theme-toggle]')) {
      button.addEventListener('click', () => {
        theme = order[(order.indexOf(theme) + 1) % order.length];
        try { localStorage.setItem('docent-theme', theme); } catch { /* as above */ }
        applyTheme();
      });
    }
  });
})();
