import { cpSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { REPOSITORY } from '../boxstep.ts';
import { CantDownload } from '../cache.ts';
import { findPnpm } from '../pnpm.ts';

const FILES = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', 'boxstep', 'scripts', 'shared-native', 'steps'];

/**
 * Copies the course as it is now, with its packages for arm64 (koffi has one for each machine), and as if its set-up
 * had been run there: Node is the one on PATH.
 *
 * @throws {CantDownload} without a network, unless pnpm has all of it in its store.
 */
export async function copyCourse(to: string): Promise<void> {
  mkdirSync(to, { recursive: true });
  for (const name of FILES) cpSync(join(REPOSITORY, name), join(to, name), { recursive: true, filter: isSource });
  await install(to);
  mkdirSync(join(to, 'node_modules/node/bin'), { recursive: true });
  symlinkSync('/usr/bin/node', join(to, 'node_modules/node/bin/node'));
  const stamp = join(to, 'node_modules/.boxstep-installed');
  writeFileSync(stamp, '');
  const inAnHour = Date.now() / 1000 + 3600; // newer than the lockfile: ./boxstep compares no more than that
  utimesSync(stamp, inAnHour, inAnHour);
}

function isSource(path: string): boolean {
  return !/\/(node_modules|test)$/.test(path);
}

async function install(folder: string): Promise<void> {
  const pnpm = findPnpm();
  if (pnpm === undefined) throw new CantDownload("the packages for arm64 can't be fetched: there is no pnpm");
  const words = [
    ...pnpm.command,
    ...['install', '--prod', '--frozen-lockfile', '--ignore-scripts', '--reporter=append-only'],
    ...['--os=linux', '--cpu=arm64', '--libc=glibc'],
  ];
  const { failed, all } = await execa({ cwd: folder, env: pnpm.env, all: true, reject: false })`${words}`;
  if (failed) throw new CantDownload(`the packages for arm64 can't be fetched: ${words.join(' ')}: ${all}`);
}
