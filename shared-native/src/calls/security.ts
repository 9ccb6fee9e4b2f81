import { type Argument, type Call, makeCall } from '../call.ts';
import { BPF_MAXINSNS } from '../kernel/constants.ts';
import { bytes, flags, int, nullable, pointer, room, struct, text, u16, uint, within } from './arguments.ts';
import { manual } from './manual.ts';

/** One instruction of a seccomp filter (classic BPF): BPF_STMT is one with jt and jf 0. */
export interface SockFilter {
  /** BPF_* constants, combined. */
  readonly code: number;
  /** Instructions to skip if a comparison is true, 0 to 255. */
  readonly jt?: number;
  /** Instructions to skip if it is false, 0 to 255. */
  readonly jf?: number;
  /** The operand: an offset in struct seccomp_data, a number to compare with, or the answer. */
  readonly k: number;
}

manual('seccomp', {
  words: ({ operation, args }) =>
    operation === 'SECCOMP_SET_MODE_FILTER'
      ? 'from here on, a filter decides which system calls are made, here and in every descendant'
      : `${operation}: ${args}`,
  errors: {
    EACCES:
      'a filter needs CAP_SYS_ADMIN in this user namespace or no_new_privs; call prctl(PR_SET_NO_NEW_PRIVS, 1) first',
    EINVAL:
      'the filter is no valid program (a jump past its end, an unknown instruction, no return at its end), the kernel has no such operation or flag, or seccomp is in strict mode already; check the filter',
    ENOMEM:
      'this process has too many filters already, each 4 more than its length, of 32768 instructions in all; install fewer or shorter ones',
    EFAULT: 'args does not lie in memory that this process may read; give a list of instructions',
    ESRCH:
      'another thread could not take over the filter (SECCOMP_FILTER_FLAG_TSYNC); install it before there are threads',
    EOPNOTSUPP: 'the kernel does not know this action; use another',
    EBUSY:
      'a filter with a listener is installed already, and there can be but one; leave SECCOMP_FILTER_FLAG_NEW_LISTENER out',
    ENOSYS: 'the kernel was built without seccomp; use another',
  },
});

/**
 * Limits the system calls of this process, for good; it and its children keep every filter across execve.
 *
 * @param operation - SECCOMP_SET_MODE_FILTER, SECCOMP_SET_MODE_STRICT, SECCOMP_GET_ACTION_AVAIL, SECCOMP_GET_NOTIF_SIZES
 * @param seccompFlags - SECCOMP_FILTER_FLAG_* flags
 * @param args - the filter's instructions, 1 to 4096; or bytes for an operation that takes others, which `perform`
 *   fills with what comes back; or null
 * @throws {RangeError} if the filter is too long or an instruction's number doesn't fit
 * @see {@link https://man7.org/linux/man-pages/man2/seccomp.2.html | seccomp(2)}
 */
export function seccomp(
  operation: number,
  seccompFlags: number,
  args: readonly SockFilter[] | Uint8Array | null,
): Call {
  return makeCall('seccomp', {
    operation: uint('operation', operation, 'SECCOMP_SET_MODE|SECCOMP_GET='),
    flags: flags('flags', seccompFlags, 'SECCOMP_FILTER_FLAG'),
    args: seccompArguments(args),
  });
}

function seccompArguments(args: readonly SockFilter[] | Uint8Array | null): Argument {
  if (args === null) return { kind: 'null' };
  if (args instanceof Uint8Array) return room(args);
  within('args.length', args.length, 1, BPF_MAXINSNS);
  return struct('sock_fprog', { len: u16('len', args.length), filter: pointer(bytes(instructions(args))) });
}

/** The instructions as struct sock_filter: 16 bits of code, 8 and 8 of jumps, 32 of operand. */
function instructions(filter: readonly SockFilter[]): Uint8Array {
  const program = new DataView(new ArrayBuffer(filter.length * 8));
  for (const [index, { code, jt = 0, jf = 0, k }] of filter.entries()) {
    if (!fits({ code, jt, jf, k })) {
      within(`args[${index}].code`, code, 0, 0xffff);
      within(`args[${index}].jt`, jt, 0, 0xff);
      within(`args[${index}].jf`, jf, 0, 0xff);
      within(`args[${index}].k`, k, 0, 0xffff_ffff);
    }
    program.setUint16(index * 8, code, true);
    program.setUint8(index * 8 + 2, jt);
    program.setUint8(index * 8 + 3, jf);
    program.setUint32(index * 8 + 4, k, true);
  }
  return new Uint8Array(program.buffer);
}

/** Is each number of an instruction in its range? Asked first of all: a name is made only for the one that isn't. */
function fits({ code, jt, jf, k }: Required<SockFilter>): boolean {
  const is = (value: number, bits: number) => Number.isInteger(value) && value >= 0 && value < 2 ** bits;
  return is(code, 16) && is(jt, 8) && is(jf, 8) && is(k, 32);
}

manual('keyctl', {
  words: ({ operation, arg2 }) =>
    operation === 'KEYCTL_JOIN_SESSION_KEYRING'
      ? `begin ${arg2 === 'NULL' ? 'a session keyring of its own' : `or join the session keyring ${arg2}`}: keys are kept in no namespace`
      : `${operation} on ${arg2}`,
  errors: {
    ENOSYS: 'the kernel was built without keys; tolerate this error',
    EDQUOT:
      'this user has as many keys as /proc/sys/kernel/keys/maxkeys allows, across all containers; raise that limit',
    EPERM: 'a seccomp filter around this container forbids keys, as those of other engines do; tolerate this error',
    EACCES: 'the key or keyring allows this user nothing of the kind; use one of its own',
    ENOKEY: 'there is no such key or keyring; make it first',
    ENOMEM: 'the kernel found no memory for the keyring; free some',
    EOPNOTSUPP: 'the kernel has no such operation; use another',
  },
});

/**
 * Works on the keys that the kernel keeps. No namespace holds them: a container needs a session keyring of its own.
 *
 * @param operation - a KEYCTL_* operation
 * @param args - up to four, as the operation takes them: KEY_SPEC_* or other numbers, text, null
 * @throws {RangeError} if there are more than four
 * @see {@link https://man7.org/linux/man-pages/man2/keyctl.2.html | keyctl(2)}
 */
export function keyctl(operation: number, ...args: readonly (number | string | null)[]): Call {
  within('args.length', args.length, 0, 4);
  const rest = args.map((arg, index): [string, Argument] => [`arg${index + 2}`, keyArgument(`arg${index + 2}`, arg)]);
  return makeCall('keyctl', { operation: int('operation', operation, 'KEYCTL='), ...Object.fromEntries(rest) });
}

function keyArgument(name: string, value: number | string | null): Argument {
  return typeof value === 'number' ? int(name, value, 'KEY_SPEC=') : nullable(text, name, value);
}
