import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import writeFileAtomic from 'write-file-atomic';

/**
 * The sources of packages without their types, by address, in one file: every task starts a process that loads them, and
 * to erase the types there took three quarters of its time. The file is named for what is in it, and made once.
 *
 * @param root - the workspace's folder
 * @param packages - their folders
 * @returns its path
 */
export function erased(root: string, packages: readonly string[]): string {
  const paths = packages.flatMap((path) => globSync('src/**/*.ts', { cwd: path }).map((file) => join(path, file)));
  const sources = paths.sort().map((path) => [pathToFileURL(path).href, readFileSync(path, 'utf8')] as const);
  const hash = createHash('sha256')
    .update(JSON.stringify([process.version, sources]))
    .digest('hex')
    .slice(0, 16);
  const folder = join(root, 'node_modules/.cache/homework');
  const file = join(folder, `${hash}.json`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const without = sources.map(([url, source]) => [url, stripTypeScriptTypes(source)]);
  writeFileAtomic.sync(file, JSON.stringify(Object.fromEntries(without)));
  return file;
}
