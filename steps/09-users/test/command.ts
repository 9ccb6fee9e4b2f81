import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { asAUser, boxstep, REPOSITORY } from '../../../test/boxstep.ts';

const FOLDER = join(REPOSITORY, 'steps/09-users');

/** Runs step 9's command as a user types it, also while there is none that a user could type. */
export function nine(...args: string[]) {
  if (existsSync(join(FOLDER, 'src/main.ts'))) return boxstep('9', ...args);
  return execa(process.execPath, ['--import', 'tsx', join(FOLDER, 'test/main.ts'), ...args], asAUser());
}
