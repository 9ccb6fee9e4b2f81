import { existsSync, statSync } from 'node:fs';
import { dirname, join, posix, relative, resolve } from 'node:path';
import type { ApiNames } from './api-names.ts';
import type { Document } from './outline.ts';

/** Which file of the repository is which page of the site. Addresses are from the site's root. */
export class Urls {
  readonly root: string;
  readonly glossary = 'glossary.html';
  /** Source files and folders that a page leads to: they need a page, too. By path from the repository's root. */
  readonly sources = new Set<string>();
  /** Files that are copied as they are. */
  readonly assets = new Map<string, string>();
  /** Where names are described, once the API is known. */
  names?: ApiNames;
  /** From a file, absolute, to its page. */
  readonly #pages: ReadonlyMap<string, string>;

  constructor(root: string, documents: readonly Document[]) {
    this.root = root;
    const home = [join(root, 'README.md'), 'index.html'] as const;
    this.#pages = new Map([home, ...documents.map(({ file, url }) => [file, url] as const)]);
  }

  /** Where a link of a file leads: to a page, to a page of a source file, or to the web. `site:` is a page by itself. */
  resolve(href: string, file: string): string {
    if (href.startsWith('site:')) return href.slice('site:'.length);
    if (/^[a-z][a-z+.-]*:|^\/\//i.test(href)) return href;
    const [path = '', anchor] = href.split('#', 2);
    const target =
      path === ''
        ? file
        : path.startsWith('/')
          ? join(this.root, path)
          : resolve(dirname(file), decodeURIComponent(path));
    return this.page(target) + (anchor === undefined ? '' : `#${anchor}`);
  }

  /** The page of a file or folder of the repository. */
  page(file: string): string {
    const page = this.#pages.get(file) ?? this.#pages.get(join(file, 'README.md'));
    return page ?? this.source(file);
  }

  /** The page that shows a source file, or lists a folder. */
  source(file: string): string {
    const path = relative(this.root, file);
    if (existsSync(file)) this.sources.add(path); // else the check of links has told
    return sourceUrl(path, existsSync(file) && statSync(file).isDirectory());
  }

  /** Where a file is that is copied as it is. */
  asset(file: string): string {
    const url = `assets/${relative(this.root, file)}`;
    this.assets.set(file, url);
    return url;
  }

  /** An address from the site's root as a page writes it, so that the site works under any base path. */
  relative(from: string, to: string): string {
    if (/^[a-z][a-z+.-]*:|^\/\//i.test(to)) return to;
    const [path = '', anchor] = to.split('#', 2);
    const hash = anchor === undefined ? '' : `#${anchor}`;
    if (path === from || path === '') return hash || posix.basename(from);
    return posix.relative(posix.dirname(from), path) + hash;
  }
}

function sourceUrl(path: string, isFolder: boolean): string {
  return isFolder ? posix.join('source', path, 'index.html') : `source/${path}.html`;
}
