import { describe, expect, test } from 'vitest';
import {
  AT_FDCWD,
  CLONE_NEWPID,
  close,
  execve,
  getpid,
  ioctl,
  O_CLOEXEC,
  O_NOCTTY,
  O_RDONLY,
  O_RDWR,
  O_WRONLY,
  openat,
  SIGHUP,
  setsid,
  TIOCGPTN,
  TIOCGPTPEER,
  TIOCGSID,
  TIOCNOTTY,
  TIOCSCTTY,
  TIOCSPTLCK,
  TIOCSWINSZ,
} from '../../src/index.ts';
import { answers, made, processAfter } from './answers.ts';

const OPEN = O_RDWR | O_NOCTTY | O_CLOEXEC;
const ptmx = () => openat(AT_FDCWD, '/dev/ptmx', OPEN);
const tty = () => openat(AT_FDCWD, '/dev/tty', O_RDWR);
const unlock = (master: ReturnType<typeof ptmx>) => ioctl(master, TIOCSPTLCK, new Uint8Array(4));

describe('a terminal', () => {
  test('is locked until its master unlocks it', () => {
    const master = ptmx();
    const peer = () => ioctl(master, TIOCGPTPEER, OPEN);
    const other = () => openat(AT_FDCWD, '/dev/pts/0', OPEN);
    expect(answers([master, peer(), other(), unlock(master), peer(), other()])).toEqual([3, 'EIO', 'EIO', 0, 4, 5]);
  });

  test('has the lowest number that is free in its devpts', () => {
    const [first, second] = [ptmx(), ptmx()];
    const third = [first, second, close(first), ptmx()];
    expect(
      made(third)
        .state.terminals.filter(({ masterOpen }) => masterOpen)
        .map(({ number }) => number),
    ).toEqual([1, 0]);
  });

  test('has the size that either end is told', () => {
    const master = ptmx();
    const size = new Uint8Array([24, 0, 80, 0, 0, 0, 0, 0]);
    const { state } = made([master, ioctl(master, TIOCSWINSZ, size)]);
    expect(state.terminals[0]).toMatchObject({ rows: 24, columns: 80 });
  });

  test('some requests are for one end only, and none for what is no terminal', () => {
    const master = ptmx();
    const slave = ioctl(master, TIOCGPTPEER, OPEN);
    const wrong = [unlock(slave), ioctl(slave, TIOCGPTN, new Uint8Array(4)), ioctl(slave, TIOCGPTPEER, OPEN)];
    const none = [ioctl(0, TIOCSCTTY), ioctl(77, TIOCSCTTY), ioctl(master, TIOCSPTLCK, 0)];
    expect(answers([master, unlock(master), slave, ...wrong, ...none]).slice(3)).toEqual([
      'ENOTTY',
      'ENOTTY',
      'EIO',
      'ENOTTY',
      'EBADF',
      'EFAULT',
    ]);
  });
});

describe('the terminal of a session', () => {
  test('is for the leader of a session without one', () => {
    const master = ptmx();
    const slave = ioctl(master, TIOCGPTPEER, OPEN);
    const opened = [master, unlock(master), slave];
    const control = () => ioctl(slave, TIOCSCTTY, 0);
    expect(answers([...opened, control(), tty(), setsid(), tty(), control(), control(), tty()]).slice(3)).toEqual([
      'EPERM',
      'ENXIO',
      processAfter([]).pid,
      'ENXIO',
      0,
      0,
      5,
    ]);
    const second = ptmx();
    expect(answers([...opened, setsid(), control(), second, ioctl(second, TIOCSCTTY, 0)]).at(-1)).toBe('EPERM');
  });

  test('comes with open, unless that says O_NOCTTY or cannot read', () => {
    const master = ptmx();
    const open = (flags: number) => [setsid(), master, unlock(master), openat(AT_FDCWD, '/dev/pts/0', flags)];
    expect(processAfter(open(O_RDWR | O_NOCTTY)).terminal).toBeNull();
    expect(processAfter(open(O_WRONLY)).terminal).toBeNull();
    expect(processAfter(open(O_RDONLY)).terminal).toMatchObject({ number: 0 });
    expect(processAfter([...open(O_RDWR)].slice(1)).terminal).toBeNull(); // leads no session
  });

  test('is the other end where the master is asked for it', () => {
    const master = ptmx();
    const { terminal, sid } = processAfter([master, setsid(), ioctl(master, TIOCSCTTY, 0)]);
    expect(terminal).toMatchObject({ number: 0, session: sid, foreground: sid });
  });

  test('is left behind by setsid and TIOCNOTTY, which hangs up', () => {
    const master = ptmx();
    const slave = ioctl(master, TIOCGPTPEER, O_RDWR);
    const calls = [setsid(), master, unlock(master), slave];
    expect(answers([...calls, ioctl(slave, TIOCGSID, new Uint8Array(4))]).at(-1)).toBe(0);
    const after = processAfter([...calls, ioctl(slave, TIOCNOTTY), tty()], {
      clone: CLONE_NEWPID,
      blocked: 0n,
      handled: [],
    });
    expect(after.terminal).toBeNull();
    expect(processAfter([...calls, ioctl(slave, TIOCNOTTY)], { blocked: 0n, handled: [] }).killed).toBe(SIGHUP);
  });
});

describe('a master that is closed', () => {
  const master = ptmx();
  const slave = ioctl(master, TIOCGPTPEER, OPEN);
  const calls = [setsid(), master, unlock(master), slave, ioctl(slave, TIOCSCTTY, 0)];
  const inside = { clone: CLONE_NEWPID };

  test('hangs up: its terminal is gone, and the leader of its session gets SIGHUP', () => {
    const gone = [close(master), ioctl(slave, TIOCSWINSZ, new Uint8Array(8)), openat(AT_FDCWD, '/dev/pts/0', OPEN)];
    expect(answers([...calls, ...gone], inside).slice(5)).toEqual([0, 'EIO', 'ENOENT']);
    expect(processAfter([...calls, close(master), getpid()], { blocked: 0n, handled: [] }).killed).toBe(SIGHUP);
  });

  test('is not closed while the host has a copy', () => {
    const after = [...calls, execve('/bin/sh', ['sh'], [])];
    expect(made(after, inside).state.process.terminal).toBeNull();
    expect(made(after, inside, { takes: [master] }).state.process.terminal).toMatchObject({ masterOpen: true });
  });
});
