import { descriptor } from '../descriptors.ts';
import { fail } from '../errors.ts';
import type { Family } from '../handler.ts';
import { lookUp } from '../path.ts';
import { assertMay, MAY_EXEC } from '../permission.ts';

/** The working directory: where relative paths start. */
export const directoryCalls: Family<'chdir' | 'fchdir'> = {
  chdir(state, args) {
    const place = lookUp(state, args.text('path'), { follow: true, directory: true });
    assertMay(state, place.inode, MAY_EXEC);
    state.process.cwd = place;
    return 0;
  },

  fchdir(state, args) {
    const { place } = descriptor(state, args.int('fd')).file;
    if (place.inode.type !== 'directory') fail('ENOTDIR');
    assertMay(state, place.inode, MAY_EXEC);
    state.process.cwd = place;
    return 0;
  },
};
