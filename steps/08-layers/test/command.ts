import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { state } from 'step-01';
import { asAUser, boxstep, REPOSITORY } from '../../../test/boxstep.ts';
import { imageOf, layoutFiles, type Wanted, writeTar } from './images.ts';

const FOLDER = join(REPOSITORY, 'steps/08-layers');

/** Runs step 8's command as a user types it, also while there is none that a user could type. */
export function eight(...args: string[]) {
  if (existsSync(join(FOLDER, 'src/main.ts'))) return boxstep('8', ...args);
  return execa(process.execPath, ['--import', 'tsx', join(FOLDER, 'test/main.ts'), ...args], asAUser());
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
