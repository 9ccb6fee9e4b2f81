import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { state } from 'step-01';
import { boxstep } from '../../../test/boxstep.ts';
import { imageOf, layoutFiles, type Wanted, writeTar } from './images.ts';

/** Runs step 8's command as a user types it. */
export function eight(...args: string[]) {
  return boxstep('8', ...args);
}

/** Runs a container that has no network: these tests are about files. */
export function run(...args: string[]) {
  return eight('run', '--network', 'none', ...args);
}

/** The names of the directories of containers. */
export function containers(): string[] {
  const directory = join(state().data, 'containers');
  return existsSync(directory) ? readdirSync(directory) : [];
}

/** Writes an image as an archive: on top of the default root filesystem, as its first layer, those given. */
export function writeImage(path: string, rootfs: string, { layers = [], ...wanted }: Wanted, name: string): void {
  const base = execFileSync('tar', ['-C', rootfs, '--sort=name', '-cf', '-', '.'], { maxBuffer: 1e9 });
  writeTar(path, layoutFiles([[imageOf({ ...wanted, layers: [base, ...layers] }), name]]));
}
