import { chmodSync, cpSync, existsSync, globSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { testsOf } from '../step/imports.ts';
import type { Step } from '../step/step.ts';
import { ROOT, shown } from '../step/workspace.ts';

/** Copies files of the workspace, by patterns; never what is installed, made or hidden in it. */
export function copy(patterns: readonly string[], to: string, but: readonly string[] = []): void {
  const exclude = ['**/node_modules', '**/node_modules/**', ...but];
  for (const path of globSync([...patterns], { cwd: ROOT, exclude, withFileTypes: true })) {
    if (!path.isFile()) continue;
    const file = join(path.parentPath, path.name).slice(ROOT.length + 1);
    mkdirSync(dirname(join(to, file)), { recursive: true });
    cpSync(join(ROOT, file), join(to, file));
  }
}

/** What of the workspace's own tests those of a step import. */
export function sharedTests(step: Step): string[] {
  return testsOf(step)
    .map((path) => relative(ROOT, path))
    .filter((path) => path.startsWith('test/'));
}

/** Writes a file, and the folders it is in. */
export function write(folder: string, path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
  chmodSync(join(folder, path), mode);
}

/** @throws {Error} if there is something in a folder: it may be somebody's work */
export function assertEmpty(folder: string): void {
  if (!existsSync(folder) || readdirSync(folder).length === 0) return;
  throw new Error(`${shown(folder)} is not empty: remove it, or name another folder with --to`);
}
