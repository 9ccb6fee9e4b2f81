/** The buttons that copy a block: of code all of it, of a transcript what was typed. */
export function copyButtons(): void {
  if (!navigator.clipboard) return; // there is none on a page without https
  for (const button of document.querySelectorAll<HTMLButtonElement>('button.copy')) {
    button.hidden = false;
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(textOf(button.parentElement));
      button.textContent = 'Copied';
      setTimeout(() => {
        button.textContent = 'Copy';
      }, 2000);
    });
  }
}

function textOf(figure: HTMLElement | null): string {
  const typed = [...(figure?.querySelectorAll('kbd') ?? [])];
  if (typed.length > 0) return typed.map((command) => `${command.textContent}\n`).join('');
  return figure?.querySelector('pre')?.textContent ?? '';
}
