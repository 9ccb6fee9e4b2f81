import type { Argument, Call } from '../../call.ts';
import type { SockFilter } from '../../calls/security.ts';
import {
  AUDIT_ARCH_AARCH64,
  AUDIT_ARCH_X86_64,
  O_DIRECTORY,
  SECCOMP_MODE_FILTER,
  SECCOMP_MODE_STRICT,
  SECCOMP_RET_ALLOW,
  SECCOMP_RET_DATA,
  SECCOMP_RET_ERRNO,
  SECCOMP_RET_LOG,
  SECCOMP_RET_TRACE,
  SECCOMP_RET_USER_NOTIF,
  SIGKILL,
  SIGSYS,
} from '../../kernel/constants.ts';
import { errnoName } from '../../kernel/errno.ts';
import { spelling } from '../../kernel/spelling.ts';
import type { Machine } from '../../kernel/syscall-numbers.ts';
import type { Arguments } from '../arguments.ts';
import { fail } from '../errors.ts';
import type { State } from '../state.ts';
import { runFilter } from './filter.ts';

/** Instructions of all filters of a process, each filter's 4 more than it has. */
const MAX_INSTRUCTIONS = 32_768;
const MAX_ERRNO = 4095;
const ACTION = 0xffff_0000;

/** Which of the two machines the constants of this process are for. */
const MACHINE: Machine = O_DIRECTORY === 0o40000 ? 'arm64' : 'x64';

/** What stands for every pointer: a filter sees the address, and not what is there. */
const ADDRESS = 0x7fff_0000_0000n;

/** From here on only read, write, exit and rt_sigreturn. @throws EINVAL when there are filters */
export function beStrict({ process }: State): number {
  if (process.seccomp.mode === SECCOMP_MODE_FILTER) fail('EINVAL');
  process.seccomp.mode = SECCOMP_MODE_STRICT;
  return 0;
}

/** Adds a filter, which is checked already. @throws EINVAL in strict mode; ENOMEM */
export function addFilter({ process }: State, flags: number, program: readonly SockFilter[]): void {
  const { seccomp } = process;
  if (seccomp.mode === SECCOMP_MODE_STRICT) fail('EINVAL');
  const before = seccomp.filters.reduce((sum, filter) => sum + filter.program.length + 4, 0);
  if (before + program.length > MAX_INSTRUCTIONS) fail('ENOMEM');
  seccomp.mode = SECCOMP_MODE_FILTER;
  seccomp.filters.push({ flags, program });
}

/**
 * What the process's filters make of a call before the kernel looks at it: it goes on (`undefined`), it is answered, or
 * it ends the process. The strictest answer counts; of equal ones, the latest filter's.
 *
 * @throws the errno that a filter gives
 */
export function screened({ process }: State, call: Call, args: Arguments): number | undefined {
  const { mode, filters } = process.seccomp;
  if (mode === SECCOMP_MODE_STRICT && !['read', 'write'].includes(call.name)) return kill(process, SIGKILL);
  if (mode !== SECCOMP_MODE_FILTER) return undefined;
  const data = dataOf(call, args);
  const answers = filters.toReversed().map(({ program }) => runFilter(program, data));
  const strictest = answers.reduce((best, answer) => (strictness(answer) < strictness(best) ? answer : best));
  const action = (strictest & ACTION) >>> 0;
  if (action === SECCOMP_RET_ALLOW || action === SECCOMP_RET_LOG) return undefined;
  if (action === SECCOMP_RET_ERRNO) return refuse(Math.min(strictest & SECCOMP_RET_DATA, MAX_ERRNO));
  if (action === SECCOMP_RET_TRACE || action === SECCOMP_RET_USER_NOTIF) return fail('ENOSYS'); // nobody listens
  return kill(process, SIGSYS);
}

/** An action as the kernel compares it: with a sign, and without its data. */
function strictness(answer: number): number {
  return answer & ACTION;
}

function refuse(errno: number): number {
  return errno === 0 ? 0 : fail(errnoName(errno));
}

function kill(process: State['process'], signal: number): number {
  process.killed = signal;
  return -1;
}

/** struct seccomp_data: number, machine, place of the instruction, six arguments. */
function dataOf(call: Call, args: Arguments): DataView {
  const data = new DataView(new ArrayBuffer(64));
  const { number, args: spelled } = spelling(call, MACHINE);
  data.setInt32(0, number, true);
  data.setUint32(4, MACHINE === 'x64' ? AUDIT_ARCH_X86_64 : AUDIT_ARCH_AARCH64, true);
  for (const [index, argument] of spelled.entries())
    data.setBigUint64(16 + 8 * index, register(call, argument, args), true);
  return data;
}

function register(call: Call, argument: Argument, args: Arguments): bigint {
  const name = Object.keys(call.args).find((one) => call.args[one] === argument);
  if (argument.kind === 'result' && name !== undefined) return args.big(name);
  if (argument.kind === 'integer') return BigInt.asUintN(64, BigInt(argument.value));
  return argument.kind === 'null' ? 0n : ADDRESS;
}
