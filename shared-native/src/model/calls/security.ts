import type { SockFilter } from '../../calls/security.ts';
import {
  CAP_SYS_ADMIN,
  KEYCTL_JOIN_SESSION_KEYRING,
  SECCOMP_FILTER_FLAG_LOG,
  SECCOMP_FILTER_FLAG_SPEC_ALLOW,
  SECCOMP_FILTER_FLAG_TSYNC,
  SECCOMP_FILTER_FLAG_TSYNC_ESRCH,
  SECCOMP_SET_MODE_FILTER,
  SECCOMP_SET_MODE_STRICT,
} from '../../kernel/constants.ts';
import type { Arguments } from '../arguments.ts';
import { fail, ModelError } from '../errors.ts';
import type { Family } from '../handler.ts';
import { capableHere } from '../process/capabilities.ts';
import { assertFilter } from '../process/filter.ts';
import { addFilter, beStrict } from '../process/seccomp.ts';
import type { State } from '../state.ts';

/** Flags that change nothing for a process with one thread, whose filters need no listener. */
const FLAGS =
  SECCOMP_FILTER_FLAG_TSYNC |
  SECCOMP_FILTER_FLAG_LOG |
  SECCOMP_FILTER_FLAG_SPEC_ALLOW |
  SECCOMP_FILTER_FLAG_TSYNC_ESRCH;

/** What limits a process beyond its credentials: seccomp(2), keyctl(2). */
export const securityCalls: Family<'seccomp' | 'keyctl'> = {
  seccomp(state, args) {
    const operation = args.uint('operation');
    if (operation === SECCOMP_SET_MODE_FILTER) return setFilter(state, args);
    if (operation !== SECCOMP_SET_MODE_STRICT)
      throw new ModelError(`seccomp: the model doesn't know operation ${operation}`);
    if (args.uint('flags') !== 0 || !args.isNull('args')) fail('EINVAL');
    return beStrict(state);
  },

  keyctl({ process }, args) {
    const operation = args.int('operation');
    const isNew = operation === KEYCTL_JOIN_SESSION_KEYRING && (!args.has('arg2') || args.isNull('arg2'));
    if (!isNew) throw new ModelError(`keyctl: the model only knows KEYCTL_JOIN_SESSION_KEYRING without a name`);
    process.sessionKeyring++;
    return process.sessionKeyring;
  },
};

function setFilter(state: State, args: Arguments): number {
  const flags = args.uint('flags');
  if (flags & ~FLAGS) throw new ModelError(`seccomp: the model doesn't know all of the flags ${flags}`);
  if (args.isNull('args')) fail('EFAULT');
  const filter = filterOf(args);
  if (filter.length === 0) fail('EINVAL');
  if (!state.process.noNewPrivs && !capableHere(state, CAP_SYS_ADMIN)) fail('EACCES');
  assertFilter(filter);
  addFilter(state, flags, filter);
  return 0;
}

/** The instructions of a struct sock_fprog: a length, and a pointer to so many times 8 bytes. */
function filterOf(args: Arguments): SockFilter[] {
  const argument = args.of('args');
  if (argument.kind !== 'struct') throw new ModelError(`seccomp: args must be a filter, not a ${argument.kind}`);
  const { len, filter, ...others } = argument.fields;
  const length = len?.value.kind === 'integer' && len.bytes === 2 ? Number(len.value.value) : -1;
  const bytes = filter?.value.kind === 'bytes' && filter.bytes === 8 ? filter.value.value : new Uint8Array();
  if (length < 0 || bytes.length !== length * 8 || Object.keys(others).length > 0)
    throw new ModelError('seccomp: args must be a length of 2 bytes, and a pointer to so many instructions');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length }, (_, index) => ({
    code: view.getUint16(index * 8, true),
    jt: view.getUint8(index * 8 + 2),
    jf: view.getUint8(index * 8 + 3),
    k: view.getUint32(index * 8 + 4, true),
  }));
}
