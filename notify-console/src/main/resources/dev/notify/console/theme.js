// Before anything is drawn, so that nothing flashes: what was chosen here before.
(() => {
  const root = document.documentElement;
  root.classList.add('js');
  try {
    const theme = localStorage.getItem('notify-console-theme');
    if (theme === 'light' || theme === 'dark') {
      root.dataset.theme = theme;
    }
  } catch {
    // Storage may be switched off; the system's theme will do.
  }
})();
