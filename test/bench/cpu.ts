import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Milliseconds of a tick, in which the kernel counts (sysconf(3), _SC_CLK_TCK): so many runs have to be added up. */
const TICK = 10;

/** CPU time that a process has used so far, with its threads, in milliseconds: proc_pid_stat(5). */
export interface Used {
  readonly own: number;
  /** That of children which it has waited for, and of theirs. */
  readonly children: number;
}

/** @param pid - or this process */
export function cpuOf(pid: number | 'self'): Used {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [user = 0, system = 0, childrensUser = 0, childrensSystem = 0] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 15)
    .map(Number);
  return { own: (user + system) * TICK, children: (childrensUser + childrensSystem) * TICK };
}

/** That of a process and of its children. */
export function all({ own, children }: Used): number {
  return own + children;
}

/** The machine's load, for the reader of a figure. */
export function loadText(): string {
  return `load ${readFileSync('/proc/loadavg', 'utf8').split(' ').slice(0, 3).join(' ')} on ${availableParallelism()} processors`;
}
