import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Run, remove, start } from '../../../capstone/src/index.ts';
import { executable, POLLFD_BYTES, ppoll } from '../../../shared-native/src/index.ts';
import { runCommand } from '../command.ts';
import { inRoot } from '../images.ts';
import { BOXSTEP } from '../ours.ts';
import { median, shuffled } from '../statistics.ts';
import { milliseconds, table } from '../table.ts';
import { createIn } from './keepers.ts';
import { type Kept, kept, keptText } from './kept.ts';
import {
  cgroupTakes,
  GROWING,
  type KernelMemory,
  kernelMemory,
  namespaceTakes,
  ownMemory,
  STRUCTURES,
  since,
  together,
} from './memory.ts';

/** How many first and last containers are measured, and how many commands. */
const SAMPLE = 20;

/** Enough for what else the machine does not to matter much. */
const FEWER = 100;

/** What many containers at once take: milliseconds, and KiB per container. */
export interface Scale {
  readonly many: number;
  readonly starts: { readonly first: number; readonly last: number };
  readonly ps: { readonly ofOne: number; readonly ofMany: number };
  /** How long it takes to remove one of them, running. */
  readonly removal: number;
  readonly memory: KernelMemory;
  /** What the kernel takes for these alone, while the containers run. */
  readonly alone: { readonly namespace: number; readonly cgroup: number | undefined };
  /** The largest shim's memory, in KiB. */
  readonly shim: number;
  /** What fewer take, beside those that others keep. */
  readonly fewer: { readonly many: number; readonly all: readonly Kept[]; readonly missing: readonly string[] };
}

/**
 * Starts many containers that keep running, each with a program of one page, and measures what they take. Each time is taken
 * in turn with one in another root, which has a single container: so whatever else the machine does affects both.
 */
export async function scale(directory: string, many: number, signal: AbortSignal): Promise<Scale> {
  const rootfs = makeRootfs(join(directory, 'waits'));
  const fewer = { many: FEWER, ...(await kept(directory, rootfs, FEWER, signal)) };
  const crowd = containersIn(join(directory, 'crowd'), rootfs, signal);
  const alone = containersIn(join(directory, 'alone'), rootfs, signal);
  try {
    for (let nth = 0; nth < SAMPLE; nth++) await alone.another(); // V8 compiles what has run often
    await alone.removeAll();
    await alone.another();
    const before = kernelMemory();
    while (crowd.runs.length < many - 1) await crowd.another();
    const memory = since(before, crowd.runs.length);
    const starts = { first: [] as number[], last: [] as number[] };
    const ps = { ofOne: [] as number[], ofMany: [] as number[] };
    for (let nth = 0; nth < SAMPLE; nth++) {
      // In an order that is new each time: what ended before is still cleaned up.
      const begins = shuffled([
        async () => starts.first.push(await alone.another()),
        async () => starts.last.push(await crowd.another()),
      ]);
      for (const begin of begins) await begin();
      await crowd.removeLast();
      await alone.removeLast();
    }
    for (let nth = 0; nth < SAMPLE; nth++) {
      ps.ofOne.push(await alone.psTime());
      ps.ofMany.push(await crowd.psTime());
    }
    const shims = crowd.runs.flatMap((run) => (run.status === 'begun' && run.shim ? [run.shim.pid] : []));
    const shim = Math.max(...shims.map((pid) => ownMemory(pid).rss));
    const its = { namespace: namespaceTakes(SAMPLE * 5), cgroup: cgroupTakes(SAMPLE * 5) };
    const begin = performance.now();
    const count = crowd.runs.length;
    await crowd.removeAll();
    return {
      many,
      starts: { first: median(starts.first), last: median(starts.last) },
      ps: { ofOne: median(ps.ofOne), ofMany: median(ps.ofMany) },
      removal: (performance.now() - begin) / count,
      memory,
      alone: its,
      shim,
      fewer,
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
        const id = createIn(rootfs);
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

export function scaleText({ many, starts, ps, removal, memory, alone, shim, fewer }: Scale): string {
  const ratio = (one: number, other: number) => (other / one).toFixed(2);
  const times = table(
    `${many} containers at once`,
    ['first', 'last', 'ratio'],
    [
      ['a start, in ms', milliseconds(starts.first), milliseconds(starts.last), ratio(starts.first, starts.last)],
      ['ps, as a command, in ms', milliseconds(ps.ofOne), milliseconds(ps.ofMany), ratio(ps.ofOne, ps.ofMany)],
    ],
  );
  const rows = [
    ...STRUCTURES.map((name) => [name, memory[name].toFixed(1)]),
    ['together', together(memory).toFixed(1)],
    [`… without ${GROWING}`, (together(memory) - memory[GROWING]).toFixed(1)],
    ['a network namespace alone', alone.namespace.toFixed(1)],
    ['a memory cgroup alone', alone.cgroup?.toFixed(1) ?? 'none here'],
  ];
  return [
    keptText(fewer.many, fewer.all, fewer.missing),
    times,
    `one that runs is removed in ${milliseconds(removal)} ms`,
    table(`memory of the kernel for each of ${many}`, ['KiB'], rows),
    `a shim has ${shim} KiB at most\n`,
  ].join('\n');
}

/** What every image has, and a program that waits, and has a few pages. */
function makeRootfs(directory: string): string {
  for (const name of ['proc', 'sys', 'dev', 'tmp', 'etc']) mkdirSync(join(directory, name), { recursive: true });
  for (const name of ['hosts', 'hostname', 'resolv.conf']) writeFileSync(join(directory, 'etc', name), '');
  const nothing = new Uint8Array(POLLFD_BYTES).fill(0xff);
  const { fd, release } = executable('wait', () => ({
    wait: { calls: [ppoll(nothing)], next: 'wait', other: 'wait' },
  }));
  copyFileSync(`/proc/self/fd/${fd}`, join(directory, 'wait'));
  release();
  return directory;
}
