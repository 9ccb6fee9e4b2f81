import { group, seeded, task } from 'grader';
import {
  AT_FDCWD,
  type Call,
  CLONE_NEWNS,
  CLONE_NEWPID,
  CLONE_NEWUSER,
  CLONE_NEWUTS,
  O_CREAT,
  O_RDONLY,
  O_WRONLY,
  openat,
  SIGKILL,
  sethostname,
  setresuid,
} from 'shared-native';
import { directory, executable, identity, type Machine, model, type State, wouldFail } from 'shared-native/model';
import { expect, test } from 'vitest';
import { at, machineFor, stopped } from '../../../test/judge.ts';
import { type IdMap, outside } from '../src/maps.ts';
import { becomeRoot } from '../src/writing.ts';

/** Maps with which a container may be born: its root is another user of the host's with each. */
const maps = (): IdMap[][] => {
  const any = seeded('task 3');
  return [
    [{ inside: 0, outside: 100_000, count: 65_536 }],
    [
      { inside: 1, outside: any.integer(300_000, 400_000), count: 100 },
      { inside: 0, outside: any.integer(1000, 60_000), count: 1 },
    ],
    [{ inside: 0, outside: any.integer(2 ** 30, 2 ** 31), count: any.integer(1, 65_536) }],
  ];
};

/** The groups of the host's root. */
const HOSTS = [0, 4, 27];

/** The first process of a container: it comes from root of the host, with root's groups, and its maps are written. */
function born(map: readonly IdMap[], more: Machine = {}): State {
  const ranges = map.map(({ inside, outside, count }) => ({ inside, outside, length: count }));
  return machineFor({
    groups: HOSTS,
    clone: CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS,
    uidMap: ranges,
    gidMap: ranges,
    tree: { '/bin/sh': executable, '/srv': directory({ mode: 0o777 }) },
    ...more,
  });
}

task(
  3,
  {
    points: 25,
    hints: [
      'It has every capability of its user namespace already. What it lacks is the ids: until it takes id 0, it is nobody (65534) inside, and root outside.',
      'Groups first, none of them, then the group id, then the user id, each three times: real, effective, saved.',
      'A change of ids makes the kernel forget the signal for the death of the parent: ask for SIGKILL again, last.',
    ],
  },
  () => {
    const became = (map: readonly IdMap[], fail?: (call: Call, index: number) => string | undefined) =>
      model(born(map)).run(becomeRoot(), fail ? { fail } : {});
    const states = () =>
      maps().map((map): [readonly IdMap[], State] => {
        const after = became(map);
        expect(stopped(after), 'a call failed').toBeUndefined();
        return [map, after.state];
      });

    group('root inside', 8, () => {
      test('all six ids are 0, and it has every capability there', () => {
        for (const [, state] of states()) {
          const { uid, euid, suid, gid, egid, sgid, effective, permitted } = identity(state);
          expect([uid, euid, suid], 'the real, the effective and the saved user id').toEqual([0, 0, 0]);
          expect([gid, egid, sgid], 'the real, the effective and the saved group id').toEqual([0, 0, 0]);
          expect(effective, 'what it was born with').toBe(permitted);
          expect(wouldFail(state, sethostname('web')), 'its hostname is its own').toBeUndefined();
          expect(wouldFail(state, setresuid(-1, -1, 0))).toBeUndefined();
        }
      });
    });

    group('nobody outside', 10, () => {
      test('to the host it is the user that 0 is mapped to', () => {
        for (const [map, { process }] of states()) {
          const root = outside(map, 0);
          const { uid, euid, suid, fsuid, gid, egid, sgid, fsgid } = process;
          expect([uid, euid, suid, fsuid], 'none of its user ids is the host’s root any more').toEqual([
            root,
            root,
            root,
            root,
          ]);
          expect([gid, egid, sgid, fsgid], 'nor is any group id').toEqual([root, root, root, root]);
        }
      });

      test('it has none of the groups of the host’s root that started it', () => {
        for (const [, { process }] of states())
          expect(
            process.groups.filter((id) => HOSTS.includes(id)),
            'group 27 may read what is none of the container’s',
          ).toEqual([]);
      });

      test('it can’t read files that only root may, and its own files aren’t root’s', () => {
        for (const [map, state] of states()) {
          expect(wouldFail(state, openat(AT_FDCWD, '/etc/shadow', O_RDONLY)), 'mode 600, and root’s').toBe('EACCES');
          const after = model(state).run([openat(AT_FDCWD, '/srv/made', O_WRONLY | O_CREAT, 0o600)]);
          expect(at(after.state, '/srv/made')).toMatchObject({ uid: outside(map, 0), gid: outside(map, 0) });
        }
      });

      test('there is no way back', () => {
        for (const [map, state] of states()) {
          for (const id of [65_535, 4_000_000_000].filter((one) => outside(map, one) === undefined))
            expect(wouldFail(state, setresuid(id, id, id)), 'an id without a line').toBe('EINVAL');
        }
      });
    });

    group('and it ends with its parent', 3, () => {
      test('the death signal is asked for after the ids have changed', () => {
        for (const [, state] of states()) {
          expect(identity(state).uid).toBe(0);
          expect(state.process.deathSignal, 'a change of ids makes the kernel forget it').toBe(SIGKILL);
        }
      });
    });

    group('what fails is not passed over', 4, () => {
      test('a process that couldn’t change its ids doesn’t go on as the host’s root', () => {
        for (const map of maps()) {
          for (const index of becomeRoot().keys()) {
            const after = became(map, (_, nth) => (nth === index ? 'EPERM' : undefined));
            const { process } = after.state;
            const is = identity(after.state);
            const done = [is.uid, is.euid, is.suid, is.gid, is.egid, is.sgid].every((id) => id === 0);
            const isThere = done && !process.groups.some((id) => HOSTS.includes(id)) && process.deathSignal === SIGKILL;
            expect(after.end === 'failed' || isThere, 'every call has to succeed').toBe(true);
          }
        }
      });

      test('where a map is missing, it stops', () => {
        const after = model(born([{ inside: 5, outside: 100_000, count: 1 }])).run(becomeRoot());
        expect(after.end, 'EINVAL: there is no user 0 there').toBe('failed');
      });
    });
  },
);
