import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { asAUser, boxstep, REPOSITORY } from '../../../test/boxstep.ts';

const FOLDER = join(REPOSITORY, 'steps/10-capabilities');

/** Runs step 10's command as a user types it, also while there is none that a user could type. */
export function ten(...args: string[]) {
  if (existsSync(join(FOLDER, 'src/main.ts'))) return boxstep('10', ...args);
  return execa(process.execPath, ['--import', 'tsx', join(FOLDER, 'test/main.ts'), ...args], asAUser());
}

/** Runs a container that has no network but its own loopback. */
export function run(...args: string[]) {
  return ten('run', '--network', 'none', ...args);
}
