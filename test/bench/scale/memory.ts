import { closeSync, mkdirSync, openSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { CLONE_NEWNET, perform, unshare } from '../../../shared-native/src/index.ts';
import { findHierarchies } from '../../../steps/10-capabilities/src/index.ts';

/**
 * The memory that the kernel needs for processes and containers, as /proc/meminfo names it: proc_meminfo(5). Of what is
 * mapped for the kernel alone, the stacks are counted before: the rest are filters of system calls.
 */
export const STRUCTURES = ['SUnreclaim', 'SReclaimable', 'KernelStack', 'PageTables', 'Percpu', 'VmallocUsed'] as const;

/**
 * A part of SUnreclaim, in which each memory cgroup has 16 bytes for each filesystem that the machine has ever had mounted at
 * once: 64 of them are a piece of 520 bytes, for which the kernel takes 1024. What a container takes grows with their number.
 */
export const GROWING = 'kmalloc-1k';

/** In KiB. */
export type KernelMemory = Readonly<Record<(typeof STRUCTURES)[number] | typeof GROWING, number>>;

export function kernelMemory(): KernelMemory {
  const text = readFileSync('/proc/meminfo', 'utf8');
  const pieces = Number(/^kmalloc-1k +(\d+)/m.exec(readFileSync('/proc/slabinfo', 'utf8'))?.[1] ?? 0);
  const all = each((name) =>
    name === GROWING ? pieces : Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1]),
  );
  return { ...all, VmallocUsed: all.VmallocUsed - all.KernelStack };
}

/** What each of some came to, in KiB. */
export function since(before: KernelMemory, count: number): KernelMemory {
  const now = kernelMemory();
  return each((name) => (now[name] - before[name]) / count);
}

export function together(memory: KernelMemory): number {
  return STRUCTURES.reduce((sum, name) => sum + memory[name], 0);
}

function each(value: (name: keyof KernelMemory) => number): KernelMemory {
  return Object.fromEntries(([...STRUCTURES, GROWING] as const).map((name) => [name, value(name)])) as KernelMemory;
}

/** A process's own memory: all of its pages; and its share of them, where others have the same. In KiB. */
export function ownMemory(pid: number): { readonly rss: number; readonly pss: number } {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const size = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1]);
  return { rss: size('Rss'), pss: size('Pss') };
}

/** What this kernel takes for a network namespace with nothing in it but lo, in KiB: an open file keeps it. */
export function namespaceTakes(count: number): number {
  const files: number[] = [];
  const own = '/proc/thread-self/ns/net';
  const before = kernelMemory();
  for (let nth = 0; nth < count; nth++) {
    perform(unshare(CLONE_NEWNET));
    files.push(openSync(own, 'r'));
  }
  const taken = together(since(before, count));
  for (const file of files) closeSync(file);
  return taken;
}

/** What this kernel takes for a memory cgroup with nothing in it, in KiB; it grows with the filesystems of the machine. */
export function cgroupTakes(count: number): number | undefined {
  const hierarchy = findHierarchies().find(({ controllers }) => controllers.includes('memory'));
  if (!hierarchy) return undefined;
  const made = Array.from({ length: count }, (_, nth) => join(hierarchy.mount, `boxstep-bench-${process.pid}-${nth}`));
  const before = kernelMemory();
  for (const directory of made) mkdirSync(directory);
  const taken = together(since(before, count));
  for (const directory of made) rmdirSync(directory);
  return taken;
}
