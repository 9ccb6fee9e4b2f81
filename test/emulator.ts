import { spawn } from 'node:child_process';
import { closeSync, readSync, writeSync } from 'node:fs';
import headless from '@xterm/headless';
import {
  AT_FDCWD,
  ioctl,
  O_CLOEXEC,
  O_NOCTTY,
  O_NONBLOCK,
  O_RDWR,
  openat,
  perform,
  TIOCGPTPEER,
  TIOCSPTLCK,
  TIOCSWINSZ,
  whenReadable,
} from 'shared-native';
import { bytesOf } from 'step-04';
import { expect } from 'vitest';
import { REPOSITORY } from './boxstep.ts';

const OPEN = O_RDWR | O_NOCTTY | O_CLOEXEC;

/** A terminal as a person has it, a pty of the kernel's with an emulator at its other end, and a program on it. */
export function openEmulator(argv: readonly string[], columns = 80, rows = 24) {
  const master = perform(openat(AT_FDCWD, '/dev/ptmx', OPEN | O_NONBLOCK));
  const setSize = (size: { columns: number; rows: number }) => perform(ioctl(master, TIOCSWINSZ, bytesOf(size)));
  perform(ioctl(master, TIOCSPTLCK, new Uint8Array(4)));
  setSize({ columns, rows });
  const slave = perform(ioctl(master, TIOCGPTPEER, OPEN));
  const program = spawn('setsid', ['--ctty', ...argv], { cwd: REPOSITORY, stdio: [slave, slave, slave] });
  closeSync(slave);

  const emulator = new headless.Terminal({ cols: columns, rows, allowProposedApi: true });
  emulator.onData((answer) => void writeSync(master, answer)); // such as where its cursor is
  const shown = show(master, emulator);
  const line = (y: number) => emulator.buffer.active.getLine(emulator.buffer.active.viewportY + y);
  const screen = () =>
    Array.from({ length: emulator.rows }, (_, y) => (line(y)?.translateToString() ?? '').trimEnd())
      .join('\n')
      .trimEnd();
  return {
    screen,
    shows: (text: string | RegExp) => expect.poll(screen, { timeout: 20_000, interval: 50 }).toMatch(text),
    /** Where the cursor is, from 0. */
    cursor: () => ({ x: emulator.buffer.active.cursorX, y: emulator.buffer.active.cursorY }),
    /** Is it the other screen, which programs draw on that give back what was there before? */
    isAlternate: () => emulator.buffer.active.type === 'alternate',
    type: (text: string) => writeSync(master, text),
    /** As a window does it: the emulator first, then the kernel, which sends SIGWINCH. */
    resize(size: { columns: number; rows: number }) {
      emulator.resize(size.columns, size.rows);
      setSize(size);
    },
    /** Ends the program, if it has not, and gives the terminal back. */
    async close() {
      program.kill('SIGKILL');
      await shown;
      emulator.dispose();
    },
  };
}

/** Shows what is written, until the last has closed the terminal. */
async function show(master: number, emulator: InstanceType<typeof headless.Terminal>): Promise<void> {
  const bytes = Buffer.alloc(65_536);
  for (;;) {
    await new Promise<void>((resolve) => whenReadable(master, resolve));
    try {
      emulator.write(Uint8Array.from(bytes.subarray(0, readSync(master, bytes))));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') continue;
      closeSync(master); // EIO: nobody has it open any more
      return;
    }
  }
}
