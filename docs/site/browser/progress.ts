import { kept } from './kept.ts';

/** Which steps the reader has marked as done, shown wherever a step is named, and the button that marks one. */
export function progress(): void {
  const done = new Set(JSON.parse(kept.get('done') ?? '[]') as string[]);
  const button = document.querySelector<HTMLButtonElement>('button[data-done]');
  const show = () => {
    for (const element of document.querySelectorAll<HTMLElement>('[data-step]')) {
      const isDone = done.has(element.dataset.step ?? '');
      element.classList.toggle('is-done', isDone);
      for (const words of element.querySelectorAll<HTMLElement>('.done')) words.hidden = !isDone;
    }
    button?.setAttribute('aria-pressed', String(done.has(button.dataset.done ?? '')));
  };
  show();
  if (!button) return;
  button.hidden = false;
  button.addEventListener('click', () => {
    const step = button.dataset.done ?? '';
    if (!done.delete(step)) done.add(step);
    kept.set('done', JSON.stringify([...done]));
    show();
  });
}
