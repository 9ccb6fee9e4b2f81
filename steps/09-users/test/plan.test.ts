import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { asText, type Call } from 'shared-native';
import { directory } from 'shared-native/model';
import { inModel } from 'step-09/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { at, image, stopped, V2, wayOut } from '../../../test/judge.ts';
import { callsByStep, type Options, options, type Plan, plan, read } from '../src/index.ts';

let rootfs: string;
beforeAll(() => {
  rootfs = mkdtempSync(join(tmpdir(), 'boxstep-plan-9-'));
  mkdirSync(join(rootfs, 'etc'));
});
afterAll(() => rmSync(rootfs, { recursive: true }));

const FIRST = 1_073_741_824;
const MAPS = {
  uids: [{ inside: 0, outside: FIRST, count: 65_536 }],
  gids: [{ inside: 0, outside: FIRST, count: 65_536 }],
};

/** The options of a command line, as they are when it is prepared, on a machine with cgroup v2. */
function prepared(words: string[], more: Partial<Options> = {}): Options {
  const command = options(new Command().exitOverride().helpOption(false));
  const flags = command.parse(['--name', 'web', '--network', 'none', ...words], { from: 'user' }).opts();
  const made = {
    ...read(flags, [rootfs, 'sh']),
    hierarchies: V2,
    pipes: [],
    directory: '/var/lib/boxstep/containers/web',
  };
  return { ...made, userns: { mode: 'auto', size: 65_536 }, maps: MAPS, idmap: 9, copied: false, ...more };
}

const planned = (...words: string[]) => plan(prepared(words));

/** Makes a plan on a machine whose root filesystem at `rootfs` is as images are. */
function run(made: Plan, more = {}) {
  const outside = { uidMap: [{ inside: 0, outside: FIRST, length: 65_536 }] };
  const userNamespaces = { 9: { ...outside, gidMap: outside.uidMap } };
  return inModel(made, { tree: { ...image(rootfs), ...more }, userNamespaces });
}

const texts = (calls: readonly Call[]) => calls.map(asText);

describe('the container of a command line without flags', () => {
  test('can be planned before anything is prepared', () => {
    const command = options(new Command().exitOverride().helpOption(false));
    const all = read(command.parse([], { from: 'user' }).opts(), [rootfs, 'sh']);
    for (const copied of [false, true]) expect(plan({ ...all, copied }).namespaces).toContain('user');
  });

  test('runs to its end in the model of the kernel, and there is no way out', () => {
    const result = run(planned());
    expect(stopped(result)).toBeUndefined();
    expect(wayOut(result.state)).toBeUndefined();
    expect(result.after?.end).toBe('executed');
  });

  test('is root in a user namespace, and on the host a user whom nobody else is', () => {
    const { process } = run(planned()).state;
    expect([process.uid, process.euid, process.suid, process.fsuid]).toEqual([FIRST, FIRST, FIRST, FIRST]);
    expect(process.groups).toEqual([FIRST]);
    expect(process.namespaces.user.uidMap).toEqual([{ inside: 0, outside: FIRST, length: 65_536 }]);
  });

  test('has a root whose files are its root’s, and on disk they are what they were', () => {
    const { state } = run(planned(), { [`${rootfs}/srv`]: directory({ uid: 33, gid: 33 }) });
    expect(at(state, '/etc')).toMatchObject({ uid: FIRST, gid: FIRST });
    expect(at(state, '/srv')).toMatchObject({ uid: FIRST + 33, gid: FIRST + 33 });
  });

  test('writes as its root, to a directory of its root’s', () => {
    const { deeds } = run(planned());
    const chown = deeds.map(({ deed }) => deed).find((deed) => deed.deed === 'other' && deed.kind === 'chown');
    expect(chown).toMatchObject({ of: { uid: FIRST, gid: FIRST } });
  });

  test('has all its namespaces made at once, by one clone, so they belong to its user namespace', () => {
    const { state } = run(planned());
    const { user, mnt, pid, uts, ipc, net, cgroup } = state.process.namespaces;
    for (const one of [mnt, pid, uts, ipc, net, cgroup]) expect(one.owner).toBe(user);
  });

  test('has devices that are bound and not made, marked with this step where they stand among those of step 2', () => {
    const made = planned();
    expect(texts(made.program.inside).filter((text) => text.includes('mknod(') && text.includes('S_IFCHR'))).toEqual(
      [],
    );
    const lots = callsByStep(made.parts, 'inside').map(([step]) => step);
    expect(lots.slice(0, 3)).toEqual(['step-02', 'step-09', 'step-02']);
    expect(at(run(made).state, '/dev/null')).toMatchObject({ type: 'character' });
  });
});

describe('becoming root inside', () => {
  test('comes before its root filesystem is made, and after the last path of the host’s that it goes by', () => {
    const setup = texts(planned('-v', '/tmp:/data').program.setup);
    const root = setup.findIndex((text) => text.startsWith('setresuid(0'));
    const made = setup.findLastIndex((text) => text.includes('FSCONFIG_CMD_CREATE'));
    expect(setup[root - 1]).toMatch(/^setresgid\(0, 0, 0\)/);
    expect(made).toBeGreaterThan(root);
    const later = setup.slice(root).filter((text) => /"\/[^"]/.test(text));
    expect(later).toEqual([]);
  });
});

describe('what the kernel refuses to root of a user namespace', () => {
  const inside = (...words: string[]) => texts(planned(...words).program.inside);

  test('the host’s network is shown by the host’s /sys, bound and read-only to the bottom', () => {
    const made = plan(prepared(['--userns', 'auto'], { networks: [{ network: 'host', aliases: [] }] }));
    const calls = texts(made.program.inside);
    expect(calls).toContain('mount("sys", "/sys", NULL, MS_BIND|MS_REC, NULL)');
    expect(calls.find((text) => text.startsWith('mount_setattr(AT_FDCWD, "/sys", AT_RECURSIVE'))).toMatch(/RDONLY/);
    expect(stopped(run(made))).toBeUndefined();
  });

  test('its processes by the host’s /proc', () => {
    expect(inside('--pid', 'host')).toContain('mount("proc", "/proc", NULL, MS_BIND|MS_REC, NULL)');
  });

  test('terminals belong to no group where the container has no group 5', () => {
    const one = [{ inside: 0, outside: 1000, count: 1 }];
    const made = plan(prepared([], { maps: { uids: one, gids: one } }));
    const devpts = (calls: readonly string[]) => calls.find((text) => text.startsWith('mount("devpts"'));
    expect(devpts(inside())).toContain('gid=5');
    expect(devpts(texts(made.program.inside))).not.toContain('gid=');
  });

  test('a filesystem in memory is its root’s, whoever makes it', () => {
    const calls = texts(planned('--tmpfs', '/run:uid=33').program.setup).filter((text) => /"[ug]id"/.test(text));
    expect(calls.map((text) => text.match(/"[ug]id", "\d+"/)?.[0])).toEqual(['"uid", "33"', '"gid", "0"']);
  });
});

test('a low oom_score_adj, which only the host’s root may choose, is chosen before the container is born', () => {
  const join = (...words: string[]) => texts(planned(...words).program.join).join();
  expect(join('--oom-score-adj', '-500')).toContain('"-500"');
  expect(join('--oom-score-adj', '500')).not.toContain('oom_score_adj');
});

test('with the host’s users it is the container of the step before', () => {
  const made = plan(prepared([], { userns: { mode: 'host' }, maps: undefined, copied: false }));
  expect(made.parts.map(({ step }) => step)).not.toContain('step-09');
  expect(made.namespaces).not.toContain('user');
});

test('a directory that is named as root is seen by other owners in the container’s own place, not in its own', () => {
  const to = texts(planned('-v', `${rootfs}/etc:/data`).program.join)
    .filter((text) => text.startsWith('move_mount'))
    .map((text) => text.match(/"", AT_FDCWD, "([^"]+)"/)?.[1]);
  expect(to).toEqual(['/var/lib/boxstep/containers/web/merged']);
});
