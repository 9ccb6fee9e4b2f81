import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
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
  const kept = join(root, 'node_modules/.cache/homework', `${hash}.json`);
  if (existsSync(kept)) return kept;
  const without = Object.fromEntries(sources.map(([url, source]) => [url, stripTypeScriptTypes(source)]));
  try {
    return written(kept, without);
  } catch (error) {
    // ENOENT is what some filesystems answer that take no directory, such as /sys.
    if (!['EACCES', 'EROFS', 'EPERM', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return written(join(ownFolder(), `${hash}.json`), without);
  }
}

function written(file: string, modules: Readonly<Record<string, string>>): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileAtomic.sync(file, JSON.stringify(modules));
  return file;
}

/** Where the workspace is somebody else's: a folder that lasts as long as this process. */
function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'boxstep-homework-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
