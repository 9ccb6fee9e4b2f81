import { type Call, capget, capset, setgid, setgroups, setresgid, setresuid, setuid } from '../../../src/index.ts';
import type { Random } from '../random.ts';
import { anyId, anyIdOrNone } from './ids.ts';

/** Capabilities that some call of these families asks for, and two that none does. */
const CAPABILITIES = [0, 1, 3, 4, 5, 6, 7, 8, 12, 18, 21, 23, 24, 40];
const ALL = 0x1ff_ffff_ffffn;

export const anyCapability = (random: Random): number => random.pick(CAPABILITIES);

/** All, none, a few, or all but a few: in sets chosen at random nothing would be allowed, or everything. */
export function anyCapabilities(random: Random): bigint {
  if (random.chance(0.1)) return 0n;
  const few = random.list(3, () => 1n << BigInt(anyCapability(random))).reduce((set, one) => set | one, 0n);
  return random.chance(0.4) ? few : ALL & ~few;
}

/** Calls of identity.ts. */
export const identity: readonly ((random: Random) => Call[])[] = [
  (random) => [setuid(anyId(random))],
  (random) => [setgid(anyId(random))],
  (random) => [setresuid(anyIdOrNone(random), anyIdOrNone(random), anyIdOrNone(random))],
  (random) => [setresuid(anyIdOrNone(random), anyIdOrNone(random), anyIdOrNone(random))],
  (random) => [setresgid(anyIdOrNone(random), anyIdOrNone(random), anyIdOrNone(random))],
  (random) => [setgroups(random.list(4, () => anyId(random)))],
  (random) => [capset(random.pick([0, 0, 0, 3, -1]), sets(random))],
  (random) => [capset(0, nested(random))],
  (random) => [capget(random.pick([0, -1, 9_999_999]), new Uint8Array(24))],
];

function sets(random: Random) {
  return {
    effective: anyCapabilities(random),
    permitted: anyCapabilities(random),
    inheritable: anyCapabilities(random),
  };
}

/** Sets that are often allowed. */
function nested(random: Random) {
  const permitted = anyCapabilities(random) & ~(1n << 24n); // this machine's root may lack CAP_SYS_RESOURCE
  const effective = random.chance(0.6) ? permitted : permitted & anyCapabilities(random);
  return { permitted, effective, inheritable: random.chance(0.5) ? permitted : 0n };
}
