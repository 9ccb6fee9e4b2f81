/** Marks the part that is being read, in the list of what is on the page. */
export function whereInPage(): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>('.contents li a')];
  const parts = links.flatMap((link) => {
    const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    return heading ? [{ link, heading }] : [];
  });
  const mark = () => {
    const here = parts.findLast(({ heading }) => heading.getBoundingClientRect().top < innerHeight / 3);
    for (const { link } of parts) {
      if (link === here?.link) link.setAttribute('aria-current', 'location');
      else link.removeAttribute('aria-current');
    }
  };
  const observer = new IntersectionObserver(mark, { rootMargin: '0px 0px -67% 0px' });
  for (const { heading } of parts) observer.observe(heading);
}
