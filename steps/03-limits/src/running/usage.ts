import { join } from 'node:path';
import { cgroupPath, type Hierarchy } from 'step-02';

/** What a container uses. What the kernel doesn't tell is left out. */
export interface Usage {
  /** Bytes, without what was only read from disk and could be given back at once. */
  readonly memory?: number;
  /** The most bytes that it had at once. */
  readonly memoryPeak?: number;
  /** Bytes; none if memory isn't limited. */
  readonly memoryLimit?: number;
  /** How many of its processes the kernel killed for want of memory. */
  readonly oomKills?: number;
  /** Microseconds of CPU time. */
  readonly cpuTime?: number;
  /** Microseconds for which it had to wait though it could have run. */
  readonly throttled?: number;
  readonly pids?: number;
  readonly pidsPeak?: number;
}

/** Reads a file of a container's cgroup; undefined if there is none. */
type Read = (path: string) => string | undefined;

/** Where something is told: in which file of a controller, and how to read it there. */
interface Source {
  readonly controller: string;
  readonly file: string;
  readonly parse: (text: string) => number | undefined;
}

// #region where the kernel keeps the account
const UNLIMITED = 2 ** 62; // v1 writes a number near 2^63 where nothing is limited

const SOURCES: Readonly<Record<keyof Usage, readonly [v2: Source, v1: Source]>> = {
  memory: [
    { controller: 'memory', file: 'memory.current', parse: Number },
    { controller: 'memory', file: 'memory.usage_in_bytes', parse: Number },
  ],
  memoryPeak: [
    { controller: 'memory', file: 'memory.peak', parse: Number },
    { controller: 'memory', file: 'memory.max_usage_in_bytes', parse: Number },
  ],
  memoryLimit: [
    { controller: 'memory', file: 'memory.max', parse: (text) => (text === 'max' ? undefined : Number(text)) },
    {
      controller: 'memory',
      file: 'memory.limit_in_bytes',
      parse: (text) => (Number(text) > UNLIMITED ? undefined : Number(text)),
    },
  ],
  oomKills: [
    { controller: 'memory', file: 'memory.events', parse: field('oom_kill') },
    { controller: 'memory', file: 'memory.oom_control', parse: field('oom_kill') },
  ],
  cpuTime: [
    { controller: 'cpu', file: 'cpu.stat', parse: field('usage_usec') },
    { controller: 'cpuacct', file: 'cpuacct.usage', parse: (nanoseconds) => Number(nanoseconds) / 1000 },
  ],
  throttled: [
    { controller: 'cpu', file: 'cpu.stat', parse: field('throttled_usec') },
    { controller: 'cpu', file: 'cpu.stat', parse: field('throttled_time', 1000) },
  ],
  pids: [
    { controller: 'pids', file: 'pids.current', parse: Number },
    { controller: 'pids', file: 'pids.current', parse: Number },
  ],
  pidsPeak: [
    { controller: 'pids', file: 'pids.peak', parse: Number },
    { controller: 'pids', file: 'pids.peak', parse: Number },
  ],
};
// #endregion

/** The files that tell what a container used, to be read at its end. */
export function readings(name: string, hierarchies: readonly Hierarchy[]): string[] {
  const paths = (Object.keys(SOURCES) as (keyof Usage)[]).map((what) => sourceOf(what, name, hierarchies)?.path ?? '');
  return [...new Set(paths)].filter((path) => path !== '');
}

/** What a container uses, as its files tell. */
export function usage(name: string, hierarchies: readonly Hierarchy[], read: Read): Usage {
  const entries = (Object.keys(SOURCES) as (keyof Usage)[]).map((what) => {
    const source = sourceOf(what, name, hierarchies);
    const text = source && read(source.path)?.trim();
    return [what, text === undefined ? undefined : source?.parse(text)];
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function sourceOf(what: keyof Usage, name: string, hierarchies: readonly Hierarchy[]) {
  const [v2, v1] = SOURCES[what];
  for (const hierarchy of hierarchies) {
    const source = hierarchy.version === 2 ? v2 : v1;
    if (hierarchy.controllers.includes(source.controller)) {
      return { path: join(cgroupPath(hierarchy, name), source.file), parse: source.parse };
    }
  }
  return undefined;
}

/** A line `key number` of many. */
function field(key: string, divisor = 1): (text: string) => number | undefined {
  return (text) => {
    const [, number] = new RegExp(`^${key} (\\d+)`, 'm').exec(text) ?? [];
    return number === undefined ? undefined : Number(number) / divisor;
  };
}
