import {
  CAP_SETPCAP,
  PR_CAP_AMBIENT,
  PR_CAP_AMBIENT_CLEAR_ALL,
  PR_CAP_AMBIENT_IS_SET,
  PR_CAP_AMBIENT_LOWER,
  PR_CAP_AMBIENT_RAISE,
  PR_CAPBSET_DROP,
  PR_CAPBSET_READ,
  PR_GET_KEEPCAPS,
  PR_GET_SECUREBITS,
  PR_SET_KEEPCAPS,
  PR_SET_SECUREBITS,
  SECBIT_KEEP_CAPS,
  SECBIT_KEEP_CAPS_LOCKED,
  SECBIT_NO_CAP_AMBIENT_RAISE,
} from '../../kernel/constants.ts';
import type { Arguments } from '../arguments.ts';
import { fail, ModelError } from '../errors.ts';
import type { Handler } from '../handler.ts';
import type { State } from '../state.ts';
import { capabilitySet, capableHere } from './capabilities.ts';

/** Every second securebit locks the one before it. */
const LOCKS = 0xaa;
const ALL_SECUREBITS = 0xff;
/** Those that came with Linux 6.14: SECBIT_EXEC_RESTRICT_FILE, SECBIT_EXEC_DENY_INTERACTIVE, and their locks. */
const NEW_SECUREBITS = 0xf00;

/** The options of prctl(2) about capabilities: capabilities(7). */
export const CAPABILITY_OPTIONS: readonly [number, Handler][] = [
  [
    PR_CAPBSET_READ,
    (state, args) => Number((state.process.bounding & (valid(state, args.big('arg2')) ?? fail('EINVAL'))) !== 0n),
  ],
  [
    PR_CAPBSET_DROP,
    (state, args) => {
      if (!capableHere(state, CAP_SETPCAP)) fail('EPERM');
      state.process.bounding &= ~(valid(state, args.big('arg2')) ?? fail('EINVAL'));
      return 0;
    },
  ],
  [PR_GET_SECUREBITS, ({ process }) => process.securebits],
  [PR_SET_SECUREBITS, (state, args) => setSecurebits(state, args.big('arg2'))],
  [PR_GET_KEEPCAPS, ({ process }) => Number((process.securebits & SECBIT_KEEP_CAPS) !== 0)],
  [
    PR_SET_KEEPCAPS,
    ({ process }, args) => {
      const keep = args.big('arg2');
      if (keep > 1n) fail('EINVAL');
      if (process.securebits & SECBIT_KEEP_CAPS_LOCKED) fail('EPERM');
      process.securebits = (process.securebits & ~SECBIT_KEEP_CAPS) | (keep ? SECBIT_KEEP_CAPS : 0);
      return 0;
    },
  ],
  [PR_CAP_AMBIENT, ambient],
];

/** The set of one capability, if the kernel has it. */
function valid({ lastCapability }: State, capability: bigint): bigint | undefined {
  return capability > lastCapability ? undefined : capabilitySet(Number(capability));
}

function setSecurebits(state: State, wanted: bigint): number {
  const { process } = state;
  if (wanted & ~BigInt(ALL_SECUREBITS | NEW_SECUREBITS)) fail('EPERM');
  const bits = Number(wanted);
  if (bits & NEW_SECUREBITS) throw new ModelError('the model has the securebits of Linux before 6.14 only');
  const locks = process.securebits & LOCKS;
  const changes = process.securebits ^ bits;
  const isLocked = ((locks >> 1) & changes) !== 0 || (locks & ~bits) !== 0;
  if (isLocked || !capableHere(state, CAP_SETPCAP)) fail('EPERM');
  process.securebits = bits;
  return 0;
}

function ambient(state: State, args: Arguments): number {
  const { process } = state;
  const what = args.big('arg2');
  const restIsZero = args.big('arg4') === 0n && args.big('arg5') === 0n;
  if (what === BigInt(PR_CAP_AMBIENT_CLEAR_ALL)) {
    if (!restIsZero || args.big('arg3') !== 0n) fail('EINVAL');
    process.ambient = 0n;
    return 0;
  }
  const set = valid(state, args.big('arg3'));
  if (set === undefined || !restIsZero) return fail('EINVAL');
  if (what === BigInt(PR_CAP_AMBIENT_IS_SET)) return Number((process.ambient & set) !== 0n);
  if (what === BigInt(PR_CAP_AMBIENT_RAISE)) {
    const mayRaise = (process.permitted & process.inheritable & set) !== 0n;
    if (!mayRaise || process.securebits & SECBIT_NO_CAP_AMBIENT_RAISE) fail('EPERM');
    process.ambient |= set;
  } else if (what === BigInt(PR_CAP_AMBIENT_LOWER)) process.ambient &= ~set;
  else fail('EINVAL');
  return 0;
}
