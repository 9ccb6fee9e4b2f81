import { existsSync, rmdirSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import {
  AT_FDCWD,
  type Call,
  CLONE_NEWNS,
  clone,
  close,
  errnoName,
  exitGroup,
  MS_PRIVATE,
  MS_REC,
  makedev,
  mkdir,
  mknod,
  mount,
  O_RDONLY,
  O_RDWR,
  O_WRONLY,
  openat,
  S_IFBLK,
  S_IFCHR,
  tolerate,
  write,
} from '../src/index.ts';
import { type MountedHierarchy, machine, model } from '../src/model/index.ts';
import { random } from './calibration/random.ts';

// What cgroup v1 lets processes do to devices, in the kernel and in the model: rules written at random, then nodes made and opened.

const MOUNT = ['/sys/fs/cgroup/devices', '/sys/fs/cgroup/cgroup/devices'].find((path) => existsSync(`${path}/tasks`));
const CGROUP = `${MOUNT}/boxstep-calibration-${process.pid}`;
const SEEDS = Array.from({ length: 40 }, (_, nth) => nth + 1);
/** Devices that can be opened, and do nothing by that; 9:9 has no driver. */
const NUMBERS = [
  [1, 3],
  [1, 5],
  [1, 7],
  [1, 9],
] as const;

describe.runIf(MOUNT)('devices of cgroup v1', () => {
  afterAll(() => rmdirSync(CGROUP));

  test('the model refuses what the kernel refuses, whatever rules were written', async () => {
    const differences: string[] = [];
    for (const seed of SEEDS) {
      const program = generated(seed);
      const [kernel, modelled] = [await real(program), inModel(program)];
      if (String(kernel) !== String(modelled)) differences.push(`${seed}: ${kernel}\n   ${modelled}`);
    }
    expect(differences.join('\n')).toBe('');
  });

  test('the test’s programs see both answers', () => {
    const answers = SEEDS.flatMap((seed) => inModel(generated(seed)));
    const count = (answer: string) => answers.filter((one) => one === answer).length;
    expect(Math.min(count('EPERM'), count('open'))).toBeGreaterThan(60);
    expect(count('EINVAL')).toBeGreaterThan(5);
  });
});

function generated(seed: number): Call[] {
  const source = random(seed);
  const rules = source.list(6, () => {
    const type = source.pick(['c', 'c', 'c', 'b', 'a']);
    const number = `${source.pick(['1', '1', '*', '5'])}:${source.pick(['3', '5', '7', '9', '*'])}`;
    return source.chance(0.1)
      ? source.pick(['a', 'c 1:3', 'x 1:3 r', 'c 1 r', 'c 1:3 q'])
      : `${type} ${number} ${source.pick(['rwm', 'r', 'rw', 'm', 'w'])}`;
  });
  const begins = source.chance(0.6) ? said('deny', 'a') : [];
  return [
    ...said('allow', 'a'), // whatever another program left
    ...begins,
    ...rules.flatMap((rule) => said(source.pick(['allow', 'allow', 'deny']), rule)),
    ...NUMBERS.flatMap(([major, minor]) => [
      mknod(`/mnt/${major}-${minor}`, S_IFCHR | 0o666, makedev(major, minor)),
      openat(
        AT_FDCWD,
        `/dev/${minor === 3 ? 'null' : minor === 5 ? 'zero' : minor === 7 ? 'full' : 'urandom'}`,
        source.pick([O_RDONLY, O_WRONLY, O_RDWR]),
      ),
    ]),
    mknod('/mnt/block', S_IFBLK | 0o666, makedev(1, 3)),
  ].map((call) => Object.assign(call, { tolerates: 'any' })); // not a copy: a call may be another's argument
}

function said(how: 'allow' | 'deny', rule: string): Call[] {
  return written(`${CGROUP}/devices.${how}`, rule);
}

function written(path: string, text: string): Call[] {
  const file = openat(AT_FDCWD, path, O_WRONLY);
  return [file, write(file, text), close(file)];
}

/** In a cgroup of its own, and with a filesystem that nobody else sees. */
function before(): Call[] {
  return [
    mount(null, '/', null, MS_REC | MS_PRIVATE),
    mount('tmpfs', '/mnt', 'tmpfs'),
    tolerate(mkdir(CGROUP, 0o755), 'EEXIST'),
    ...written(`${CGROUP}/cgroup.procs`, '0'),
  ];
}

async function real(program: readonly Call[]): Promise<(number | string)[]> {
  const start = before();
  const child = clone([...start, ...program, exitGroup(0)], CLONE_NEWNS);
  child.proceed();
  const { made } = await child.exited;
  const own = made.filter(({ call }) => program.includes(call));
  return own.map(({ call, result }) => (result < 0 ? errnoName(-result) : plain(call, result)));
}

function inModel(program: readonly Call[]): (number | string)[] {
  const hierarchies: MountedHierarchy[] = [{ version: 1, mount: `${MOUNT}`, controllers: ['devices'] }];
  const state = machine({ clone: CLONE_NEWNS, hierarchies, tree: { '/mnt/.keep': '' } });
  const start = before();
  const { answers } = model(state).run([...start, ...program]);
  return answers.slice(start.length).map(({ call, result, error }) => error ?? plain(call, result));
}

/** Descriptors have other numbers in a process with more files open. */
const plain = ({ name }: Call, result: number) => (name === 'openat' ? 'open' : result);
