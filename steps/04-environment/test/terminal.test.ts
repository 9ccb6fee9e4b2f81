import { task } from 'grader';
import { asText, type Call } from 'shared-native';
import { expect, test } from 'vitest';
import { terminal } from '../src/index.ts';

/** The calls whose results these calls take as arguments. */
const needed = (calls: readonly Call[]) =>
  calls.flatMap(({ args }) => Object.values(args).flatMap((one) => (one.kind === 'result' ? [one.of] : [])));

task(
  5,
  {
    points: 20,
    hints: [
      'Opening /dev/ptmx gives the master. Its other end is locked at first: TIOCSPTLCK with four zero bytes opens the lock. ioctl(master, TIOCGPTPEER, OPEN) gives the slave, by no path.',
      'Then the size (TIOCSWINSZ, bytesOf(size)), the owner (fchownat(slave, "", uid, -1, AT_EMPTY_PATH)), and the console on /dev/pts/0.',
      'stdio: TIOCSCTTY makes the slave the terminal of the session, and dup3 makes it descriptor 0, 1 and 2.',
    ],
  },
  () => {
    const MASTER = 'openat(AT_FDCWD, "/dev/ptmx", O_RDWR|O_NOCTTY|O_CLOEXEC)';
    const SLAVE = `ioctl(<${MASTER}>, TIOCGPTPEER, O_RDWR|O_NOCTTY|O_CLOEXEC)`;
    const made = () => terminal({ rows: 24, columns: 80 }, 1000);
    const opened = () => made().open.map(asText);
    const bytes = (what: string) => {
      const { arg } = made().open.find((call) => asText(call).startsWith(what))?.args ?? {};
      return arg?.kind === 'room' ? [...arg.into] : undefined;
    };
    const at = (what: string) => opened().findIndex((text) => text.startsWith(what));

    test('both ends are opened, the other one by the first and not by a path', () => {
      expect(opened()[0], 'the master is first').toBe(MASTER);
      const slave = opened().find((text) => text.includes('TIOCGPTPEER') || text.includes('"/dev/pts'));
      expect(slave, 'what is mounted on /dev/pts may be anything; TIOCGPTPEER gives the very other end').toBe(SLAVE);
    });

    test('the end that the host takes, and every end that is used, is one that was opened', () => {
      const { master, open, stdio } = made();
      const never = [master, ...needed([...open, ...stdio])].filter((call) => !open.includes(call));
      const why = 'these are arguments, and never made: a call that is made once is one value, wherever it is used';
      expect([...new Set(never.map(asText))], why).toEqual([]);
    });

    test('the lock is opened before the other end is', () => {
      const why =
        'a new terminal is locked, and its other end gives EIO: TIOCSPTLCK with four bytes of 0 opens the lock';
      expect(bytes(`ioctl(<${MASTER}>, TIOCSPTLCK`), why).toEqual([0, 0, 0, 0]);
      expect(at(`ioctl(<${MASTER}>, TIOCSPTLCK`), 'first the lock, then the other end').toBeLessThan(at(SLAVE));
    });

    test('the terminal has its size, and belongs to whoever uses it', () => {
      const sized = [SLAVE, MASTER].map((end) => `ioctl(<${end}>, TIOCSWINSZ`); // both ends have the same size
      const resize = sized.find((text) => at(text) !== -1) ?? '';
      const [rows, , columns] = bytes(resize) ?? [];
      expect({ rows, columns }, 'struct winsize has the rows first; bytesOf(size) makes it').toEqual({
        rows: 24,
        columns: 80,
      });
      const owned = opened().find((text) => text.startsWith('fchownat('));
      expect(owned, 'whoever is no longer root must be able to open it').toBe(
        `fchownat(<${SLAVE}>, "", 1000, -1, AT_EMPTY_PATH)`,
      );
      const end = resize.includes(SLAVE) ? SLAVE : MASTER;
      expect(at(resize), 'first it is opened').toBeGreaterThan(at(end));
      expect(at('fchownat('), 'first it is opened').toBeGreaterThan(at(SLAVE));
    });

    test('it is the console, too', () => {
      expect(opened().at(-1), 'console(path) binds the first terminal, /dev/pts/0').toBe(
        'mount("/dev/pts/0", "/dev/console", NULL, MS_BIND, NULL)',
      );
    });

    test('it becomes the terminal of the session, and standard input, output and error', () => {
      const why = 'TIOCSCTTY makes it the terminal to which Ctrl-C belongs, and dup3 what is read and written';
      const stdio = made().stdio.map((call) => asText(call).replace(`<${SLAVE}>`, 'slave'));
      expect(stdio, why).toEqual([
        'ioctl(slave, TIOCSCTTY, 0)',
        'dup3(slave, 0, 0)',
        'dup3(slave, 1, 0)',
        'dup3(slave, 2, 0)',
      ]);
    });
  },
);
