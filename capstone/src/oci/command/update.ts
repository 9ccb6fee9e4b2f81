import { join } from 'node:path';
import { carryOut, type Deed, DeedError, findHierarchies, type Hierarchy, ramInBytes, write } from 'step-10';
import { placesIn } from '../cgroups/place.ts';
import { isNone, settings } from '../cgroups/settings.ts';
import { readAs } from '../config/bundle.ts';
import { type Resources, resourcesShape } from '../config/schema.ts';
import type { OciCommand } from '../oci-command.ts';
import { container, keep, statusOf } from '../state/container.ts';

/** Flags of numbers, by the field that each is. */
const NUMBERS = {
  blkioWeight: ['blockIO', 'weight'],
  cpuPeriod: ['cpu', 'period'],
  cpuQuota: ['cpu', 'quota'],
  cpuBurst: ['cpu', 'burst'],
  cpuShare: ['cpu', 'shares'],
  cpuRtPeriod: ['cpu', 'realtimePeriod'],
  cpuRtRuntime: ['cpu', 'realtimeRuntime'],
  cpuIdle: ['cpu', 'idle'],
  memory: ['memory', 'limit'],
  memoryReservation: ['memory', 'reservation'],
  memorySwap: ['memory', 'swap'],
  pidsLimit: ['pids', 'limit'],
} as const;

const dashed = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

export const updateCommand: OciCommand = {
  usage: '<id>',
  description: 'change the limits of a container',
  options(command) {
    command.option('-r, --resources <file>', 'linux.resources, as JSON; - is standard input');
    for (const name of Object.keys(NUMBERS))
      command.option(`--${dashed(name)} <number>`, NUMBERS[name as keyof typeof NUMBERS].join('.'));
    return command.option('--cpuset-cpus <list>', 'cpu.cpus').option('--cpuset-mems <list>', 'cpu.mems');
  },
  async run([id = ''], { resources: file, ...flags }: { resources?: string } & Record<string, string>, { root }) {
    const one = container(root, id);
    if (statusOf(one) === 'stopped') throw new Error('container not running');
    const wanted = file === undefined ? ofFlags(flags) : readAs(resourcesShape, file);
    const { linux = {} } = one.config;
    const before = linux.resources ?? {};
    const changed = together(before, wanted);
    const places = placesIn(one.cgroups, findHierarchies());
    const all = settings(
      changed,
      places.map(({ hierarchy }) => hierarchy),
    );
    const at = (hierarchy: Hierarchy) => places.find((other) => other.hierarchy === hierarchy)?.cgroup ?? '';
    const deeds = all.flatMap(({ hierarchy, files }) =>
      files.map(([name, value]) => write(value, join(at(hierarchy), name))),
    );
    for (const deed of await refusedOf(deeds)) await carryOut(deed);
    const { directory, ...kept } = one;
    const resources = { ...before, ...changed };
    keep(directory, { ...kept, config: { ...one.config, linux: { ...linux, resources } } });
    return 0;
  },
};

/** Writes limits. @returns those that the kernel may take once others are written: no memory above that with swap, no quota above a pod's */
async function refusedOf(deeds: readonly Deed[]): Promise<Deed[]> {
  const refused: Deed[] = [];
  for (const deed of deeds)
    try {
      await carryOut(deed);
    } catch (error) {
      if (!(error instanceof DeedError) || error.code !== 'EINVAL') throw error;
      refused.push(deed);
    }
  return refused;
}

function ofFlags(flags: Record<string, string>): Resources {
  const given: Record<string, Record<string, unknown>> = {};
  for (const [name, [group, field]] of Object.entries(NUMBERS))
    if (flags[name] !== undefined) given[group] = { ...given[group], [field]: numberIn(dashed(name), flags[name]) };
  for (const [name, field] of [
    ['cpusetCpus', 'cpus'],
    ['cpusetMems', 'mems'],
  ] as const)
    if (flags[name] !== undefined) given.cpu = { ...given.cpu, [field]: flags[name] };
  return resourcesShape(given, '');
}

function numberIn(flag: string, text: string): number {
  if (/^-?\d+$/.test(text)) return Number(text);
  if (flag.startsWith('memory')) return ramInBytes(text, `--${flag}`);
  throw new Error(`invalid value ${JSON.stringify(text)} for --${flag}: a number is expected`);
}

/** What there was, with what is changed; what isn't named in a change stays. */
function together(before: Resources, { devices: _, ...wanted }: Resources): Resources {
  return {
    ...wanted,
    ...(wanted.cpu && { cpu: { ...before.cpu, ...wanted.cpu } }),
    ...(wanted.memory && { memory: { ...before.memory, ...wanted.memory, ...withSwap(wanted.memory) } }),
  };
}

/** Without a limit on memory there is none on memory and swap together, unless the same change sets one. */
function withSwap({ limit, swap }: NonNullable<Resources['memory']>): Resources['memory'] {
  return isNone(limit) && !swap ? { swap: -1 } : {};
}
