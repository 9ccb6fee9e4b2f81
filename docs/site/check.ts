import { readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { Parser } from 'htmlparser2';

/** No page may be heavier, with all that it loads, in bytes as they go over the line uncompressed. */
export const MOST_BYTES = 400_000;

/** What a page of the site refers to, and which names in it can be referred to. */
interface Markup {
  readonly ids: readonly string[];
  readonly links: readonly string[];
  /** What a browser loads to show it. */
  readonly loads: readonly string[];
}

/**
 * Looks at a finished site: every link leads to a page and an anchor that are there, no name is given twice in a page,
 * no page is too heavy.
 *
 * @param pages - from the site's root
 * @returns what is wrong, a line each
 */
export function checkSite(folder: string, pages: readonly string[]): string[] {
  const markups = new Map(pages.map((url) => [url, read(readFileSync(join(folder, url), 'utf8'))]));
  const ids = new Map([...markups].map(([url, { ids }]) => [url, new Set(ids)]));
  return [...markups].flatMap(([url, markup]) => [
    ...markup.ids
      .filter((id, index) => markup.ids.indexOf(id) !== index)
      .map((id) => `${url}: two elements are #${id}`),
    ...[...markup.links, ...markup.loads].flatMap((href) => broken(folder, url, href, ids) ?? []),
    ...(weight(folder, url, markup) > MOST_BYTES
      ? [`${url}: ${weight(folder, url, markup)} bytes are more than ${MOST_BYTES}`]
      : []),
  ]);
}

/** The bytes of a page and of all that it loads. */
export function weightOf(folder: string, url: string): number {
  return weight(folder, url, read(readFileSync(join(folder, url), 'utf8')));
}

function weight(folder: string, url: string, { loads }: Markup): number {
  const files = new Set([url, ...loads.map((href) => posix.join(posix.dirname(url), href.split('?')[0] as string))]);
  return [...files].reduce(
    (sum, file) => sum + (statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
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
  if (!statSync(join(folder, target), { throwIfNoEntry: false })?.isFile()) return `${url}: "${href}" leads nowhere`;
  const isThere = anchor === undefined || !ids.has(target) || ids.get(target)?.has(decodeURIComponent(anchor));
  return isThere ? undefined : `${url}: "${href}": that page has no #${anchor}`;
}

function read(html: string): Markup {
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
