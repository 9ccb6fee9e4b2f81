import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What some files of a folder in a workspace's docs export; nothing where a workspace has no such folder. */
export async function loadParts<Parts>(root: string, name: string, files: string[]): Promise<Parts | undefined> {
  const folder = join(root, 'docs', name);
  if (!existsSync(join(folder, 'assets.ts'))) return undefined;
  const load = (file: string) => import(pathToFileURL(join(folder, file)).href);
  return Object.assign({}, ...(await Promise.all(files.map(load))));
}
