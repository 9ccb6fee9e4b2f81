import { task } from 'grader';
import { asText } from 'shared-native';
import { expect, test } from 'vitest';
import { terminal } from '../src/index.ts';

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
    const at = (what: string) => opened().findIndex((text) => text.startsWith(what));

    test('both ends are opened, the other one by the first and not by a path', () => {
      expect(opened()[0]).toBe(MASTER);
      expect(opened()).toContain(SLAVE);
    });

    test('the end that the host takes is the one that is opened', () => {
      const { master, open } = made();
      expect(open.indexOf(master)).toBe(0);
    });

    test('the lock is opened before the other end is', () => {
      const unlocked = at(`ioctl(<${MASTER}>, TIOCSPTLCK`);
      expect(made().open[unlocked]?.args.arg).toEqual({ kind: 'room', into: new Uint8Array(4) });
      expect(unlocked).toBeLessThan(at(SLAVE));
    });

    test('the terminal has its size, and belongs to whoever uses it', () => {
      expect(at(`ioctl(<${SLAVE}>, TIOCSWINSZ`)).toBeGreaterThan(at(SLAVE));
      expect(at(`fchownat(<${SLAVE}>, "", 1000, -1, AT_EMPTY_PATH)`)).toBeGreaterThan(at(SLAVE));
    });

    test('it is the console, too', () => {
      expect(opened().at(-1)).toBe('mount("/dev/pts/0", "/dev/console", NULL, MS_BIND, NULL)');
    });

    test('it becomes the terminal of the session, and standard input, output and error', () => {
      expect(made().stdio.map(asText)).toEqual([
        `ioctl(<${SLAVE}>, TIOCSCTTY, 0)`,
        ...[0, 1, 2].map((descriptor) => `dup3(<${SLAVE}>, ${descriptor}, 0)`),
      ]);
    });
  },
);
