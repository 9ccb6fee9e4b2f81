import { ioctl, isatty, perform, TIOCGWINSZ, TIOCSWINSZ, tolerate } from 'shared-native';

/** The size of a terminal, in characters. */
export interface WindowSize {
  readonly rows: number;
  readonly columns: number;
}

/** The size of the caller's terminal; 0 by 0, which means unknown, where there is none. */
export function callersSize(): WindowSize {
  const terminal = [1, 0, 2].find((descriptor) => isatty(descriptor));
  if (terminal === undefined) return { rows: 0, columns: 0 };
  const size = new Uint16Array(4);
  perform(tolerate(ioctl(terminal, TIOCGWINSZ, new Uint8Array(size.buffer)), 'EIO')); // it has hung up
  const [rows = 0, columns = 0] = size;
  return { rows, columns };
}

/** The kernel's struct winsize: ioctl_tty(2). The last two fields are unused. */
export function bytesOf({ rows, columns }: WindowSize): Uint8Array {
  return new Uint8Array(new Uint16Array([rows, columns, 0, 0]).buffer);
}

/** Gives a terminal the size of the caller's, now and whenever that changes. @returns what ends it. */
export function followSize(master: number): () => void {
  const follow = () => perform(ioctl(master, TIOCSWINSZ, bytesOf(callersSize())));
  follow(); // it may have changed since the plan was made
  process.on('SIGWINCH', follow);
  return () => process.off('SIGWINCH', follow);
}
