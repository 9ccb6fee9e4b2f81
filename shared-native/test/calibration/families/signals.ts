import {
  type Call,
  getpid,
  int,
  kill,
  makeCall,
  PIDFD_NONBLOCK,
  pidfdGetfd,
  pidfdOpen,
  pidfdSendSignal,
  rtSigaction,
  rtSigprocmask,
  SIG_BLOCK,
  SIG_DFL,
  SIG_IGN,
  SIG_SETMASK,
  SIG_UNBLOCK,
  signal,
} from '../../../src/index.ts';
import type { Random } from '../random.ts';

const SIGNALS = [1, 2, 10, 12, 13, 15, 17, 18, 20, 21, 23, 28, 34, 64];
const anySignal = (random: Random): number => random.pick(SIGNALS);
const anyEffect = (random: Random): number => random.pick([SIG_DFL, SIG_IGN]);

/** A call that sends the process itself a signal. Its number isn't known before it is there. */
export function killSelf(sig: number): Call[] {
  const self = getpid();
  return [self, makeCall('kill', { pid: { kind: 'result', of: self }, sig: signal('sig', sig) })];
}

/** May it signal the first process, which is root's, or it itself? Only asked: nothing is sent. */
export function asked(random: Random): Call[] {
  const first = pidfdOpen(1);
  return random.chance(0.5) ? [kill(1, 0)] : [first, pidfdSendSignal(first, 0)];
}

/** The process takes hold of itself by a descriptor. */
function held(random: Random): Call[] {
  const self = getpid();
  const pidfd = makeCall('pidfd_open', {
    pid: { kind: 'result', of: self },
    flags: int('flags', random.pick([0, 0, PIDFD_NONBLOCK, 1])),
  });
  const sends = pidfdSendSignal(
    random.chance(0.8) ? pidfd : 0,
    random.pick([0, 13, 17, 18, 28]),
    null,
    random.pick([0, 0, 1, 9]),
  );
  const copies = pidfdGetfd(pidfd, random.chance(0.5) ? pidfd : random.pick([0, 77]), random.pick([0, 0, 1]));
  return [self, pidfd, sends, copies];
}

/**
 * Calls of signal.ts. A signal that Node handles is never let through before it has another effect: the handler would
 * run in the child, on this process's memory.
 */
export const signals: readonly ((random: Random) => Call[])[] = [
  (random) => [rtSigaction(random.pick([...SIGNALS, 0, 9, 19]), anyEffect(random))],
  (random) => [rtSigaction(anySignal(random), anyEffect(random))],
  (random) => [rtSigprocmask(SIG_BLOCK, [anySignal(random), random.pick([9, 19, 30])])],
  (random) => killSelf(anySignal(random)),
  (random) => killSelf(random.pick([0, 13, 17, 18, 28])),
  (random) => [kill(9_999_999, random.pick([0, 1, 64]))],
  (random) => held(random),
  () => [pidfdOpen(9_999_999)],
  (random) => asked(random),
  (random) => letThrough(random),
  (random) => letThrough(random),
  (random) => [
    ...everyEffect(random),
    rtSigprocmask(
      SIG_SETMASK,
      random.list(3, () => anySignal(random)),
    ),
  ],
];

function letThrough(random: Random): Call[] {
  const one = anySignal(random);
  const sends = random.chance(0.5) ? killSelf(one) : [];
  return [rtSigaction(one, anyEffect(random)), ...sends, rtSigprocmask(SIG_UNBLOCK, [one])];
}

function everyEffect(random: Random): Call[] {
  const all = Array.from({ length: 64 }, (_, index) => index + 1).filter((one) => one !== 9 && one !== 19);
  return all.map((one) => rtSigaction(one, random.chance(0.1) ? SIG_IGN : SIG_DFL));
}
