import { gzipSync } from 'node:zlib';
import MiniSearch from 'minisearch';
import { type Entry, OPTIONS } from './search-options.ts';
import type { Section } from './search-sections.ts';

/** What the search finds, of every page. */
export class SearchIndex {
  readonly #entries: Entry[] = [];

  add(kind: string, page: { readonly url: string; readonly title: string }, sections: readonly Section[]): void {
    for (const { slug, title, text, under } of sections) {
      const url = slug ? `${page.url}#${slug}` : page.url;
      this.#entries.push({
        id: this.#entries.length,
        url,
        title,
        page: page.title,
        kind,
        text,
        ...(under && { under }),
      });
    }
  }

  /**
   * A script, and not JSON: a page that was opened as a file may load that. Compressed, because a server of files may
   * not do it.
   */
  script(): string {
    const index = new MiniSearch<Entry>(OPTIONS);
    index.addAll(this.#entries);
    return `boxstepSearch('${gzipSync(JSON.stringify(index)).toString('base64')}');\n`;
  }
}
