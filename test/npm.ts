import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { makeOnce } from 'step-01';
import { CantDownload, cached } from './cache.ts';

/**
 * The folder of a package of npm's, downloaded at the first use. Nothing is installed.
 *
 * @throws {CantDownload} without a network.
 */
export async function fromNpm(name: string, version: string): Promise<string> {
  const path = cached(`npm-${name}-${version}`);
  const make = async (making: string) => {
    const words = ['pack', '--silent', '--pack-destination', making, `${name}@${version}`];
    const { failed, all } = await execa('npm', words, { cwd: making, all: true, reject: false });
    if (failed) throw new CantDownload(`${name} ${version} can't be had: npm ${words.join(' ')}: ${all}`);
    await execa({ cwd: making })`tar -xzf ${readdirSync(making)}`;
  };
  const isThere = (folder: string) => existsSync(join(folder, 'package/package.json'));
  await makeOnce({ path, isThere, otherwise: 'has no package in it', make });
  return join(path, 'package');
}
