import { group, seeded, task } from 'grader';
import { type Call, chroot, SIGKILL, setgroups, setresuid } from 'shared-native';
import { executable, identity as identityIn, model, waysToRegain, wouldFail } from 'shared-native/model';
import { expect, test } from 'vitest';
import { machineFor, stopped } from '../../../test/judge.ts';
import { become, type User } from '../src/index.ts';

task(
  4,
  {
    points: 15,
    hints: [
      'A process that is no longer root may not change its groups: which of the three must come last?',
      'setgroups, setresgid, setresuid: each id three times, for the real, the effective and the saved one. A process that keeps one of them can go back.',
      'When ids change, the kernel forgets what PR_SET_PDEATHSIG was told: ask again, for SIGKILL, with prctl.',
    ],
  },
  () => {
    const any = () => seeded('task 4');
    /** Users, root among them; who has a group of root's, has it because the files say so. */
    const users = (): User[] => [
      { uid: 1000, gid: 100, groups: [100, 10], home: '/home/ann' },
      { uid: 0, gid: 0, groups: [0], home: '/root' },
      { uid: any().integer(1, 60_000), gid: any().integer(1, 60_000), groups: [any().integer(1, 60_000)], home: '/' },
      { uid: 65_534, gid: 65_534, groups: [], home: '/' },
    ];
    /** A process of root's on the host, whose groups may read more than others. */
    const host = () => machineFor({ groups: [0, 4, 27], tree: { '/bin/sh': executable } });
    const becoming = (user: User, fail?: (call: Call, index: number) => string | undefined) =>
      model(host()).run(become(user), fail ? { fail } : {});

    group('it is that user, and nobody else', 6, () => {
      test('all three ids, all three groups, and the other groups', () => {
        for (const { uid, gid, groups } of users()) {
          const after = becoming({ uid, gid, groups, home: '/' });
          expect(stopped(after), 'a process that has given up user 0 may change no group').toBeUndefined();
          const { euid, suid, egid, sgid, ...is } = identityIn(after.state);
          const why = 'the real, the effective and the saved id: a process that keeps one of the three can go back';
          expect([is.uid, euid, suid, is.gid, egid, sgid], why).toEqual([uid, uid, uid, gid, gid, gid]);
          expect(is.groups.toSorted(), 'the groups that it had are root’s').toEqual(groups.toSorted());
        }
      });
    });

    group('for good', 5, () => {
      test('it can’t become root again, nor do anything that takes root', () => {
        for (const user of users().filter(({ uid }) => uid !== 0)) {
          const { state } = becoming(user);
          for (const call of [setresuid(0, 0, 0), setresuid(-1, 0, -1), setgroups([0]), chroot('/tmp')]) {
            expect(wouldFail(state, call), 'and there is a way back').toBe('EPERM');
          }
          expect(waysToRegain(state)).toEqual([]);
        }
      });

      test('no failure on the way is passed over', () => {
        for (const user of users()) {
          for (const index of become(user).keys()) {
            const after = becoming(user, (_, nth) => (nth === index ? 'EPERM' : undefined));
            const { uid, gid, groups } = identityIn(after.state);
            const isThere = uid === user.uid && gid === user.gid && groups.join() === user.groups.toSorted().join();
            const why = 'a process that fails to give up root would still be root';
            expect(after.end === 'failed' || (isThere && after.state.process.deathSignal === SIGKILL), why).toBe(true);
          }
        }
      });
    });

    group('and ends with its parent', 4, () => {
      test('the signal at the end of its parent is asked for again, which the kernel forgot', () => {
        for (const user of users().filter(({ uid }) => uid !== 0)) {
          const { state } = becoming(user);
          expect(identityIn(state).suid).toBe(user.uid);
          const why = 'a change of ids makes the kernel forget the signal, so it is asked for after them';
          expect(state.process.deathSignal, why).toBe(SIGKILL);
        }
      });
    });
  },
);
