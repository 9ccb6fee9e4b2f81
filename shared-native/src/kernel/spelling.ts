import type { Argument, Call } from '../call.ts';
import { fd, int } from '../calls/arguments.ts';
import { AT_FDCWD, AT_REMOVEDIR } from './constants.ts';
import { type Machine, type SyscallName, syscallNumber } from './syscall-numbers.ts';

/** A call as a machine's kernel spells it. */
export interface Spelling {
  readonly name: SyscallName;
  /** Its number there; -1 is none. */
  readonly number: number;
  readonly args: readonly Argument[];
}

const here = fd('dirfd', AT_FDCWD);

/** arm64 came after the calls that take a directory descriptor, and never got the older ones. */
const NEWER: Partial<Record<SyscallName, (...args: Argument[]) => [SyscallName, ...(Argument | undefined)[]]>> = {
  mkdir: (path, mode) => ['mkdirat', here, path, mode],
  mknod: (path, mode, dev) => ['mknodat', here, path, mode, dev],
  rmdir: (path) => ['unlinkat', here, path, int('flags', AT_REMOVEDIR)],
  unlink: (path) => ['unlinkat', here, path],
  symlink: (target, path) => ['symlinkat', target, here, path],
  chmod: (path, mode) => ['fchmodat', here, path, mode],
  chown: (path, owner, group) => ['fchownat', here, path, owner, group],
};

/** The call that this machine's kernel has for `call`: itself, or the newer one that does the same. */
export function spelling(call: Call, machine: Machine): Spelling {
  const args: Argument[] = [];
  for (const name in call.args) args.push(call.args[name] as Argument); // faster than Object.values, where every call has other names
  const number = syscallNumber(call.name, machine);
  if (number !== undefined) return { name: call.name, number, args };
  const [name, ...newer] = NEWER[call.name]?.(...args) ?? [call.name];
  return {
    name,
    number: syscallNumber(name, machine) ?? -1,
    args: newer.filter((argument) => argument !== undefined),
  };
}
