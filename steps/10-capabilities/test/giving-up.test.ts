import { group, seeded, task } from 'grader';
import {
  AUDIT_ARCH_AARCH64,
  AUDIT_ARCH_X86_64,
  BPF_ABS,
  BPF_JEQ,
  BPF_JMP,
  BPF_K,
  BPF_LD,
  BPF_RET,
  BPF_W,
  type Call,
  capset,
  execve,
  mount,
  PR_CAP_AMBIENT,
  PR_CAP_AMBIENT_RAISE,
  prctl,
  SECCOMP_FILTER_FLAG_LOG,
  SECCOMP_FILTER_FLAG_SPEC_ALLOW,
  SECCOMP_MODE_FILTER,
  SECCOMP_RET_ALLOW,
  SECCOMP_RET_ERRNO,
  type SockFilter,
  setresuid,
  syscallNumber,
  thisMachine,
} from 'shared-native';
import { executable, identity, type Machine, model, type RunOptions, type State, wouldFail } from 'shared-native/model';
import { become, ROOT, type User } from 'step-09';
import { describe, expect, test } from 'vitest';
import { machineFor, steppedOver, stopped } from '../../../test/judge.ts';
import { CAPABILITIES, DEFAULT } from '../src/capabilities.ts';
import { compile } from '../src/seccomp/compile.ts';
import { DOCKERS_DEFAULT } from '../src/seccomp/default.ts';
import type { Filter } from '../src/seccomp/kept.ts';
import { profileFor } from '../src/seccomp/read.ts';
import { type Allowed, giveUp } from '../src/walls.ts';

const ARCH = thisMachine() === 'x64' ? 'x86_64' : 'aarch64';
const EPERM = 1;

const maskOf = (names: readonly string[]) =>
  names.reduce((mask, name) => mask | (1n << BigInt(CAPABILITIES.indexOf(name))), 0n);

/** docker's default: among what it refuses are keys and mounts. */
const DOCKERS: Filter = {
  flags: SECCOMP_FILTER_FLAG_LOG,
  program: compile(profileFor(DOCKERS_DEFAULT, { arch: ARCH, capabilities: DEFAULT, kernel: '6.18.0' })),
};

/** Refuses every call but one. */
const only = (name: 'execve'): Filter => ({
  flags: SECCOMP_FILTER_FLAG_SPEC_ALLOW,
  program: [
    load(4),
    skip(ARCH === 'x86_64' ? AUDIT_ARCH_X86_64 : AUDIT_ARCH_AARCH64, 0, 3),
    load(0),
    skip(syscallNumber(name, thisMachine()) ?? -1, 0, 1),
    { code: BPF_RET | BPF_K, k: SECCOMP_RET_ALLOW },
    { code: BPF_RET | BPF_K, k: SECCOMP_RET_ERRNO | EPERM },
  ],
});
const load = (k: number): SockFilter => ({ code: BPF_LD | BPF_W | BPF_ABS, k });
const skip = (k: number, jt: number, jf: number): SockFilter => ({ code: BPF_JMP | BPF_JEQ | BPF_K, jt, jf, k });

task(
  2,
  {
    points: 30,
    hints: [
      'Which call needs what? Leaving the bounding set takes CAP_SETPCAP; a filter takes CAP_SYS_ADMIN, unless PR_SET_NO_NEW_PRIVS was set before; the ids take CAP_SETUID. And a filter may refuse what comes after it: docker’s refuses keyctl.',
      'first.privileges: ownKeys(), bound(capabilities), the filter unless noNewPrivileges, PR_SET_KEEPCAPS, with which the permitted set outlives setresuid. privileges: keep(capabilities). So capset can say what is to be left.',
      'With noNewPrivileges: prctl(PR_SET_NO_NEW_PRIVS, 1) at the end of privileges, and seccomp(SECCOMP_SET_MODE_FILTER, filter.flags, filter.program) in exec, right before execve.',
    ],
  },
  () => {
    const any = () => seeded('task 2');
    const PLAIN: Allowed = { capabilities: DEFAULT, filter: undefined, noNewPrivileges: false };
    const web: User = { uid: 33, gid: 33, groups: [33], home: '/' };
    const someone = (): User => ({
      uid: any().integer(1, 60_000),
      gid: any().integer(1, 60_000),
      groups: [],
      home: '/',
    });
    /** Sets of capabilities, from none to all. */
    const sets = () => [
      DEFAULT,
      [],
      CAPABILITIES,
      ['CAP_CHOWN', 'CAP_NET_ADMIN'],
      [CAPABILITIES[any().integer(0, CAPABILITIES.length - 1)] as string],
    ];
    const TREE = {
      '/bin/sh': executable,
      '/bin/ping': { ...executable, fileCapabilities: { permitted: maskOf(['CAP_SYS_ADMIN']), effective: true } },
      '/bin/su': { ...executable, mode: 0o4755 },
    };

    /** The process that starts the container has capabilities that survive execve by any user. */
    const AMBIENT = [
      capset(0, {
        effective: maskOf(CAPABILITIES),
        permitted: maskOf(CAPABILITIES),
        inheritable: maskOf(CAPABILITIES),
      }),
      prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAPABILITIES.indexOf('CAP_SYS_ADMIN')),
    ];

    /** The calls as a plan has them: around those by which the process becomes its user, and before execve. */
    const program = (allowed: Allowed, user: User): Call[] => {
      const { first, privileges = [], exec = [] } = giveUp(allowed);
      return [...(first?.privileges ?? []), ...become(user), ...privileges, ...exec, execve('/bin/sh', ['sh'], [])];
    };
    const run = (
      allowed: Partial<Allowed>,
      user = ROOT,
      { before = [], ...on }: Machine & { before?: Call[] } = {},
      options: RunOptions = {},
    ) => {
      const state = model(machineFor({ tree: TREE, ...on })).run(before).state;
      return model(state).run(program({ ...PLAIN, ...allowed }, user), options);
    };
    const ran = (...args: Parameters<typeof run>): State => {
      const after = run(...args);
      expect(stopped(after), 'a call failed').toBeUndefined();
      expect(after.end).toBe('executed');
      return after.state;
    };
    const setsOf = (state: State) => {
      const { effective, permitted, inheritable, bounding, ambient } = identity(state);
      return { effective, permitted, inheritable, bounding, ambient };
    };

    group('what root keeps', 7, () => {
      test('after execve it has these capabilities, can have these, and no more', () => {
        for (const names of sets()) {
          const mask = maskOf(names);
          const why = 'execve gives root all that is in the bounding set, so what it is not to have must leave that';
          expect(setsOf(ran({ capabilities: names })), why).toEqual({
            effective: mask,
            permitted: mask,
            inheritable: 0n,
            bounding: mask,
            ambient: 0n,
          });
        }
      });

      test('whatever it was started with', () => {
        const mask = maskOf(DEFAULT);
        const why = 'ambient and inheritable capabilities come from who starts the container';
        expect(setsOf(ran({}, ROOT, { before: AMBIENT })), why).toEqual({
          effective: mask,
          permitted: mask,
          inheritable: 0n,
          bounding: mask,
          ambient: 0n,
        });
      });

      test('on a kernel that has fewer capabilities', () => {
        const after = run({}, ROOT, { lastCapability: 37 });
        expect(stopped(after), 'PR_CAPBSET_DROP gives EINVAL for one that the kernel doesn’t know').toBeUndefined();
        expect(setsOf(after.state).bounding).toBe(maskOf(DEFAULT));
      });
    });

    group('what other users have', 7, () => {
      test('no capability, and none to regain but in the bounding set', () => {
        for (const user of [web, someone()])
          for (const names of sets()) {
            const none = { effective: 0n, permitted: 0n, inheritable: 0n, ambient: 0n };
            expect(setsOf(ran({ capabilities: names }, user, { before: AMBIENT }))).toEqual({
              ...none,
              bounding: maskOf(names),
            });
          }
      });

      test('it is that user', () => {
        for (const user of [web, someone()]) {
          const { uid, euid, suid, gid, groups } = identity(ran({}, user));
          expect({ uid, euid, suid, gid, groups }).toEqual({
            uid: user.uid,
            euid: user.uid,
            suid: user.uid,
            gid: user.gid,
            groups: user.groups,
          });
        }
      });

      test('a program with more capabilities than the container isn’t executed', () => {
        const state = ran({ capabilities: DEFAULT }, web);
        expect(wouldFail(state, execve('/bin/ping', ['ping'], [])), 'it insists on CAP_SYS_ADMIN').toBe('EPERM');
        const su = model(state).run([execve('/bin/su', ['su'], [])]).state;
        expect(identity(su).permitted, 'and a setuid program gets the same as root').toBe(maskOf(DEFAULT));
      });
    });

    group('the filter', 8, () => {
      const sys = () => mount('tmpfs', '/tmp', 'tmpfs');
      describe.each([
        ['root', ROOT],
        ['another user', web],
      ])('of %s', (_, user) => {
        test('decides from execve on, and with its flags', () => {
          const { process, ...state } = ran({ filter: DOCKERS }, user);
          const why =
            'docker’s refuses keyctl; a filter takes CAP_SYS_ADMIN, which neither setresuid nor capset leaves';
          expect(process.seccomp.mode, why).toBe(SECCOMP_MODE_FILTER);
          expect(process.seccomp.filters.map(({ flags, program }) => [flags, program.length])).toEqual([
            [DOCKERS.flags, DOCKERS.program.length],
          ]);
          expect(wouldFail({ process, ...state }, sys())).toBe('EPERM');
        });

        test('of an all-powerful container, too', () => {
          const state = ran({ filter: DOCKERS, capabilities: CAPABILITIES }, user);
          expect(wouldFail(state, sys())).toBe('EPERM');
        });

        test('and there is none if none is asked for', () => {
          expect(ran({}, user).process.seccomp.filters).toEqual([]);
        });
      });
    });

    group('no new privileges', 5, () => {
      const users = () => [ROOT, web, someone()];
      test('are only refused where that is asked for: a setuid program has its use', () => {
        for (const user of users()) {
          expect(identity(ran({ filter: DOCKERS }, user)).noNewPrivs).toBe(false);
          expect(identity(ran({ noNewPrivileges: true }, user)).noNewPrivs).toBe(true);
        }
        const su = model(ran({ noNewPrivileges: true }, web)).run([execve('/bin/su', ['su'], [])]).state;
        expect(identity(su)).toMatchObject({ uid: 33, euid: 33, permitted: 0n });
      });

      test('let a filter come so late that it may refuse everything but execve', () => {
        for (const user of users()) {
          const state = ran({ filter: only('execve'), noNewPrivileges: true }, user);
          expect(state.process.seccomp.filters.map(({ flags }) => flags)).toEqual([SECCOMP_FILTER_FLAG_SPEC_ALLOW]);
          expect(wouldFail(state, setresuid(0, 0, 0))).toBe('EPERM');
        }
      });
    });

    group('keys, and errors', 3, () => {
      test('it has its own keyring, if the kernel has keys', () => {
        const before = machineFor({ tree: TREE }).process.sessionKeyring;
        for (const filter of [undefined, DOCKERS]) {
          expect(ran({ filter }).process.sessionKeyring, 'ownKeys(), before a filter refuses it').not.toBe(before);
          const without = ({ name }: Call) => (name === 'keyctl' ? 'ENOSYS' : undefined);
          expect(stopped(run({ filter }, ROOT, {}, { fail: without }))).toBeUndefined();
        }
      });

      test('a call that fails stops it, or it comes to the same end', () => {
        for (const [allowed, user] of [
          [{ filter: DOCKERS }, ROOT],
          [{ filter: DOCKERS, noNewPrivileges: true }, web],
          [{ noNewPrivileges: true }, web],
        ] as const) {
          const wanted = {
            ...identity(ran(allowed, user, { before: AMBIENT })),
            filters: 'filter' in allowed ? 1 : 0,
            keys: ran(allowed, user).process.sessionKeyring,
          };
          const calls = program({ ...PLAIN, ...allowed }, user);
          const over = steppedOver(
            calls.slice(
              0,
              calls.findIndex(({ name }) => name === 'execve'),
            ),
            (options) => run(allowed, user, { before: AMBIENT }, options),
            (state) => {
              const { filters } = state.process.seccomp;
              expect({ ...identity(state), filters: filters.length, keys: state.process.sessionKeyring }).toEqual(
                wanted,
              );
            },
          );
          expect(over, 'tolerate() is for an error after which all is as it should be').toEqual([]);
        }
      });
    });
  },
);
