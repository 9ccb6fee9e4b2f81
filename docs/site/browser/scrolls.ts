/** What is wider than its place is scrolled by the arrow keys, so the Tab key must lead to it; and only then. */
export function scrollsByKeys(): void {
  const mark = () => {
    for (const element of document.querySelectorAll<HTMLElement>('.scrolls')) {
      if (element.scrollWidth > element.clientWidth) element.tabIndex = 0;
      else element.removeAttribute('tabindex');
    }
  };
  mark();
  addEventListener('resize', mark);
}
