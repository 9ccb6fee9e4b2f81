/** Folded parts open when a link leads into them, and when the page is printed. */
export function openWhatIsMeant(): void {
  const open = () => {
    const target =
      location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    const folded = target?.closest('details:not([open])');
    folded?.setAttribute('open', '');
    if (folded) target?.scrollIntoView();
  };
  open();
  addEventListener('hashchange', open);
  addEventListener('beforeprint', () => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
  if (matchMedia('(max-width: 77rem)').matches) document.querySelector('.contents details')?.removeAttribute('open');
}
