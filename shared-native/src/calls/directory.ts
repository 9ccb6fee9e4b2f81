import { type Call, type Fd, makeCall } from '../call.ts';
import { fd, path } from './arguments.ts';
import { manual } from './manual.ts';

manual('chdir', {
  words: ({ path }) => `work in ${path} from here on`,
  errors: {
    ENOENT: 'the directory does not exist; make it, or give another',
    ENOTDIR: 'it is no directory, or part of the path is none; check the path',
    EACCES:
      'this user may not search the directory or one above it; check owner and mode, as seen in this user namespace',
    ELOOP: 'too many symbolic links on the way; check where they lead',
  },
});

/**
 * Changes the working directory: where relative paths start.
 *
 * @param directory - in the mount namespace and root of this process
 * @see {@link https://man7.org/linux/man-pages/man2/chdir.2.html | chdir(2)}
 */
export function chdir(directory: string): Call {
  return makeCall('chdir', { path: path('path', directory) });
}

manual('fchdir', {
  page: 'chdir',
  words: ({ fd }) => `work in the directory of descriptor ${fd} from here on`,
  errors: {
    EBADF: 'the descriptor is not open; open the directory first',
    ENOTDIR: 'the descriptor is no directory; open it with O_DIRECTORY to be sure',
    EACCES: 'this user may not search the directory; check owner and mode, as seen in this user namespace',
  },
});

/**
 * Changes the working directory to one that is open already, also where no path leads any more.
 *
 * @param descriptor - of a directory; O_PATH is enough
 * @see {@link https://man7.org/linux/man-pages/man2/chdir.2.html | fchdir(2)}
 */
export function fchdir(descriptor: Fd): Call {
  return makeCall('fchdir', { fd: fd('fd', descriptor) });
}
