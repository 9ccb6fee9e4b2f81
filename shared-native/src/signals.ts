import { constants } from 'node:os';
import type { Call } from './call.ts';
import { rtSigaction, rtSigprocmask } from './calls.ts';
import { SIG_DFL, SIG_SETMASK } from './kernel/constants.ts';

/** Signals by name, without the aliases (SIGIOT, SIGPOLL) and SIGSTKFLT, which nothing sends. */
const SIGNALS = Object.entries(constants.signals).filter(
  ([name]) => !['SIGIOT', 'SIGPOLL', 'SIGSTKFLT'].includes(name),
);

const NAMES = new Map(SIGNALS.map(([name, number]) => [number, name as NodeJS.Signals]));
NAMES.set(constants.signals.SIGSTKFLT, 'SIGSTKFLT');

/** The names of the standard signals, each once: without aliases. */
export const SIGNAL_NAMES = SIGNALS.map(([name]) => name as NodeJS.Signals);

/** The name of a signal number; a real-time signal, which Node has no name for, is `SIGRTMIN+n`. */
export function signalName(number: number): NodeJS.Signals {
  return NAMES.get(number) ?? (`SIGRTMIN+${number - 34}` as NodeJS.Signals);
}

/** The number of a signal: `signalNumber('SIGTERM')` is 15. */
export function signalNumber(name: NodeJS.Signals): number {
  return constants.signals[name] ?? 34 + Number(name.replace('SIGRTMIN+', ''));
}

/**
 * What gives a program the signals of a fresh login: every standard one at its default, none blocked. Node ignores SIGPIPE,
 * and an ignored signal stays ignored across execve; a signal that came while all were blocked would run one of
 * Node's handlers in the child the moment they are not.
 */
export function defaultSignals(): Call[] {
  const settable = SIGNAL_NAMES.filter((name) => name !== 'SIGKILL' && name !== 'SIGSTOP');
  return [...settable.map((name) => rtSigaction(name, SIG_DFL)), rtSigprocmask(SIG_SETMASK, [])];
}
