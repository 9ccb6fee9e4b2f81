import type { Hierarchy } from 'step-02';
import type { Machine } from '../src/flags/machine.ts';
import { type Options, options } from '../src/options.ts';

/** A machine with four processors and all that can be limited. */
export const MACHINE: Machine = {
  cpus: 4,
  cpuset: '0-3',
  mems: '0',
  memory: 8 * 1024 ** 3,
  swap: true,
  weights: 'bfq',
  weighs: true,
  oomScoreAdj: 0,
};

/** The cgroups of a machine as most are today. */
export const V2_ONLY: Hierarchy[] = [
  {
    version: 2,
    mount: '/sys/fs/cgroup',
    parent: '/sys/fs/cgroup/boxstep',
    controllers: ['cpuset', 'cpu', 'io', 'memory', 'pids'],
    readOnly: false,
  },
];

/** The cgroups of an older one: a hierarchy for each controller, and v2 without any. */
export const V1_ONLY: Hierarchy[] = [
  {
    version: 2,
    mount: '/sys/fs/cgroup/unified',
    parent: '/sys/fs/cgroup/unified/boxstep',
    controllers: [],
    readOnly: false,
  },
  ...['cpu', 'cpuacct', 'cpuset', 'memory', 'freezer', 'blkio', 'pids'].map(
    (controller): Hierarchy => ({
      version: 1,
      mount: `/sys/fs/cgroup/${controller}`,
      parent: `/sys/fs/cgroup/${controller}/boxstep`,
      controllers: [controller],
      readOnly: false,
    }),
  ),
];

/** A container without any limit but step 1's. */
export const OPTIONS: Options = {
  name: 'web',
  hostname: 'web',
  domainname: '',
  rootfs: '/srv/rootfs',
  command: ['sh'],
  pidsLimit: 512,
  hierarchies: V2_ONLY,
  archive: undefined,
  readOnly: false,
  limits: {},
  ulimits: [],
  cgroupNamespace: 'private',
  oomScoreAdj: undefined,
  stats: false,
  machine: MACHINE,
};

/** The flags of a command line, read as `run` reads them. @throws {Error} if one is wrong */
export async function flagsOf(...args: string[]) {
  const { Command } = await import('commander');
  const command = options(new Command().exitOverride().configureOutput({ writeErr: () => {} })).helpOption(false);
  return command.parse(args, { from: 'user' }).opts();
}
