import {
  type Call,
  capset,
  KEYCTL_JOIN_SESSION_KEYRING,
  keyctl,
  PR_CAP_AMBIENT,
  PR_CAP_AMBIENT_CLEAR_ALL,
  PR_CAP_AMBIENT_IS_SET,
  PR_CAP_AMBIENT_LOWER,
  PR_CAP_AMBIENT_RAISE,
  PR_CAPBSET_DROP,
  PR_CAPBSET_READ,
  PR_GET_CHILD_SUBREAPER,
  PR_GET_DUMPABLE,
  PR_GET_KEEPCAPS,
  PR_GET_NAME,
  PR_GET_NO_NEW_PRIVS,
  PR_GET_PDEATHSIG,
  PR_GET_SECCOMP,
  PR_GET_SECUREBITS,
  PR_SET_CHILD_SUBREAPER,
  PR_SET_DUMPABLE,
  PR_SET_KEEPCAPS,
  PR_SET_NAME,
  PR_SET_NO_NEW_PRIVS,
  PR_SET_PDEATHSIG,
  PR_SET_SECCOMP,
  PR_SET_SECUREBITS,
  prctl,
  SECCOMP_MODE_FILTER,
} from '../../../src/index.ts';
import type { Random } from '../random.ts';
import { anyCapability } from './identity.ts';

const AMBIENT = [
  PR_CAP_AMBIENT_CLEAR_ALL,
  PR_CAP_AMBIENT_IS_SET,
  PR_CAP_AMBIENT_LOWER,
  PR_CAP_AMBIENT_RAISE,
  PR_CAP_AMBIENT_RAISE,
  9,
];
/** NOROOT, NO_SETUID_FIXUP, KEEP_CAPS and NO_CAP_AMBIENT_RAISE, alone, together, locked; and bits that no kernel has. */
const SECUREBITS = [0, 0x1, 0x1, 0x3, 0x4, 0x4, 0x5, 0xc, 0x10, 0x20, 0x30, 0x40, 0x2f, 0xff, 0x1_0000];

/** The options of prctl, and keyctl. */
export const options: readonly ((random: Random) => Call[])[] = [
  (random) => [prctl(PR_CAPBSET_DROP, random.chance(0.2) ? 41 : anyCapability(random))],
  (random) => [prctl(PR_CAPBSET_READ, random.chance(0.2) ? 41 : anyCapability(random))],
  (random) => [prctl(PR_SET_SECUREBITS, random.pick(SECUREBITS))],
  (random) => [prctl(PR_SET_SECUREBITS, random.pick(SECUREBITS)), prctl(PR_GET_SECUREBITS)],
  (random) => [prctl(PR_SET_KEEPCAPS, random.pick([0, 1, 1, 2])), prctl(PR_GET_KEEPCAPS)],
  (random) => [raised(random), prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, anyCapability(random))],
  (random) => raisedForSure(random),
  (random) => [
    prctl(PR_CAP_AMBIENT, random.pick(AMBIENT), random.pick([0, anyCapability(random), 41]), random.pick([0, 0, 1])),
  ],
  (random) => [prctl(PR_SET_NO_NEW_PRIVS, random.pick([1, 1, 0]), random.pick([0, 0, 1]))],
  (random) => [prctl(PR_GET_NO_NEW_PRIVS, random.pick([0, 0, 1]))],
  (random) => [prctl(PR_SET_PDEATHSIG, random.pick([0n, 9n, 15n, 64n, 65n]))],
  (random) => [prctl(PR_GET_PDEATHSIG, random.pick([0, new Uint8Array(4)]))],
  (random) => [prctl(PR_SET_DUMPABLE, random.pick([0, 1, 1, 2])), prctl(PR_GET_DUMPABLE)],
  () => [prctl(PR_GET_DUMPABLE)],
  (random) => [prctl(PR_SET_NAME, random.pick(['a', 'init', 'fifteen-letters']))],
  (random) => [prctl(PR_GET_NAME, random.pick([0, new Uint8Array(16)]))],
  (random) => [prctl(PR_SET_CHILD_SUBREAPER, random.pick([0, 1])), prctl(PR_GET_CHILD_SUBREAPER, new Uint8Array(4))],
  () => [prctl(PR_GET_SECCOMP)],
  (random) => [prctl(PR_SET_SECCOMP, random.pick([SECCOMP_MODE_FILTER, 3]))],
  () => [keyctl(KEYCTL_JOIN_SESSION_KEYRING, null)],
];

const ALL_BUT_ONE = 0x1ff_feff_ffffn; // this machine's root may lack CAP_SYS_RESOURCE

function raised(random: Random): Call {
  const inheritable = 1n << BigInt(anyCapability(random));
  return capset(0, { effective: ALL_BUT_ONE, permitted: ALL_BUT_ONE, inheritable });
}

function raisedForSure(random: Random): Call[] {
  const capability = random.pick([0, 5, 7, 12, 21]);
  const inheritable = 1n << BigInt(capability);
  const allow = capset(0, { effective: ALL_BUT_ONE, permitted: ALL_BUT_ONE, inheritable });
  return [allow, prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability)];
}
