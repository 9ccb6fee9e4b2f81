import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { isatty } from 'node:tty';
import type { Container } from '../engine/start.ts';
import type { RunFlags } from './run-options.ts';
import { say } from './say.ts';

/** The signals that the runtime passes on. */
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH'] as const;
type Forwarded = (typeof FORWARDED)[number];

/** Those that a terminal sends to everything in its foreground: Ctrl-C, Ctrl-\, its end, its change of size. */
const FROM_TERMINAL: readonly string[] = ['SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGWINCH'];

/** Those that end a process which does nothing about them. */
const ENDING: readonly string[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

const DEAF = 'PID 1 of the container does not handle SIGINT, and the kernel drops it: once more kills the container';

/** Milliseconds within which a SIGTERM is no second one: timeout(1) signals its child, and then its child's group. */
const ECHO = 100;

/** The longest time that a timer takes, in ms: 24 days. */
const LONGEST = 2 ** 31 - 1;

/** The signals that come while there is a container, or is about to be one. */
export interface Forwarding {
  /** The container is there: what came before goes to it now. */
  to(container: Container): void;
  /** The container is gone. */
  end(): void;
}

/**
 * Passes signals on from now on. The container is in a session of its own, so a terminal's Ctrl-C reaches only this
 * process. A second SIGTERM kills, and so do `stopTimeout` seconds after the first, or after the terminal's end. Where
 * signals aren't to be passed on, one that would end a process kills the container: no daemon is there to keep it.
 */
export function forwardSignals({ stopTimeout, stopSignal, sigProxy }: RunFlags): Forwarding {
  const onTerminal = isatty(0); // now: a terminal that has hung up is none any more
  const early: Forwarded[] = [];
  const seen = new Map<Forwarded, number>();
  let container: Container | undefined;
  let timeout: NodeJS.Timeout | undefined;

  const forward = (signal: Forwarded) => {
    if (!container) return void early.push(signal);
    if (!sigProxy) return void (ENDING.includes(signal) && container.kill('SIGKILL'));
    const first = seen.get(signal);
    seen.set(signal, first ?? performance.now());
    const again = first !== undefined && performance.now() - first >= (signal === 'SIGTERM' ? ECHO : 0);
    const deaf = signal === 'SIGINT' && onTerminal && !handles(container.pid, signal);
    if (again && (signal === 'SIGTERM' || deaf)) return void container.kill('SIGKILL');
    if (signal === 'SIGTERM' || (signal === 'SIGHUP' && onTerminal)) {
      const kill = () => container?.kill('SIGKILL');
      if (stopTimeout !== Infinity) timeout ??= setTimeout(kill, Math.min(stopTimeout * 1000, LONGEST));
    }
    if (deaf) say(DEAF);
    // What a terminal sends goes to all that would be in its foreground: a shell's `sleep` must hear Ctrl-C, too.
    const toGroup = onTerminal && FROM_TERMINAL.includes(signal);
    const passed = signal === 'SIGTERM' ? stopSignal : signal;
    if (!toGroup || !signalGroup(container.pid, signal)) container.kill(passed);
  };
  const stop = () => {
    if (container) signalGroup(container.pid, 'SIGSTOP');
    process.kill(process.pid, 'SIGSTOP');
  };
  const go = () => container && signalGroup(container.pid, 'SIGCONT');

  for (const signal of FORWARDED) process.on(signal, forward);
  process.on('SIGTSTP', stop);
  process.on('SIGCONT', go);
  return {
    to(running) {
      container = running;
      for (const signal of early.splice(0)) forward(signal);
    },
    end() {
      clearTimeout(timeout);
      for (const signal of FORWARDED) process.off(signal, forward);
      process.off('SIGTSTP', stop);
      process.off('SIGCONT', go);
    },
  };
}

/** Signals the session's first process group, whose number is its leader's. False if there is none (yet). */
function signalGroup(leader: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(-leader, signal);
  } catch {
    return false;
  }
}

/** Does a process handle a signal? The bits of SigCgt say so (proc_pid_status(5)). */
function handles(pid: number, signal: Forwarded): boolean {
  try {
    const caught = /^SigCgt:\s*(\S+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
    return ((BigInt(`0x${caught}`) >> BigInt(constants.signals[signal] - 1)) & 1n) === 1n;
  } catch {
    return true; // it has just ended
  }
}
