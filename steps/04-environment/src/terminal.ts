import {
  AT_EMPTY_PATH,
  AT_FDCWD,
  type Call,
  dup3,
  fchownat,
  ioctl,
  O_CLOEXEC,
  O_NOCTTY,
  O_RDWR,
  openat,
  TIOCGPTPEER,
  TIOCSCTTY,
  TIOCSPTLCK,
  TIOCSWINSZ,
} from 'shared-native';
import { console } from 'step-03';
import { bytesOf, type WindowSize } from './attach/window-size.ts';

/** The container's terminal, as calls. */
export interface Terminal {
  /** Opens the user's end, of which the host takes a copy. */
  readonly master: Call;
  /** Makes the terminal, once there is a /dev/pts. */
  readonly open: readonly Call[];
  /** Makes it standard input, output and error, and the terminal of this session: after setsid. */
  readonly stdio: readonly Call[];
}

const OPEN = O_RDWR | O_NOCTTY | O_CLOEXEC;

// #region a terminal of its own
/** A pair of ends. What is written to one can be read from the other, and the line discipline is in between. */
export function terminal(size: WindowSize, uid: number): Terminal {
  // #region task 5: a terminal of its own
  const master = openat(AT_FDCWD, '/dev/ptmx', OPEN);
  const slave = ioctl(master, TIOCGPTPEER, OPEN);
  return {
    master,
    open: [
      master,
      ioctl(master, TIOCSPTLCK, new Uint8Array(4)), // a lock that is 0 is open
      slave,
      ioctl(slave, TIOCSWINSZ, bytesOf(size)),
      fchownat(slave, '', uid, -1, AT_EMPTY_PATH),
      ...console('/dev/pts/0'), // the first of its devpts
    ],
    stdio: [ioctl(slave, TIOCSCTTY, 0), dup3(slave, 0), dup3(slave, 1), dup3(slave, 2)],
  };
  // #endregion
}
// #endregion
