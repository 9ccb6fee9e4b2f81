import { join } from 'node:path';
import { installed } from '../../installed.ts';
import { table } from '../table.ts';
import { liveApart } from './bundles.ts';
import { conmon, containerd, type Keeper, ours } from './keepers.ts';
import { GROWING, type KernelMemory, kernelMemory, ownMemory, STRUCTURES, since, together } from './memory.ts';

/** What a container takes that somebody keeps, in KiB. */
export interface Kept {
  readonly name: string;
  readonly kernel: KernelMemory;
  /** The process that stays with it: the largest one's memory, and what is one's share of it on average. */
  readonly rss: number;
  readonly pss: number;
}

/** Others than ours, and the programs that they need. */
const OTHERS = [
  { programs: ['conmon', 'runc'], keeper: conmon },
  { programs: ['containerd', 'ctr', 'containerd-shim-runc-v2', 'runc'], keeper: containerd },
];

/**
 * What containers take with ours, and with others that do the same: one after another, so that none measures another's.
 *
 * @param rootfs - has the program `/wait`
 * @returns what was measured, and a line for each that isn't installed
 */
export async function kept(directory: string, rootfs: string, many: number, signal: AbortSignal) {
  liveApart();
  const missing: string[] = [];
  const all = [await measured(ours(join(directory, 'kept'), rootfs), many, signal)];
  for (const { programs, keeper } of OTHERS) {
    const lacking = programs.filter((program) => !installed(program));
    const [name = ''] = programs;
    if (lacking.length > 0) missing.push(`${name} isn't measured: not installed: ${lacking.join(', ')}`);
    else all.push(await measured(await keeper(join(directory, name), rootfs), many, signal));
  }
  return { all, missing };
}

async function measured(keeper: Keeper, many: number, signal: AbortSignal): Promise<Kept> {
  try {
    await keeper.another(); // what the first needs, others have
    const before = kernelMemory();
    const pids: number[] = [];
    for (let nth = 0; nth < many; nth++) {
      signal.throwIfAborted();
      pids.push(await keeper.another());
    }
    const kernel = since(before, many);
    const own = pids.map(ownMemory);
    const pss = own.reduce((sum, one) => sum + one.pss, 0) / many;
    return { name: keeper.name, kernel, rss: Math.max(...own.map(({ rss }) => rss)), pss };
  } finally {
    await keeper.close();
  }
}

export function keptText(many: number, all: readonly Kept[], missing: readonly string[]): string {
  const row = (name: string, value: (one: Kept) => number) => [name, ...all.map((one) => value(one).toFixed(1))];
  const names = all.map(({ name }) => name);
  const rows = [
    ...STRUCTURES.map((name) => row(name, ({ kernel }) => kernel[name])),
    row('the kernel’s, together', ({ kernel }) => together(kernel)),
    row(`… without ${GROWING}`, ({ kernel }) => together(kernel) - kernel[GROWING]),
    row('the process that stays: the largest RSS', ({ rss }) => rss),
    row('… and PSS, on average', ({ pss }) => pss),
  ];
  return [table(`KiB for each of ${many} containers`, names, rows), ...missing.map((line) => `${line}\n`)].join('');
}
