/** The buttons below pictures, on a screen on which the whole picture is small: as large as drawn, to be scrolled, and back. */
export function enlargeButtons(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('button.enlarge')) {
    button.hidden = false;
    button.addEventListener('click', () => {
      const isLarge = button.previousElementSibling?.classList.toggle('is-large') ?? false;
      button.setAttribute('aria-pressed', String(isLarge));
      dispatchEvent(new Event('resize')); // what scrolls now must be reached by the keyboard
    });
  }
}
