// Before anything is painted: the choice between light and dark that was made here, if one was.
try {
  const theme = localStorage.getItem('boxstep.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // A browser that keeps nothing: the system's choice holds.
}
