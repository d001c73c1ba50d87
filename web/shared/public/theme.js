// Runs before the first paint, so that nobody who chose the dark theme sees a white flash. The theme's own code takes over from here.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem('solaris.theme');
  } catch {
    // Storage may be forbidden; the system's choice is used.
  }
  const dark =
    chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
