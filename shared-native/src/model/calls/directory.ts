import { fail } from '../errors.ts';
import { descriptor } from '../files/descriptors.ts';
import { lookUp } from '../files/path.ts';
import { assertMay, MAY_EXEC } from '../files/permission.ts';
import type { Family } from '../handler.ts';

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
