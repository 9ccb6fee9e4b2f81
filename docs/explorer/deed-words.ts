import { basename } from 'node:path';
import type { Deed } from 'step-01';

/** What it means to write to a controller's file, in v2 and in v1. */
const FILES: Readonly<Record<string, (text: string) => string>> = {
  'cgroup.subtree_control': (text) => `pass the ${text.replace('+', '')} controller on to the cgroups below`,
  'cgroup.procs': () => 'the process goes into this cgroup, and what it starts is born into it',
  'pids.max': (text) => (text === 'max' ? 'as many processes as there may be' : `no more than ${text} processes`),
  'memory.max': (text) => `no more than ${mebibytes(text)} of memory`,
  'memory.swap.max': (text) => `and no more than ${mebibytes(text)} of swap`,
  'memory.low': (text) => `keep ${mebibytes(text)} when others run short`,
  'memory.limit_in_bytes': (text) => `no more than ${mebibytes(text)} of memory`,
  'memory.memsw.limit_in_bytes': (text) => `no more than ${mebibytes(text)} of memory and swap together`,
  'memory.soft_limit_in_bytes': (text) => `go back to ${mebibytes(text)} when the machine runs short`,
  'cpu.max': (text) => `run for ${text.split(' ').map(milliseconds).join(' in every ')}`,
  'cpu.cfs_period_us': (text) => `in every ${milliseconds(text)} …`,
  'cpu.cfs_quota_us': (text) => `… run for ${milliseconds(text)}`,
  'cpu.weight': (text) => `a share of ${text} of a busy CPU, next to the usual 100`,
  'cpu.shares': (text) => `a share of ${text} of a busy CPU, next to the usual 1024`,
  'cpuset.cpus': (text) => `run on the processors ${text}`,
  'cpuset.mems': (text) => `use the memory nodes ${text}`,
};

/** A deed in plain words: the first of an action has the action's, and of the others, a write says what it sets. */
export function deedWords(deed: Deed, nth: number, what: string): string {
  if (nth === 0) return what;
  return (deed.deed === 'write' && FILES[basename(deed.path)]?.(deed.text)) || what;
}

function mebibytes(bytes: string): string {
  return /^\d+$/.test(bytes) ? `${Number(bytes) / 2 ** 20} MiB` : bytes;
}

function milliseconds(microseconds: string): string {
  return /^\d+$/.test(microseconds) ? `${Number(microseconds) / 1000} ms` : microseconds;
}
