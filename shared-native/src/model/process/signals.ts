import {
  SIGCHLD,
  SIGCONT,
  SIGKILL,
  SIGSTOP,
  SIGTSTP,
  SIGTTIN,
  SIGTTOU,
  SIGURG,
  SIGWINCH,
} from '../../kernel/constants.ts';
import { ModelError, Waits } from '../errors.ts';
import type { State } from '../state.ts';

/** The highest signal. */
export const NSIG = 64;

/** Signals that no process can block, ignore or handle. */
export const UNSTOPPABLE: readonly number[] = [SIGKILL, SIGSTOP];

const IGNORED_BY_DEFAULT: readonly number[] = [SIGCHLD, SIGCONT, SIGURG, SIGWINCH];
const STOPPING: readonly number[] = [SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU];

/** The set that holds just these signals: signal n is bit n - 1. */
export function signalSet(...signals: readonly number[]): bigint {
  return signals.reduce((set, signal) => set | (1n << BigInt(signal - 1)), 0n);
}

/** The process gets a signal: it waits if it is blocked, and otherwise has its effect. To stop and to go on cancel each other. */
export function receive(state: State, signal: number): void {
  const { process } = state;
  if (signal === SIGCONT) process.pending &= ~signalSet(...STOPPING);
  if (STOPPING.includes(signal)) process.pending &= ~signalSet(SIGCONT);
  process.pending |= signalSet(signal);
  deliver(state);
}

/** What was held back and is no longer blocked has its effect; a signal that kills comes before what it would have waited for. */
export function deliver(state: State): void {
  const { process } = state;
  for (let signal = 1; signal <= NSIG && process.killed === null; signal++) {
    const bit = signalSet(signal);
    if ((process.pending & ~process.blocked & bit) === 0n) continue;
    process.pending &= ~bit;
    take(state, signal);
  }
}

/** Pending signals go when the process begins to ignore them. */
export function discardIgnored({ process }: State, signal: number): void {
  if (isIgnored(process, signal)) process.pending &= ~signalSet(signal);
}

function take({ process }: State, signal: number): void {
  if (isIgnored(process, signal)) return;
  if (process.handled.has(signal)) throw new ModelError(`signal ${signal} has a handler, and the model runs no code`);
  if (process.pid === 1) return; // a PID namespace's first process gets from inside only what it handles
  if (STOPPING.includes(signal)) throw new Waits(); // until somebody sends SIGCONT
  process.killed = signal;
}

function isIgnored({ ignored, handled }: State['process'], signal: number): boolean {
  return ignored.has(signal) || (IGNORED_BY_DEFAULT.includes(signal) && !handled.has(signal));
}
