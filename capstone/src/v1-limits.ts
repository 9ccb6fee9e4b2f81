import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { major, minor } from 'shared-native';
import { type Action, type Hierarchy, integer, joinCgroup, Misuse, makeCgroup, type Options } from 'step-10';

/** Limits that docker has from cgroup v1, and that v2, or a kernel, may not have. */
export interface V1Limits {
  readonly memorySwappiness?: number;
  readonly oomKillDisable?: boolean;
  /** Microseconds. */
  readonly cpuRtPeriod?: number;
  readonly cpuRtRuntime?: number;
  readonly blkioWeightDevice?: readonly DiskWeight[];
}

interface DiskWeight {
  readonly path: string;
  readonly weight: number;
}

const LACKING: Readonly<Partial<Record<keyof V1Limits, string>>> = {
  memorySwappiness: 'memory swappiness capabilities or the cgroup is not mounted. Memory swappiness discarded.',
  oomKillDisable: 'OomKillDisable. OomKillDisable discarded.',
  blkioWeightDevice: 'Block I/O weight_device or the cgroup is not mounted. Weight-device discarded.',
};

const ENDLESS =
  'OOM killer is disabled for the container, but no memory limit is set, this can result in the system running out of resources.';

/** Adds their flags to a command. */
export function v1Flags(command: Command): Command {
  const number = (flag: string) => (text: string) => integer(text, `${flag} to be a number of microseconds`);
  return command
    .option('--blkio-weight-device <device:weight>', 'its share of one busy disk: bfq alone has it', diskWeight)
    .option('--cpu-rt-period <microseconds>', 'a period of real-time tasks: cgroup v1 alone', number('--cpu-rt-period'))
    .option('--cpu-rt-runtime <microseconds>', 'their time in each period: v1 alone', number('--cpu-rt-runtime'))
    .option('--memory-swappiness <number>', 'how readily it is swapped, 0 to 100: v1 alone', swappiness)
    .option('--oom-kill-disable', 'let it wait when its memory runs out, and kill nothing: v1 alone');
}

/**
 * The ones among flags that this machine has. docker warns of some that it hasn't, and goes on without them.
 *
 * @param find - looks for the hierarchies, once a flag asks for it
 * @throws {Error} in docker's words for the others
 */
export function v1LimitsOf(
  flags: V1Limits & { readonly memory?: number },
  find: () => readonly Hierarchy[],
  warn: (line: string) => void,
): V1Limits {
  const { memorySwappiness, oomKillDisable, cpuRtPeriod, cpuRtRuntime, blkioWeightDevice } = flags;
  if (oomKillDisable && !flags.memory) warn(`WARNING: ${ENDLESS}`);
  const given: V1Limits = {
    ...(memorySwappiness !== undefined && memorySwappiness >= 0 && { memorySwappiness }),
    ...(oomKillDisable && { oomKillDisable }),
    ...(cpuRtPeriod && { cpuRtPeriod }),
    ...(cpuRtRuntime && { cpuRtRuntime }),
    ...(blkioWeightDevice && { blkioWeightDevice }),
  };
  if (Object.keys(given).length === 0) return given;
  const hierarchies = find();
  const kept = Object.entries(given).filter(([name]) => {
    const limit = name as keyof V1Limits;
    if (placeOf(limit, hierarchies)) return true;
    if (LACKING[limit] === undefined) throw new Error('kernel does not support CPU real-time scheduler');
    warn(`WARNING: Your kernel does not support ${LACKING[limit]}`);
    return false;
  });
  return Object.fromEntries(kept);
}

/** What the host writes for them. */
export function v1Actions(limits: V1Limits, { name, hierarchies }: Options): Action[] {
  return (Object.keys(limits) as (keyof V1Limits)[]).flatMap((limit): Action[] => {
    const place = placeOf(limit, hierarchies);
    if (!place) return [];
    const { hierarchy, controller, file } = place;
    const files = valuesOf(limits[limit]).map((value) => [file, value] as const);
    const made = makeCgroup(hierarchy, name, `a limit that cgroup v1 has: ${file}`, [controller], files);
    return [{ ...made, undo: [] }, joinCgroup(hierarchy, name)]; // step 3 undoes it
  });
}

function valuesOf(value: V1Limits[keyof V1Limits]): (string | number)[] {
  if (typeof value === 'object') return value.map(({ path, weight }) => `${numbersOf(path)} ${weight}`);
  return [Number(value)];
}

const FILES: Readonly<Record<keyof V1Limits, readonly (readonly [controller: string, file: string])[]>> = {
  memorySwappiness: [['memory', 'memory.swappiness']],
  oomKillDisable: [['memory', 'memory.oom_control']],
  cpuRtPeriod: [['cpu', 'cpu.rt_period_us']],
  cpuRtRuntime: [['cpu', 'cpu.rt_runtime_us']],
  blkioWeightDevice: [
    ['blkio', 'blkio.bfq.weight_device'],
    ['io', 'io.bfq.weight'],
  ],
};

/** Where a limit is written. @returns undefined if this kernel has no such file */
function placeOf(limit: keyof V1Limits, hierarchies: readonly Hierarchy[]) {
  for (const [controller, file] of FILES[limit]) {
    const hierarchy = hierarchies.find(({ controllers }) => controllers.includes(controller));
    if (hierarchy && existsSync(join(hierarchy.mount, file))) return { hierarchy, controller, file };
  }
  return undefined;
}

function numbersOf(path: string): string {
  const { rdev } = statSync(path);
  return `${major(rdev)}:${minor(rdev)}`;
}

function swappiness(text: string): number {
  const number = integer(text, '--memory-swappiness to be a number from 0 to 100, or -1');
  if (number >= -1 && number <= 100) return number;
  throw new Misuse(`invalid value: ${number}. Valid memory swappiness range is 0-100`);
}

function diskWeight(text: string, before: readonly DiskWeight[] = []): DiskWeight[] {
  const [path = '', weight = '', ...rest] = text.split(':');
  if (path === '' || weight === '' || rest.length > 0) throw new Error(`bad format: ${text}`);
  if (!path.startsWith('/dev/')) throw new Error(`bad format for device path: ${text}`);
  const number = Number(weight);
  if (!/^\d+$/.test(weight) || (number > 0 && number < 10) || number > 1000)
    throw new Error(`invalid weight for device: ${text}`);
  return [...before, { path, weight: number }];
}
