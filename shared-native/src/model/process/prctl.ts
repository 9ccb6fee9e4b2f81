import {
  PR_GET_CHILD_SUBREAPER,
  PR_GET_DUMPABLE,
  PR_GET_NAME,
  PR_GET_NO_NEW_PRIVS,
  PR_GET_PDEATHSIG,
  PR_GET_SECCOMP,
  PR_SET_CHILD_SUBREAPER,
  PR_SET_DUMPABLE,
  PR_SET_NAME,
  PR_SET_NO_NEW_PRIVS,
  PR_SET_PDEATHSIG,
  PR_SET_SECCOMP,
  SECCOMP_MODE_FILTER,
  SECCOMP_MODE_STRICT,
} from '../../kernel/constants.ts';
import type { Arguments } from '../arguments.ts';
import { fail, ModelError } from '../errors.ts';
import type { Handler } from '../handler.ts';
import { answerAt, inMemory } from '../structs.ts';
import { CAPABILITY_OPTIONS } from './capability-options.ts';
import { beStrict } from './seccomp.ts';
import { NSIG } from './signals.ts';

/** The longest name that a process may have, in bytes. */
const NAME_MAX = 15;

/** What each option of prctl(2) does. */
const OPTIONS: ReadonlyMap<number, Handler> = new Map<number, Handler>([
  ...CAPABILITY_OPTIONS,
  [
    PR_SET_PDEATHSIG,
    ({ process }, args) => {
      const signal = args.big('arg2');
      if (signal > NSIG) fail('EINVAL');
      process.deathSignal = Number(signal);
      return 0;
    },
  ],
  [
    PR_SET_DUMPABLE,
    ({ process }, args) => {
      const value = args.big('arg2');
      if (value > 1n) fail('EINVAL');
      process.dumpable = Number(value);
      return 0;
    },
  ],
  [
    PR_SET_NAME,
    ({ process }, args) => {
      process.comm = nameOf(args);
      return 0;
    },
  ],
  [
    PR_SET_CHILD_SUBREAPER,
    ({ process }, args) => {
      process.childSubreaper = args.big('arg2') !== 0n;
      return 0;
    },
  ],
  [
    PR_SET_NO_NEW_PRIVS,
    ({ process }, args) => {
      if (args.big('arg2') !== 1n || !areZero(args, 'arg3', 'arg4', 'arg5')) fail('EINVAL');
      process.noNewPrivs = true;
      return 0;
    },
  ],
  [
    PR_SET_SECCOMP,
    (state, args) => {
      const mode = args.big('arg2');
      if (mode === BigInt(SECCOMP_MODE_STRICT)) return beStrict(state);
      return fail(mode === BigInt(SECCOMP_MODE_FILTER) ? 'EFAULT' : 'EINVAL'); // arg3 is a number, and no filter
    },
  ],
  [PR_GET_DUMPABLE, ({ process }) => process.dumpable],
  [PR_GET_SECCOMP, ({ process }) => process.seccomp.mode],
  [
    PR_GET_NO_NEW_PRIVS,
    ({ process }, args) => {
      if (!areZero(args, 'arg2', 'arg3', 'arg4', 'arg5')) fail('EINVAL');
      return Number(process.noNewPrivs);
    },
  ],
  [PR_GET_PDEATHSIG, ({ process }, args) => answerAt(args, 'arg2', inMemory(Int32Array.of(process.deathSignal)))],
  [
    PR_GET_CHILD_SUBREAPER,
    ({ process }, args) => answerAt(args, 'arg2', inMemory(Int32Array.of(Number(process.childSubreaper)))),
  ],
  [
    PR_GET_NAME,
    ({ process }, args) =>
      answerAt(args, 'arg2', new TextEncoder().encode(process.comm.padEnd(NAME_MAX + 1, '\0')).slice(0, NAME_MAX + 1)),
  ],
]);

/** What an option does. @throws {ModelError} for one that the model doesn't know. */
export function optionHandler(option: number): Handler {
  const handler = OPTIONS.get(option);
  if (handler) return handler;
  throw new ModelError(`prctl: the model doesn't know option ${option}`);
}

/** Are these arguments 0, as an option insists that doesn't use them? */
export function areZero(args: Arguments, ...names: readonly string[]): boolean {
  return names.every((name) => args.big(name) === 0n);
}

function nameOf(args: Arguments): string {
  const { kind } = args.of('arg2');
  if (kind === 'integer' || kind === 'null') return fail('EFAULT');
  const [name = ''] = new TextDecoder().decode(args.bytes('arg2').slice(0, NAME_MAX)).split('\0');
  return name;
}
