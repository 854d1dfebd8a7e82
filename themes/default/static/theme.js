// Docent default theme: the reader's choice between the system's colours, light and dark.
// Loaded in <head> without defer, so that the choice is there before the first paint.
(() => {
  const root = document.documentElement;
  const order = ['auto', 'light', 'dark'];
  let theme = 'auto';
  try {
    const kept = localStorage.getItem('docent-theme');
    if (kept !== null && order.includes(kept)) theme = kept;
  } catch { /* storage may be blocked; the choice then lasts for this page */ }

  const applyTheme = () => {
    if (theme === 'auto') delete root.dataset.theme;
    else root.dataset.theme = theme;
    for (const label of document.querySelectorAll('[data-theme-label]')) label.textContent = theme;
  };

  root.classList.add('js');
  applyTheme();
  document.addEventListener('DOMContentLoaded', () => {
    applyTheme();
    for (const button of document.querySelectorAll('[data-theme-toggle]')) {
      button.addEventListener('click', () => {
        theme = order[(order.indexOf(theme) + 1) % order.length];
        try { localStorage.setItem('docent-theme', theme); } catch { /* as above */ }
        applyTheme();
      });
    }
  });
})();
