import { readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';

/** The workspace's folder, without a slash at the end. */
export const ROOT = join(import.meta.dirname, '../../..');

/** A path as it is typed in the workspace's folder. */
export function shown(path: string): string {
  const seen = relative(ROOT, path);
  return seen.startsWith('..') ? path : seen;
}

/** Where students work on a step unless they say otherwise. */
export function homeworkOf({ name }: { readonly name: string }, root = ROOT): string {
  return join(root, handedOut(root) ?? join('homework', basename(name)));
}

/** A command as students type it: `pnpm homework hint 3 1`, or `npm run hint 1` in a folder that `export` made. */
export function typed(command: string, { number }: { readonly number: number }, ...more: readonly number[]): string {
  const words = handedOut() === undefined ? ['pnpm homework', command, number] : ['npm run', command];
  return [...words, ...more].join(' ');
}

/** The folder to work in, which a workspace that `export` made names in its package.json. */
export function handedOut(root = ROOT): string | undefined {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).config?.homework;
}
