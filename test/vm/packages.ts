import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { makeOnce } from 'step-01';
import { cached } from '../cache.ts';

/** Where packages are unpacked, and kept: `$BOXSTEP_CACHE/vm`, beside the default root filesystem. */
export const CACHE = cached('vm');

/** Told what takes long. */
export type Say = (line: string) => void;

/** A folder of unpacked packages. */
export interface Unpacked {
  readonly name: string;
  /** Tells which packages. */
  packages(): Promise<readonly string[]>;
  /** What else there is to do in the new folder. */
  finish?(folder: string): Promise<void>;
}

/**
 * A folder with Debian packages unpacked in it; nothing is installed. It's made on first use.
 *
 * @throws {Error} with what apt was asked and what it answered
 */
export async function unpacked({ name, packages, finish }: Unpacked, say: Say): Promise<string> {
  const path = join(CACHE, name);
  await makeOnce({
    path,
    isThere: (folder) => existsSync(join(folder, '.packages')),
    otherwise: 'holds no unpacked packages (it has no .packages)',
    make: async (folder) => {
      const all = await packages();
      say(`downloading ${all.length} packages for ${name}, this once: ${all.join(' ')}`);
      await download(all, folder);
      await finish?.(folder);
      writeFileSync(join(folder, '.packages'), `${all.join('\n')}\n`);
    },
  });
  return path;
}

/** The first package of several that apt knows; what it stands for, if it only stands for another one. */
export async function firstKnown(names: readonly string[], say: Say): Promise<string> {
  const shown = () => execa('apt-cache', ['depends', ...names], APT);
  let { stdout } = await shown();
  if (stdout === '') {
    await update(say);
    ({ stdout } = await shown());
  }
  const [, first] = /^(\S+)$/m.exec(stdout) ?? [];
  if (first === undefined) throw new Error(`apt knows none of these packages: ${names.join(', ')}`);
  return /^ {2}Depends: (linux-image-\S+)$/m.exec(stdout)?.[1] ?? first;
}

const APT = { reject: false, env: { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' } } as const;

/** What `apt-get install` would fetch: it knows best what packages need, and what of that this machine has. */
export async function withDependencies(packages: readonly string[], say: Say): Promise<string[]> {
  const words = ['install', '--simulate', '--reinstall', '--no-install-recommends', ...packages];
  const simulate = () => execa('apt-get', words, { ...APT, all: true });
  let result = await simulate();
  if (result.exitCode !== 0) {
    await update(say);
    result = await simulate();
  }
  const found = [...result.stdout.matchAll(/^Inst (\S+)/gm)].map(([, name]) => name as string);
  if (result.exitCode === 0 && found.length > 0) return found;
  throw new Error(tried(`apt-get ${words.join(' ')}`, result.all));
}

/** The lists of a new machine are empty, and those of an old one name packages that are no more. */
async function update(say: Say): Promise<void> {
  say('apt-get update');
  const { exitCode, stderr } = await execa('apt-get', ['update', '-qq'], APT);
  if (exitCode !== 0) throw new Error(tried('apt-get update', stderr));
}

async function download(packages: readonly string[], folder: string): Promise<void> {
  const debs = mkdtempSync(join(tmpdir(), 'boxstep-debs-'));
  try {
    // Sandboxed, root's apt becomes _apt, which may not write to a folder of root's.
    const words = ['download', '-qq', '-o', 'APT::Sandbox::User=root', ...packages];
    const { exitCode, all } = await execa('apt-get', words, { ...APT, cwd: debs, all: true });
    if (exitCode !== 0) throw new Error(tried(`apt-get ${words.join(' ')}`, all));
    for (const deb of readdirSync(debs)) await execa('dpkg', ['-x', join(debs, deb), folder]);
  } finally {
    rmSync(debs, { recursive: true, force: true });
  }
}

function tried(command: string, answer: string): string {
  return `\`${command}\` failed:\n  ${answer.trim().split('\n').slice(-8).join('\n  ')}\nWithout a network there is nothing to do; else try \`apt-get update\`.`;
}
