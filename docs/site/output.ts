import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Markup, markupIn } from './check.ts';

/** The folder of a site that may be built again and again: only what has changed is written, and parsed. */
export class Output {
  readonly folder: string;
  /** What each file holds, by its address; undefined until there is a site. */
  #there: ReadonlyMap<string, string | Buffer> | undefined;
  #coming = new Map<string, string | Buffer>();
  readonly #markups = new Map<string, { readonly html: string; readonly markup: Markup }>();

  constructor(folder: string) {
    this.folder = folder;
  }

  /** A site begins. Of the first, nothing stays that was in the folder before. */
  begin(): void {
    if (!this.#there) rmSync(this.folder, { recursive: true, force: true });
    this.#coming = new Map();
  }

  write(url: string, content: string | Buffer): void {
    this.#coming.set(url, content);
    if (isSame(this.#there?.get(url), content)) return;
    const file = join(this.folder, url);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  copy(file: string, url: string): void {
    this.write(url, readFileSync(file));
  }

  /** All is written: removes what an earlier site had besides. */
  end(): void {
    for (const url of this.#there?.keys() ?? []) if (!this.#coming.has(url)) rmSync(join(this.folder, url));
    this.#there = this.#coming;
  }

  /** What a page of the site refers to. */
  markup(url: string): Markup {
    const html = String(this.#there?.get(url) ?? '');
    const known = this.#markups.get(url);
    if (known?.html === html) return known.markup;
    const markup = markupIn(html);
    this.#markups.set(url, { html, markup });
    return markup;
  }
}

function isSame(before: string | Buffer | undefined, now: string | Buffer): boolean {
  return typeof now === 'string' ? before === now : Buffer.isBuffer(before) && before.equals(now);
}
