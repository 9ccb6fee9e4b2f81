import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AT_FDCWD, close, O_RDONLY, openat, read, S_IFCHR, S_IFDIR, S_IFLNK, S_IFMT, S_IFREG } from 'shared-native';
import { asParent, executable, type Hierarchy, type Machine, runIn, type State, type Tree } from 'shared-native/model';
import { findHierarchies, makeRootfs, type Plan, start } from 'step-01';
import { inModel } from 'step-01/model';
import { plan, read as readOptions } from 'step-04';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { cgroupOfProcess, cgroupPath } from '../shared-native/src/model/cgroups/cgroups.ts';
import { likeThisMachine, modelledProcess } from '../shared-native/test/calibration/modelled.ts';
import { realProcess } from '../shared-native/test/calibration/real.ts';
import { leftovers } from './boxstep.ts';
import { needs } from './needs.ts';

beforeEach(needs('root'));

let folder: string;
let rootfs: string;
let tree: Tree;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'boxstep-modelled-'));
  rootfs = join(folder, 'rootfs');
  await makeRootfs(rootfs);
  tree = treeOf(rootfs);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  expect(leftovers('boxstep-modelled')).toEqual([]);
});

const COMMAND = ['sleep', '100'];
const PLACES = { places: true, tree: false };

/** A plan with these flags, made for real and in the model: what /proc shows of the command, and what the cgroups hold. */
async function both(flags: Record<string, unknown>) {
  const options = readOptions({ name: 'boxstep-modelled', ...flags } as never, [rootfs, ...COMMAND]);
  const one = plan({ ...options, pipes: [] });
  const { state, after, deeds } = inModel(one, thisMachine());
  expect(deeds.filter(({ error }) => error)).toEqual([]);
  expect(after?.failed).toBeUndefined();
  const container = await start(one);
  try {
    await expect.poll(() => readFileSync(`/proc/${container.pid}/comm`, 'utf8')).toBe('sleep\n');
    return {
      real: { ...onAnyDisk(realProcess(container.pid, PLACES)), ...realCgroups(container.pid, one) },
      modelled: { ...onAnyDisk(modelledProcess(state, PLACES)), ...modelledCgroups(one, state) },
    };
  } finally {
    container.kill('SIGKILL');
    await container.exited;
  }
}

/**
 * Of the mount of the root, only whether it may be written to: it's on whatever this machine keeps its files on. Of sysfs not
 * whether all of it is read-only, but this mount: that is up to the first to mount it in a network namespace.
 */
function onAnyDisk(shown: Record<string, string>): Record<string, string> {
  const mounts = (shown.mounts ?? '').replace(/^0 \/ \S+ (r[ow])\S* .*$/m, '0 / $1');
  return { ...shown, mounts: mounts.replace(/ sysfs sysfs r[ow]$/m, ' sysfs sysfs') };
}

function thisMachine(): Machine {
  const hierarchies = findHierarchies().map(({ version, mount, controllers }) => ({ version, mount, controllers }));
  return { ...likeThisMachine(), hierarchies, tree, shared: false };
}

/** A directory of this machine's, for the model: of files, only whether they are programs counts. */
function treeOf(top: string): Tree {
  const one = (path: string): Exclude<Tree[string], string> => {
    const { mode, uid, gid, rdev } = lstatSync(path);
    const owned = { mode: mode & 0o7777, uid, gid };
    const type = mode & S_IFMT;
    if (type === S_IFLNK) return { type: 'symlink', mode: 0o777, text: readlinkSync(path) };
    if (type === S_IFDIR) return { type: 'directory', ...owned };
    if (type === S_IFCHR) return { type: 'character', ...owned, rdev };
    if (type !== S_IFREG) throw new Error(`${path} is no file that this test knows`);
    return mode & 0o111 ? { ...executable, ...owned } : { type: 'file', ...owned, text: readFileSync(path, 'latin1') };
  };
  const walk = (path: string): [string, Tree[string]][] => {
    const found = one(path);
    const names = found.type === 'directory' ? readdirSync(path) : [];
    return [[path, found], ...names.flatMap((name) => walk(join(path, name)))];
  };
  return Object.fromEntries(walk(top));
}

/** The cgroup files that the plan's deeds write, and what they then hold. */
function written({ actions }: Plan): string[] {
  const deeds = actions.flatMap((action) => action.do);
  const paths = deeds.flatMap((deed) => (deed.deed === 'write' ? [deed.path] : []));
  return [...new Set(paths)].filter((path) => !/cgroup\.procs$|subtree_control$/.test(path));
}

function realCgroups(pid: number, one: Plan): Record<string, string> {
  const held = written(one).map((path) => [path, readFileSync(path, 'utf8').trim()]);
  const lines = readFileSync(`/proc/${pid}/cgroup`, 'utf8').trim().split('\n');
  const joined = lines.map((line) => line.split(':').slice(1)).filter(([, path]) => path?.includes(one.name));
  return {
    ...Object.fromEntries(held),
    cgroups: joined
      .map((line) => line.join(':'))
      .sort()
      .join('\n'),
  };
}

function modelledCgroups(one: Plan, state: State): Record<string, string> {
  const held = written(one).map((path) => [path, contentOnHost(state, path).trim()]);
  const places = state.hierarchies.map(({ version, controllers, root }) => {
    const cgroup = cgroupOfProcess({ root } as Hierarchy, state.process.hostPid);
    return `${version === 1 ? controllers.join() : ''}:${cgroupPath(cgroup)}`;
  });
  const joined = places.filter((line) => line.includes(one.name)).sort();
  return { ...Object.fromEntries(held), cgroups: joined.join('\n') };
}

function contentOnHost(state: State, path: string): string {
  return asParent(state, () => {
    const file = openat(AT_FDCWD, path, O_RDONLY);
    const { answers } = runIn(state, [file, read(file, new Uint8Array(1000)), close(file)]);
    const [, one] = answers;
    return new TextDecoder().decode(one?.filled?.buf?.subarray(0, one.result));
  });
}

describe('a plan of steps 1 to 4 comes to the same in the model as in the kernel', () => {
  test.each([
    ['nothing asked for', {}],
    ['a hostname', { hostname: 'web' }],
    [
      'a user with groups, a directory, a read-only root',
      { user: '7:5', groupAdd: ['20', '4'], workdir: '/srv/app', readOnly: true },
    ],
    ['limits', { memory: 64 * 2 ** 20, pidsLimit: 50, cpus: 5e8, oomScoreAdj: 300 }],
    ['ulimits', { ulimit: [{ name: 'nofile', soft: 64n, hard: 128n }] }],
  ])('%s', async (_, flags) => {
    const { real, modelled } = await both(flags);
    expect(real.mounts).toContain('/dev/pts');
    expect(modelled).toEqual(real);
  });
});
