import { kept } from './kept.ts';

/** The button that changes between light and dark; until it is pressed, the system's choice holds. */
export function themeButton(): void {
  const button = document.querySelector<HTMLButtonElement>('button.theme');
  if (!button) return;
  const system = matchMedia('(prefers-color-scheme: dark)');
  const page = document.documentElement;
  const isDark = () => (page.dataset.theme ? page.dataset.theme === 'dark' : system.matches);
  const show = () => button.setAttribute('aria-pressed', String(isDark()));
  button.hidden = false;
  show();
  system.addEventListener('change', show);
  button.addEventListener('click', () => {
    page.dataset.theme = isDark() ? 'light' : 'dark';
    kept.set('theme', page.dataset.theme);
    show();
  });
}
