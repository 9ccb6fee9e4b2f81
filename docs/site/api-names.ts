import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiPage } from './api.ts';
import { importedNames } from './imported-names.ts';

/** Answers with the address of a name's description, from the site's root. */
export type Described = (name: string) => string | undefined;

/** Where each exported name is described. */
export class ApiNames {
  readonly #root: string;
  /** By package, each after those that it builds on, then by name. */
  readonly #packages = new Map<string, Map<string, string>>();
  /** From a file, absolute, to what it imports. */
  readonly #imported = new Map<string, ReadonlySet<string>>();

  constructor(root: string, pages: readonly ApiPage[]) {
    this.#root = root;
    for (const { path, url, sections } of pages) {
      const names = this.#packages.get(folderOf(path)) ?? new Map<string, string>();
      this.#packages.set(folderOf(path), names);
      for (const { title, slug } of sections) names.set(title, `${url}#${slug}`);
    }
  }

  /** The names that a declaration on the API's page of a file mentions. */
  ofDeclaration(path: string): Described {
    const folders = [...this.#packages.keys()];
    const below = folders.slice(0, folders.indexOf(folderOf(path)) + 1).reverse();
    return (name) => below.map((folder) => this.#packages.get(folder)?.get(name)).find(Boolean);
  }

  /** The names that a source file imports: any other name may be the file's own, and only spelled the same. */
  ofSource(path: string): Described {
    const described = this.ofDeclaration(path);
    const imported = this.#imported.get(path) ?? importedNames(readFileSync(join(this.#root, path), 'utf8'));
    this.#imported.set(path, imported);
    return (name) => (imported.has(name) ? described(name) : undefined);
  }
}

function folderOf(path: string): string {
  return path.split('/src/')[0] as string;
}
