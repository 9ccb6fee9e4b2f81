/** A word of the glossary opens what it means beside it; Escape, or a click elsewhere, closes it. */
export function termNotes(): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a.term')) {
    const note = document.getElementById(`term-${link.hash.slice(1)}`);
    if (!note?.showPopover) continue; // an older browser goes to the glossary
    link.setAttribute('aria-haspopup', 'dialog');
    link.addEventListener('click', (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return; // the reader wants the page
      event.preventDefault();
      note.showPopover();
      placeBelow(note, link);
      note.focus({ preventScroll: true });
    });
  }
}

const GAP = 6;

/** Below the word, or above it where there is no room below; on the screen as a whole. */
function placeBelow(note: HTMLElement, word: HTMLElement): void {
  const at = word.getBoundingClientRect();
  const page = document.documentElement;
  const left = Math.max(GAP, Math.min(at.left, page.clientWidth - note.offsetWidth - GAP));
  const hasRoom = at.bottom + GAP + note.offsetHeight < page.clientHeight;
  const top = hasRoom ? at.bottom + GAP : at.top - GAP - note.offsetHeight;
  note.style.left = `${left + scrollX}px`;
  note.style.top = `${top + scrollY}px`;
}
