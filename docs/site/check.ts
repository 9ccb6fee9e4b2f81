import { readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { Parser } from 'htmlparser2';

/** No page may be heavier, with all that it loads, in bytes as they go over the line uncompressed. */
export const MOST_BYTES = 400_000;

/** What a page of the site refers to, and which names in it can be referred to. */
export interface Markup {
  readonly ids: readonly string[];
  readonly links: readonly string[];
  /** What a browser loads to show it. */
  readonly loads: readonly string[];
}

/** A site that was looked at. */
export interface Checked {
  /** What is wrong, a line each. */
  readonly wrong: readonly string[];
  /** The heaviest page with all that it loads, in bytes. */
  readonly heaviest: { readonly url: string; readonly bytes: number };
}

/**
 * Looks at a finished site: every link leads to a page and an anchor that are there, no name is given twice in a page,
 * no page is too heavy.
 *
 * @param pages - from the site's root
 * @param markupOf - what a page refers to, where that is known
 */
export function checkSite(
  folder: string,
  pages: readonly string[],
  markupOf = (url: string) => markupIn(readFileSync(join(folder, url), 'utf8')),
): Checked {
  const markups = new Map(pages.map((url) => [url, markupOf(url)]));
  const ids = new Map([...markups].map(([url, { ids }]) => [url, new Set(ids)]));
  const sizes = new Map<string, number>();
  const weights = [...markups].map(([url, markup]) => ({ url, bytes: weight(folder, url, markup, sizes) }));
  const wrong = [...markups].flatMap(([url, markup]) => [
    ...markup.ids
      .filter((id, index) => ids.get(url)?.size !== markup.ids.length && markup.ids.indexOf(id) !== index)
      .map((id) => `${url}: two elements are #${id}`),
    ...[...markup.links, ...markup.loads].flatMap((href) => broken(folder, url, href, ids) ?? []),
  ]);
  const heavy = weights.filter(({ bytes }) => bytes > MOST_BYTES);
  return {
    wrong: [...wrong, ...heavy.map(({ url, bytes }) => `${url}: ${bytes} bytes are more than ${MOST_BYTES}`)],
    heaviest: weights.reduce((most, one) => (one.bytes > most.bytes ? one : most), { url: '', bytes: 0 }),
  };
}

function weight(folder: string, url: string, { loads }: Markup, sizes: Map<string, number>): number {
  const files = new Set([url, ...loads.map((href) => posix.join(posix.dirname(url), href.split('?')[0] as string))]);
  const size = (file: string) => {
    const known = sizes.get(file) ?? statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0;
    sizes.set(file, known);
    return known;
  };
  return [...files].reduce((sum, file) => sum + size(file), 0);
}

function broken(
  folder: string,
  url: string,
  href: string,
  ids: ReadonlyMap<string, ReadonlySet<string>>,
): string | undefined {
  if (/^[a-z][a-z+.-]*:/i.test(href)) return undefined;
  if (href.startsWith('/')) return `${url}: "${href}" holds only where the site is the root of a server`;
  const [path = '', anchor] = href.split('#', 2);
  const target = path === '' ? url : posix.join(posix.dirname(url), path.split('?')[0] as string);
  if (!ids.has(target) && !statSync(join(folder, target), { throwIfNoEntry: false })?.isFile())
    return `${url}: "${href}" leads nowhere`;
  const isThere = anchor === undefined || !ids.has(target) || ids.get(target)?.has(decodeURIComponent(anchor));
  return isThere ? undefined : `${url}: "${href}": that page has no #${anchor}`;
}

/** What a page refers to. */
export function markupIn(html: string): Markup {
  const markup = { ids: [] as string[], links: [] as string[], loads: [] as string[] };
  const parser = new Parser({
    onopentag(name, { id, href, src, action }) {
      if (id) markup.ids.push(id);
      if (name === 'link' && href) markup.loads.push(href);
      else if (href) markup.links.push(href);
      if (src) markup.loads.push(src);
      if (action) markup.links.push(action);
    },
  });
  parser.end(html);
  return markup;
}
