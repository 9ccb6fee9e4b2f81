import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { defaultRootfs, defaultRootfsPath } from 'step-01';
import { inRoot } from '../../../test/boxstep.ts';
import { installed } from '../../../test/installed.ts';
import { KEPT } from '../../../test/said.ts';
import { liveApart } from './apart.ts';

/**
 * Prepares what a client needs: the default root filesystem, mounts that only this process sees, and a folder in the root of the
 * tests with the name of its program.
 *
 * @returns false where its tests are skipped
 */
export async function prepare(program: string): Promise<boolean> {
  if (process.geteuid?.() !== 0 || !installed(program)) return false;
  await defaultRootfs(() => {});
  liveApart();
  mkdirSync(inRoot(program));
  return true;
}

/** A function that runs a client with the words that it is given. It never rejects. */
export function client(program: string, env: NodeJS.ProcessEnv = {}) {
  return (...words: string[]) =>
    execa(program, words, { env, reject: false, all: true, stdin: 'ignore', forceKillAfterDelay: false, ...KEPT });
}

export type Client = ReturnType<typeof client>;

/** Imports the default root filesystem as the image `box`. Its archive, `box.tar`, stays in the folder. */
export async function importBox(type: Client, folder: string): Promise<void> {
  const archive = join(folder, 'box.tar');
  await execa('tar', ['-C', defaultRootfsPath(), '-cf', archive, '.']);
  const { exitCode, all } = await type('import', archive, 'box');
  if (exitCode !== 0) throw new Error(`the image can't be imported: ${all}`);
}
