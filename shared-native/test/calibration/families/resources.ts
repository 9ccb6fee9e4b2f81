import {
  type Call,
  getpid,
  int,
  makeCall,
  PRIO_PROCESS,
  prlimit64,
  RLIM_INFINITY,
  schedSetaffinity,
  schedYield,
  setpgid,
  setpriority,
  setrlimit,
  setsid,
  umask,
} from '../../../src/index.ts';
import type { Random } from '../random.ts';

/** All but those that would kill it, for processor time (0) or memory (2, 3, 9), and the one of core dumps (4): it would leave one. */
const LIMITS = [1, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15];
const NOBODY = 9_999_999;

function anyLimit(random: Random) {
  const value = () => random.pick([0, 1, 10, 100, 1024, 20_000, 8_388_608, 2 ** 20, 2 ** 20 + 1, RLIM_INFINITY]);
  return { rlim_cur: value(), rlim_max: value() };
}

/** Calls of resource.ts. */
export const resources: readonly ((random: Random) => Call[])[] = [
  (random) => [setrlimit(random.pick(LIMITS), anyLimit(random))],
  (random) => [
    setrlimit(random.pick([...LIMITS, 0, 2, 3, 9, 16]), { rlim_cur: RLIM_INFINITY, rlim_max: RLIM_INFINITY }),
  ],
  (random) => [setrlimit(random.pick(LIMITS), { rlim_cur: random.pick([1, 10]), rlim_max: anyLimit(random).rlim_max })],
  (random) => [
    prlimit64(
      random.pick([0, 0, 0, NOBODY, -1]),
      random.pick([...LIMITS, 16]),
      random.chance(0.7) ? anyLimit(random) : null,
      random.chance(0.5) ? new Uint8Array(16) : null,
    ),
  ],
  (random) => [schedSetaffinity(random.pick([0, 0, NOBODY]), random.pick([[0], [1], [0, 1], [1, 70], [64], []]))],
  () => [schedYield()],
  (random) => [setpriority(PRIO_PROCESS, random.pick([0, 0, NOBODY]), random.below(40) - 20)],
  (random) => [umask(random.pick([0, 0o22, 0o77, 0o777]))],
];

/** Sessions and process groups. */
export const sessions: readonly ((random: Random) => Call[])[] = [
  () => [setsid()],
  (random) => [setpgid(random.pick([0, 0, NOBODY]), random.pick([0, 0, -1, 1, NOBODY]))],
  () => [getpid()],
  () => {
    const self = getpid();
    return [self, makeCall('setpgid', { pid: { kind: 'result', of: self }, pgid: int('pgid', 0) })];
  },
];
