import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import {
  AT_FDCWD,
  clone,
  makedev,
  mknod,
  O_CLOEXEC,
  O_RDONLY,
  O_RDWR,
  O_WRONLY,
  openat,
  perform,
  S_IFBLK,
  S_IFCHR,
  tolerate,
} from 'shared-native';
import { type Action, carryOut, defaultRootfsPath, findHierarchies, type Hierarchy } from 'step-09';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { asAUser, BOXSTEP, inRoot, leftovers, says, WAITS } from '../../../test/boxstep.ts';
import { needs } from '../../../test/needs.ts';
import { allowDevices } from '../src/devices/allow.ts';
import { type DeviceRule, merged, type Request, ruleText } from '../src/devices/rules.ts';
import { run, ten } from './command.ts';
import { allows, generated, numbers } from './device-rules.ts';

const ROOTFS = defaultRootfsPath();
const isRoot = process.geteuid?.() === 0;
beforeEach(needs('root', 'overlay'));
afterAll(() => {
  if (isRoot) expect(leftovers('nothing-has-this-word')).toEqual([]);
});

const HIERARCHIES = findHierarchies();
const v1 = HIERARCHIES.find(({ version, controllers }) => version === 1 && controllers.includes('devices'));

/** A device that no kernel has: if it may be opened, there is none of it (ENXIO), and else nobody asks (EPERM). */
const ODD = 'c 1 99';
const OPEN =
  'for how in "<" ">" "<>"; do eval "true $how /tmp/odd" 2>&1 | grep -oE "not permitted|No such device"; done';
const MADE = `mknod /tmp/odd ${ODD} && ${OPEN}`;
const [NO, YES] = ['not permitted', 'No such device'];

/** On a machine whose v1 has no devices: in mounts of the test's own, its hierarchy isn't there. */
function withoutV1(...args: string[]) {
  const hidden = `umount ${v1?.mount}; exec "$@"`;
  const all = ['--mount', 'sh', '-c', hidden, 'sh', BOXSTEP, '10', 'run', '--network', 'none', ...args];
  return execa('unshare', all, asAUser());
}

const KINDS = [
  ['by this machine’s cgroups', run, HIERARCHIES],
  ['by a program, where v1 has no controller', withoutV1, HIERARCHIES.filter((one) => one !== v1)],
] as const;

describe.each(KINDS)('devices %s', (_, run, hierarchies) => {
  beforeEach((context) => {
    if (run === withoutV1) needs('v1')(context);
  });
  const sh = async (line: string, ...flags: string[]) => {
    const { all } = await run('--userns', 'host', ...flags, ROOTFS, 'sh', '-c', line);
    return all?.split('\n');
  };

  test('can’t be opened, whatever node root makes, unless a rule allows it', async () => {
    const [plain, reads, both, every, open] = await Promise.all([
      sh(MADE),
      sh(MADE, '--device-cgroup-rule', 'c 1:99 r'),
      sh(MADE, '--device-cgroup-rule', 'c 1:99 r', '--device-cgroup-rule', 'c 1:99 w'),
      sh(MADE, '--device-cgroup-rule', 'c 1:* rw'),
      sh(MADE, '--privileged'),
    ]);
    expect([plain, reads]).toEqual([
      [NO, NO, NO],
      [YES, NO, NO],
    ]);
    expect([both, every, open]).toEqual(Array(3).fill([YES, YES, YES]));
  });

  test('of the host come with their mode and owner, and with the access that was given', async () => {
    const folder = inRoot(`nodes-${hierarchies.length}`);
    mkdirSync(join(folder, 'deep'), { recursive: true });
    execFileSync('sh', ['-c', `cd ${folder}; mknod odd ${ODD}; chmod 640 odd; chown 7:8 odd; mknod deep/one b 240 99`]);
    const look = 'ls -ln /dev/odd | tr -s " " | cut -d " " -f 1,3,4,5,6; true < /dev/odd; true > /dev/odd';
    const [one, all] = await Promise.all([
      sh(`exec 2>&1; ${look}`, '--device', `${folder}/odd:/dev/odd:r`),
      sh('ls -lR /srv/x | grep -oE "^[bc].{9}|\\S+$"; true < /srv/x/deep/one', '--device', `${folder}:/srv/x`),
    ]);
    expect(one).toEqual(['crw-r----- 7 8 1, 99', expect.stringContaining(YES), expect.stringContaining(NO)]);
    expect(all).toEqual(expect.arrayContaining(['crw-r-----', 'odd', 'one']));
    expect(all?.join()).not.toContain(NO);
  });

  test('are allowed and refused by the kernel as the rules say', async () => {
    for (const request of REQUESTS) perform(tolerate(mknodFor(request), 'EEXIST'));
    const random = numbers(7);
    for (let nth = 0; nth < 10; nth++) {
      const rules = generated(random, 5, MAJORS, MINORS);
      const answers = await asKernelSays(rules, hierarchies);
      for (const request of REQUESTS) rmSync(`${nodeOf(request)}-made`, { force: true });
      const expected = REQUESTS.map((request) => [request, allows(rules, request)]);
      expect(answers, merged(rules).map(ruleText).join(', ')).toEqual(expected);
    }
  });
});

test('exec opens no more than the container may, nor with --privileged', async () => {
  const flags = ['--userns', 'host', '--device-cgroup-rule', 'c 1:99 r'];
  const container = run('--name', 'web', ...flags, ROOTFS, ...WAITS);
  try {
    await says(container);
    const line = `${MADE}; rm /tmp/odd`;
    const plain = await ten('exec', 'web', 'sh', '-c', line);
    const privileged = await ten('exec', '--privileged', 'web', 'sh', '-c', line);
    expect([plain.stdout, privileged.stdout]).toEqual(Array(2).fill([YES, NO, NO].join('\n')));
  } finally {
    container.kill('SIGTERM');
    await container;
  }
});

test('prune removes what a killed runtime left of a paused container, whose processes v1’s freezer keeps', async () => {
  const words = ['10', 'run', '--network', 'none', '--name', 'still', ROOTFS, ...WAITS];
  const runtime = spawn(BOXSTEP, words, { stdio: ['ignore', 'pipe', 'inherit'] }); // execa would wait for what the frozen have open
  await says(runtime);
  expect((await ten('pause', 'still')).exitCode).toBe(0);
  runtime.kill('SIGKILL');
  await once(runtime, 'exit');
  const { exitCode, all } = await ten('prune');
  expect([exitCode, all]).toEqual([0, expect.stringContaining('still')]);
});

/** Of devices that no machine has. */
const MAJORS = [240, 241];
const MINORS = [0, 3];
const MODES = { r: O_RDONLY, w: O_WRONLY, rw: O_RDWR };

const REQUESTS: Request[] = (['b', 'c'] as const).flatMap((type) =>
  MAJORS.flatMap((major) =>
    MINORS.flatMap((minor) => ['r', 'w', 'rw', 'm'].map((access) => ({ type, major, minor, access }))),
  ),
);

/** What the kernel says to a process in a cgroup with these rules. */
async function asKernelSays(rules: readonly DeviceRule[], hierarchies: readonly Hierarchy[]) {
  const actions = allowDevices(rules, 'asked', hierarchies, []);
  const doing = async (when: Action['when'], pid?: number) => {
    for (const action of actions.filter((one) => one.when === when))
      for (const deed of action.do) await carryOut(deed, pid);
  };
  try {
    await doing('before');
    const child = clone(REQUESTS.map(callFor), 0);
    await doing('adopt', await child.born);
    child.proceed();
    const { made } = await child.exited;
    return made.map(({ result }, nth) => [REQUESTS[nth], result !== -1]); // EPERM is 1
  } finally {
    for (const deed of actions.toReversed().flatMap(({ undo }) => undo)) await carryOut(deed);
  }
}

/** To open a node that is there, or to make one that isn't. */
function callFor({ type, major, minor, access }: Request) {
  const node = nodeOf({ type, major, minor });
  if (access !== 'm') return tolerate(openat(AT_FDCWD, node, MODES[access as keyof typeof MODES] | O_CLOEXEC), 'any');
  return tolerate(mknodFor({ type, major, minor }, '-made'), 'any');
}

type Node = Pick<Request, 'type' | 'major' | 'minor'>;

function mknodFor(node: Node, suffix = '') {
  const type = node.type === 'b' ? S_IFBLK : S_IFCHR;
  return mknod(`${nodeOf(node)}${suffix}`, type | 0o600, makedev(node.major, node.minor));
}

function nodeOf({ type, major, minor }: Node): string {
  return inRoot(`${type}-${major}-${minor}`);
}
