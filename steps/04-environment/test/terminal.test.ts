import { group, seeded, task } from 'grader';
import { AT_FDCWD, execve, O_RDWR, openat, umask } from 'shared-native';
import { directory, model, type RunOptions, type State, wouldFail } from 'shared-native/model';
import { expect, test } from 'vitest';
import { at, image, machineFor, steppedOver, stopped } from '../../../test/judge.ts';
import { become, becomes, devices, session, terminal, type WindowSize } from '../src/index.ts';

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
    const any = () => seeded('task 5');
    const cases = (): [WindowSize, number][] => [
      [{ rows: 24, columns: 80 }, 1000],
      [{ rows: 50, columns: 132 }, 0],
      [{ rows: any().integer(1, 200), columns: any().integer(1, 400) }, any().integer(1, 60_000)],
    ];

    /** A container that makes the terminal in its /dev, becomes the user and then its command. */
    const program = (size: WindowSize, uid: number, last?: 'before execve', fail?: RunOptions['fail']) => {
      const root = '/srv/image';
      const state = machineFor({ tree: image(root, { '/proc': directory() }), inside: root });
      const made = terminal(size, uid);
      const command = last ? [] : [execve('/bin/sh', ['sh'], [])];
      const user = become({ uid, gid: uid, groups: [], home: '/' });
      const calls = [umask(0), ...devices(), ...made.open, ...user, ...becomes(command, made.stdio)];
      const after = model(state).run(calls, { takes: [made.master], ...(fail && { fail }) });
      return { after, made };
    };
    const ran = (size: WindowSize, uid: number, last?: 'before execve') => {
      const { after, made } = program(size, uid, last);
      expect(stopped(after), 'a call failed').toBeUndefined();
      const [only, ...others] = after.state.terminals;
      expect(others, 'each use makes another terminal: a call that is made once is one value').toEqual([]);
      return { after, made, state: after.state, terminal: only as State['terminals'][number] };
    };

    group('two ends', 6, () => {
      test('the end that the host takes was opened, and is that of the terminal which the container has', () => {
        for (const [size, uid] of cases()) {
          const { after, made, state, terminal } = ran(size, uid, 'before execve');
          const answer = after.answers.find(({ call }) => call === made.master);
          expect(answer, 'the host takes a copy of what this call opened, so it has to be made').toBeDefined();
          const { file } = state.process.descriptors.get(answer?.result ?? -1) ?? {};
          expect(file?.master, 'the master is the end of the person at the terminal').toBe(true);
          expect(file?.terminal === terminal).toBe(true);
        }
      });

      test('and the container keeps nothing of it', () => {
        for (const [size, uid] of cases()) {
          const open = [...ran(size, uid).state.process.descriptors.values()];
          expect(
            open.filter(({ file }) => file.master),
            'O_CLOEXEC closes it at execve',
          ).toEqual([]);
        }
      });
    });

    group('a size and an owner', 5, () => {
      test('the terminal has its size', () => {
        for (const [size, uid] of cases()) {
          const { rows, columns } = ran(size, uid).terminal;
          const why = 'TIOCSWINSZ on either end; struct winsize has the rows first, and bytesOf(size) makes it';
          expect({ rows, columns }, why).toEqual(size);
        }
      });

      test('it belongs to its user', () => {
        for (const [size, uid] of cases()) {
          const { state } = ran(size, uid);
          expect(at(state, '/dev/pts/0').uid, 'a user who is not root must be able to open it').toBe(uid);
          expect(wouldFail(state, openat(AT_FDCWD, '/dev/tty', O_RDWR))).toBeUndefined();
          expect(wouldFail(state, openat(AT_FDCWD, '/dev/pts/0', O_RDWR))).toBeUndefined();
        }
      });
    });

    group('the terminal of the session', 4, () => {
      test('it is standard input, output and error, and nothing else is open', () => {
        for (const [size, uid] of cases()) {
          const { state, terminal } = ran(size, uid);
          const open = [...state.process.descriptors].map(([number, { file }]) => [number, file.terminal === terminal]);
          const why = 'dup3 makes the other end 0, 1 and 2: what is read and written';
          expect(Object.fromEntries(open), why).toEqual({ 0: true, 1: true, 2: true });
        }
      });

      test('and the terminal to which Ctrl-C belongs', () => {
        for (const [size, uid] of cases()) {
          const { state, terminal } = ran(size, uid);
          expect(state.process.terminal === terminal, 'TIOCSCTTY, when the session is there').toBe(true);
        }
      });
    });

    group('what fails is not passed over', 2, () => {
      test('a call that fails stops the program, or the terminal is the same without it', () => {
        for (const [size, uid] of cases()) {
          const wanted = whole(ran(size, uid).state);
          const { open, stdio } = terminal(size, uid);
          const before = [umask(0), ...devices()].length;
          const between = [...become({ uid, gid: uid, groups: [], home: '/' }), ...session([])].length;
          const over = steppedOver(
            [...open, ...stdio],
            ({ fail }) =>
              program(size, uid, undefined, (call, nth) => {
                const index = nth - before;
                if (index < open.length) return fail?.(call, index);
                return index < open.length + between ? undefined : fail?.(call, index - between);
              }).after,
            (state) => expect(whole(state)).toEqual(wanted),
          );
          expect(over, 'tolerate() is for an error after which all is as it should be').toEqual([]);
        }
      });

      function whole(state: State) {
        const { rows, columns, locked, session } = state.terminals[0] ?? {};
        const open = [...state.process.descriptors].map(([number, { file }]) => [number, file.terminal !== undefined]);
        const paths = ['/dev/pts/0', '/dev/console'].map((path) => [at(state, path).uid, at(state, path).filesystem]);
        return { rows, columns, locked, session, open, paths };
      }
    });

    group('the console', 3, () => {
      test('it is the console, too', () => {
        for (const [size, uid] of cases()) {
          const { state } = ran(size, uid);
          const console = at(state, '/dev/console');
          expect(console.error, 'console(path) binds the first terminal, /dev/pts/0').toBeUndefined();
          expect(console.inode === at(state, '/dev/pts/0').inode).toBe(true);
        }
      });
    });
  },
);
