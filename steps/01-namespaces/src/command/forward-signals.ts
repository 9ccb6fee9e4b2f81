import { catchSignals, isatty, SIGNAL_NAMES, signalName, signalNumber } from 'shared-native';
import type * as engine from '../engine/start.ts';
import { hear } from './hear.ts';
import type { RunFlags } from './run-options.ts';
import { say } from './say.ts';
import { effectOf, hasTerminal, isInit, signalGroup } from './signal-effect.ts';

/** No one can catch these; the next three tell a process of its own affairs, and docker leaves them out, too. */
const OWN: readonly NodeJS.Signals[] = ['SIGKILL', 'SIGSTOP', 'SIGCHLD', 'SIGPIPE', 'SIGURG'];

/** Job control: with a terminal it stops this process, and with Ctrl-Z the container. */
const STOPS: readonly NodeJS.Signals[] = ['SIGTSTP', 'SIGTTIN', 'SIGTTOU'];

/** Those that Node can't catch: the ones of a fault, when kill sends them, and the real-time ones, glibc's 34 to 64. */
const FAULTS: readonly NodeJS.Signals[] = ['SIGBUS', 'SIGFPE', 'SIGILL', 'SIGSEGV'];
const REAL_TIME = Array.from({ length: 31 }, (_, n) => 34 + n);
const BEYOND_NODE = [...FAULTS.map(signalNumber), signalNumber('SIGSTKFLT' as NodeJS.Signals), ...REAL_TIME];

/** The signals that the runtime passes on, as docker's --sig-proxy: all that can be caught. */
const FORWARDED = SIGNAL_NAMES.filter((name) => ![...OWN, ...STOPS, ...FAULTS, 'SIGCONT'].includes(name));

/** Those that a terminal sends to everything in its foreground: Ctrl-C, Ctrl-\, its end, its change of size. */
const FROM_TERMINAL: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGWINCH'];

/** Those by which a person or a system ends a process. */
const ENDING: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGTERM'];

const DEAF = 'PID 1 of the container does not handle SIGINT, and the kernel drops it: once more kills the container';

/** Milliseconds within which a SIGTERM is no second one: timeout(1) signals its child, and then its child's group. */
const ECHO = 100;

/**
 * Does something when an echo of what came just now must have come. A process that had to wait for a CPU looks at its timers
 * first, and then at the signals that came meanwhile.
 */
function afterEcho(act: () => void): void {
  setTimeout(() => setImmediate(act), ECHO).unref();
}

/** The longest time that a timer takes, in ms: 24 days. */
const LONGEST = 2 ** 31 - 1;

/** What gets the signals. */
type Container = Pick<engine.Container, 'pid' | 'kill'>;

/** The signals that come while there is a container, or is about to be one. */
export interface Forwarding {
  /** The container is there: what came before goes to it now. */
  to(container: Container): void;
  /** Ends the container as a terminal does that hangs up: nobody reads its output any more. */
  hangUp(): void;
  /** The container is gone. */
  end(): void;
}

/** What is to be done with signals. */
type Passing = Pick<RunFlags, 'stopTimeout' | 'stopSignal' | 'sigProxy'>;

/**
 * Passes signals on from now on. The container is in a session of its own, so a terminal's Ctrl-C reaches only this
 * process. A second SIGTERM kills, and so do `stopTimeout` seconds after the first, or after the terminal's end. Where
 * signals aren't to be passed on, one that would end a process kills the container: no daemon is there to keep it.
 */
export function forwardSignals({ stopTimeout, stopSignal, sigProxy }: Required<Passing>): Forwarding {
  const onTerminal = isatty(0); // now: a terminal that has hung up is none any more
  const early: ((running: Container) => boolean)[] = [];
  const seen = new Set<NodeJS.Signals>();
  let container: Container | undefined;
  let timeout: NodeJS.Timeout | undefined;

  const whenThere = (act: (running: Container) => boolean) => {
    if (container) act(container);
    else early.push(act);
  };
  const killLater = (running: Container) => {
    if (stopTimeout === Infinity) return;
    timeout ??= setTimeout(() => running.kill('SIGKILL'), Math.min(stopTimeout * 1000, LONGEST));
  };
  const hangUp = (running: Container) => {
    // By default a SIGHUP ends a process; of a PID 1 the kernel drops it, and so it would write to nobody for ever.
    if (effectOf(running.pid, 'SIGHUP') === 'default') return running.kill('SIGKILL');
    killLater(running);
    return signalGroup(running.pid, 'SIGHUP') || running.kill('SIGHUP');
  };
  const forward = (signal: NodeJS.Signals) => (running: Container) => {
    if (!sigProxy) return ENDING.includes(signal) && running.kill('SIGKILL');
    const again = seen.has(signal);
    if (signal === 'SIGTERM') afterEcho(() => seen.add(signal));
    else seen.add(signal);
    const deaf =
      signal === 'SIGINT' && onTerminal && isInit(running.pid) && effectOf(running.pid, signal) !== 'handled';
    if (again && (signal === 'SIGTERM' || deaf)) return running.kill('SIGKILL');
    if (signal === 'SIGHUP' && onTerminal) return hangUp(running);
    if (deaf) say(DEAF);
    if (signal === 'SIGTERM') {
      killLater(running);
      return running.kill(stopSignal);
    }
    // What a terminal sends goes to all that would be in its foreground: a shell's `sleep` must hear Ctrl-C, too.
    const toGroup = onTerminal && FROM_TERMINAL.includes(signal);
    return (toGroup && signalGroup(running.pid, signal)) || running.kill(signal);
  };
  const stop = () => {
    if (container) signalGroup(container.pid, 'SIGSTOP');
    process.kill(process.pid, 'SIGSTOP');
  };
  const go = () => container && signalGroup(container.pid, 'SIGCONT');

  const listeners = new Map<NodeJS.Signals, () => void>([['SIGCONT', go]]);
  const jobControl = hasTerminal();
  if (jobControl) listeners.set('SIGTSTP', stop); // the other two stop this process without being asked
  // V8's profiler (`--cpu-prof`) has this process interrupt itself by SIGPROF, thousands of times a second.
  const profiled = effectOf(process.pid, 'SIGPROF') === 'handled';
  const forwarded = FORWARDED.filter((name) => name !== 'SIGPROF' || !profiled);
  for (const name of [...forwarded, ...(jobControl ? [] : STOPS)]) {
    listeners.set(name, () => whenThere(forward(name)));
  }
  const hearNoMore = hear(listeners);
  const release = catchSignals(BEYOND_NODE, (number) => whenThere(forward(signalName(number))));
  return {
    to(running) {
      container = running;
      for (const act of early.splice(0)) act(running);
    },
    hangUp: () => whenThere(hangUp),
    end() {
      clearTimeout(timeout);
      release();
      hearNoMore();
    },
  };
}
