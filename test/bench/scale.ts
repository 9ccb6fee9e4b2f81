import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { create, type Run, remove, start } from '../../capstone/src/index.ts';
import { executable, POLLFD_BYTES, ppoll } from '../../shared-native/src/index.ts';
import { runCommand } from './command.ts';
import { inRoot } from './images.ts';
import { BOXSTEP } from './ours.ts';
import { median } from './statistics.ts';
import { milliseconds, table } from './table.ts';

/** How many first and last containers are measured, and how many commands. */
const SAMPLE = 20;

/** The memory that the kernel needs for processes and containers, as /proc/meminfo names it: proc_meminfo(5). */
const STRUCTURES = ['SUnreclaim', 'SReclaimable', 'KernelStack', 'PageTables', 'Percpu'] as const;

type Memory = Readonly<Record<(typeof STRUCTURES)[number], number>>;

/** What many containers at once take: milliseconds, and KiB per container. */
export interface Scale {
  readonly many: number;
  readonly starts: { readonly first: number; readonly last: number };
  readonly ps: { readonly ofOne: number; readonly ofMany: number };
  readonly memory: Memory;
  /** The largest shim's memory, in KiB. */
  readonly shim: number;
}

/**
 * Starts many containers that keep running, each with a program of one page, and measures what they take. Each time is taken
 * in turn with one in another root, which has a single container: so whatever else the machine does affects both.
 */
export async function scale(directory: string, many: number, signal: AbortSignal): Promise<Scale> {
  const rootfs = makeRootfs(join(directory, 'waits'));
  const crowd = containersIn(join(directory, 'crowd'), rootfs, signal);
  const alone = containersIn(join(directory, 'alone'), rootfs, signal);
  try {
    for (let nth = 0; nth < SAMPLE; nth++) await alone.another(); // V8 compiles what has run often
    await alone.removeAll();
    await alone.another();
    const before = memory();
    while (crowd.runs.length < many - 1) await crowd.another();
    const after = memory();
    const taken = each((name) => (after[name] - before[name]) / crowd.runs.length);
    const starts = { first: [] as number[], last: [] as number[] };
    for (let nth = 0; nth < SAMPLE; nth++) {
      starts.first.push(await alone.another());
      starts.last.push(await crowd.another());
      await crowd.removeLast();
      await alone.removeLast();
    }
    const ps = { ofOne: [] as number[], ofMany: [] as number[] };
    for (let nth = 0; nth < SAMPLE; nth++) {
      ps.ofOne.push(await alone.psTime());
      ps.ofMany.push(await crowd.psTime());
    }
    return {
      many,
      starts: { first: median(starts.first), last: median(starts.last) },
      ps: { ofOne: median(ps.ofOne), ofMany: median(ps.ofMany) },
      memory: taken,
      shim: Math.max(...crowd.runs.flatMap((run) => (run.status === 'begun' && run.shim ? [rss(run.shim.pid)] : []))),
    };
  } finally {
    await alone.removeAll();
    await crowd.removeAll();
  }
}

/** The containers of a root. Times are milliseconds. */
function containersIn(root: string, rootfs: string, signal: AbortSignal) {
  const ids: string[] = [];
  const runs: Run[] = [];
  const removeLast = () => {
    runs.pop();
    return inRoot(root, () => remove(ids.pop() as string, { force: true }));
  };
  return {
    runs,
    removeLast,
    another: () =>
      inRoot(root, async () => {
        signal.throwIfAborted();
        const begin = performance.now();
        const flags = ['--network', 'none'];
        const { id } = create({ image: rootfs, command: ['/wait'], flags });
        ids.push(id);
        runs.push((await start(id)).record.run);
        return performance.now() - begin;
      }),
    psTime: async () => (await runCommand({ name: 'ps', argv: [BOXSTEP, 'ps'], env: { BOXSTEP_ROOT: root } })).time,
    async removeAll() {
      while (ids.length > 0) await removeLast();
    },
  };
}

export function scaleText({ many, starts, ps, memory, shim }: Scale): string {
  const ratio = (one: number, other: number) => (other / one).toFixed(2);
  const times = table(
    `${many} containers at once`,
    ['first', 'last', 'ratio'],
    [
      ['a start, in ms', milliseconds(starts.first), milliseconds(starts.last), ratio(starts.first, starts.last)],
      ['ps, as a command, in ms', milliseconds(ps.ofOne), milliseconds(ps.ofMany), ratio(ps.ofOne, ps.ofMany)],
    ],
  );
  const rows = STRUCTURES.map((name) => [name, memory[name].toFixed(1)]);
  const all = STRUCTURES.reduce((sum, name) => sum + memory[name], 0);
  return `${times}\n${table('memory of the kernel for each', ['KiB'], [...rows, ['together', all.toFixed(1)]])}a shim has ${shim} KiB at most\n`;
}

/** A directory with a program that waits, and has a few pages. */
function makeRootfs(directory: string): string {
  mkdirSync(directory);
  const nothing = new Uint8Array(POLLFD_BYTES).fill(0xff);
  const { fd, release } = executable('wait', () => ({
    wait: { calls: [ppoll(nothing)], next: 'wait', other: 'wait' },
  }));
  copyFileSync(`/proc/self/fd/${fd}`, join(directory, 'wait'));
  release();
  return directory;
}

function memory(): Memory {
  const text = readFileSync('/proc/meminfo', 'utf8');
  return each((name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1]));
}

function each(value: (name: keyof Memory) => number): Memory {
  return Object.fromEntries(STRUCTURES.map((name) => [name, value(name)])) as Memory;
}

/** A process's resident memory, in KiB. */
function rss(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}
