import { existsSync, globSync, realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { erased } from './erased.ts';

/** What a student's process may see of the file tree: nothing of the step that is graded, and no later one. */
export interface Place {
  /** Directories and files by absolute path: Node, what Node needs, this grader, and the packages of earlier steps. */
  readonly paths: readonly string[];
  /** Node's arguments. */
  readonly command: readonly string[];
}

/** A student's process, and the pipes to it. */
export interface Student {
  readonly requests: Writable;
  readonly answers: Readable;
  /** Its standard output and error: the student's own, for the report to quote. */
  readonly output: readonly Readable[];
  /** Kills it with all that it has started. */
  kill(): void;
  /** How it ended, in words, which begin with NOT_STARTED if it never began. Never rejects. */
  readonly ended: Promise<string>;
}

/** Bytes of memory that a student's process may use. */
export const MEMORY = 512 * 1024 ** 2;

/** Processes and threads that it may be at once: Node alone is a dozen. */
export const PIDS = 64;

/** Seconds of CPU time. */
export const CPU_SECONDS = 60;

/** Who a student's process is, where the grader is root: the user that owns nothing. */
export const NOBODY = { uid: 65_534, gid: 65_534, groups: [], home: '/' };

/** How `ended` begins where the fault is the machine's. */
export const NOT_STARTED = 'could not be started';

/**
 * Only what is needed, by the path that holds it: Node's --permission goes by the names, and follows any link that begins
 * in a folder that may be read. Links between the packages lead to the reference.
 *
 * @param root - the workspace's folder
 * @param directory - the folder of the step that is graded
 * @param step - its number
 */
export function placeOf(root: string, directory: string, step: number): Place {
  const grader = join(import.meta.dirname, '../..');
  const earlier = globSync('steps/[0-9][0-9]-*', { cwd: root })
    .filter((path) => Number.parseInt(path.slice('steps/'.length), 10) < step)
    .sort();
  const packages = [...earlier, 'shared-native'].map((path) => join(root, path));
  const sources = erased(root, packages);
  const links = [...packages, directory].flatMap(linksIn);
  links.push(join(grader, 'node_modules/devalue'));
  const paths = [
    ...packages.flatMap(parts),
    sources,
    join(root, 'package.json'),
    join(directory, 'package.json'),
    join(grader, 'package.json'),
    join(grader, 'src/inside'),
    join(grader, 'src/wire'),
    join(grader, 'src/todo.ts'),
    ...links,
    ...stored(links, join(root, 'node_modules/.pnpm')),
  ].filter((path) => existsSync(path));
  const main = join(grader, 'src/inside/main.ts');
  const permission = ['--permission', ...paths.map((path) => `--allow-fs-read=${path}`)];
  const command = [...permission, '--max-old-space-size=256', '--disable-warning=SecurityWarning', main, sources];
  return { paths, command };
}

/** The program that runs this, without links on the way. */
export function node(): string {
  return realpathSync(process.execPath);
}

function parts(directory: string): string[] {
  return ['package.json', 'src'].map((name) => join(directory, name));
}

function linksIn(directory: string): string[] {
  return globSync('node_modules/{*,@*/*}', { cwd: directory }).map((link) => join(directory, link));
}

/** Where pnpm keeps the libraries that links lead to, and the libraries of those. */
function stored(links: readonly string[], store: string, found = new Set<string>()): Set<string> {
  for (const path of links.map((link) => realpathSync(link)).filter((path) => path.startsWith(store + sep))) {
    const folder = join(store, relative(store, path).split(sep)[0] ?? '');
    if (found.has(folder)) continue;
    found.add(folder);
    stored(linksIn(folder), store, found);
  }
  return found;
}
