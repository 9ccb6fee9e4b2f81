import { closeSync, openSync, readFileSync } from 'node:fs';
import { signalNumber } from 'shared-native';

/** What a signal does to a process: its default, nothing, or what the process itself does then. */
export type Effect = 'default' | 'ignored' | 'handled';

/** What a signal does to a process, by the bits of SigCgt, SigBlk and SigIgn (proc_pid_status(5)). */
export function effectOf(pid: number, signal: NodeJS.Signals): Effect {
  const status = statusOf(pid);
  if (status === undefined) return 'handled'; // it has just ended
  const has = (field: string) => {
    const set = new RegExp(`^${field}:\\s*(\\S+)`, 'm').exec(status)?.[1] ?? '0';
    return ((BigInt(`0x${set}`) >> BigInt(signalNumber(signal) - 1)) & 1n) === 1n;
  };
  if (has('SigCgt') || has('SigBlk')) return 'handled'; // who holds a signal back waits for it, as tini does
  return has('SigIgn') ? 'ignored' : 'default';
}

/** Is a process the first of its PID namespace? From inside, that gets no signal by which it would only end. */
export function isInit(pid: number): boolean {
  return /^NSpid:.*\t1$/m.test(statusOf(pid) ?? '');
}

function statusOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return undefined;
  }
}

/** Signals the session's first process group, whose number is its leader's. False if there is none (yet). */
export function signalGroup(leader: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(-leader, signal);
  } catch {
    return false;
  }
}

/** Does this process belong to a terminal, whose shell stops it and lets it go on? Then /dev/tty is that terminal. */
export function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false; // ENXIO
  }
}
