import { readFileSync } from 'node:fs';

/** What the kernel says of a process in /proc/PID/stat: proc_pid_stat(5). */
export interface ProcessStat {
  /** The first 15 bytes of what it is called: that of the program that it has executed, unless it has chosen another. */
  readonly name: string;
  /** Its parent's number. */
  readonly parent: number;
  /** When it started, in clock ticks since the machine did. With its number, this means no other process, ever. */
  readonly started: string;
  /** Has it ended, or is it on its way out? */
  readonly ending: boolean;
  /** Where its stack, arguments and environment begin, which is chosen anew at each execve; undefined where this process may not know. */
  readonly layout: string | undefined;
}

/** PF_EXITING, one of `flags`. */
const EXITING = 0x4;

/** The fields 2 to 4, 9, 22, 28, 48 and 50 of the manual page. The name may hold anything, spaces and parentheses too. */
const FIELDS =
  /^\d+ \((.*)\) (\S) (\d+) (?:\S+ ){4}(\d+) (?:\S+ ){12}(\d+) (?:\S+ ){5}(\d+) (?:\S+ ){19}(\d+) \S+ (\d+)/s;

/** @returns undefined if there is no such process */
export function processStat(pid: number): ProcessStat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
  const [, name = '', state = '', parent, flags, started = '', ...addresses] = FIELDS.exec(text) ?? [];
  return {
    name,
    parent: Number(parent),
    started,
    ending: ['Z', 'X', 'x'].includes(state) || (Number(flags) & EXITING) !== 0,
    layout: addresses.every((one) => one === '0') ? undefined : addresses.join(),
  };
}

/** Is this still the process that had the number at that time, and not another, or one that ends? */
export function isStill({ pid, started }: { readonly pid: number; readonly started: string }): boolean {
  const stat = processStat(pid);
  return stat !== undefined && stat.started === started && !stat.ending;
}
