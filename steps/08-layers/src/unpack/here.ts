import { closeSync, openSync } from 'node:fs';
import { type Argument, type Call, O_CLOEXEC, O_DIRECTORY, O_PATH, perform } from 'shared-native';
import { isUsers } from 'step-07';
import { mountedApart } from '../older-kernel/apart.ts';
import { takesOneByOne } from '../older-kernel/mount.ts';
import { type Directories, LONGEST, overlay } from '../overlay.ts';

/**
 * An overlay in this process: no mount namespace has it, so only its descriptor leads to it, and when that is closed it is
 * gone, however this process ends.
 *
 * @returns the descriptor of its root
 */
export function detached(given: Directories): number {
  const directories = { userXattrs: isUsers(), ...given };
  return takesOneByOne() ? madeOf(directories) : mountedApart(directories);
}

function madeOf({ lowers, upper, work, ...flags }: Directories): number {
  const opened: number[] = [];
  const short = (path: string) => {
    if (Buffer.byteLength(path) <= LONGEST) return path;
    opened.push(openSync(path, O_PATH | O_DIRECTORY | O_CLOEXEC));
    return `/proc/self/fd/${opened.at(-1)}`;
  };
  try {
    return mountOf({
      ...flags,
      lowers: lowers.map(short),
      ...(upper !== undefined && { upper: short(upper) }),
      ...(work !== undefined && { work: short(work) }),
    });
  } finally {
    opened.forEach(closeSync);
  }
}

function mountOf(directories: Directories): number {
  const calls = overlay(directories);
  const results = makeHere(calls);
  closeSync(results.get(calls[0] as Call) as number);
  return results.get(calls.at(-1) as Call) as number;
}

/** Makes calls here and now, one after another, as a container's process makes its program. @throws {SyscallError} of the first that fails */
export function makeHere(calls: readonly Call[]): Map<Call, number> {
  const results = new Map<Call, number>();
  for (const call of calls) {
    const args = Object.entries(call.args).map(([name, argument]) => [name, resolved(argument, results)]);
    results.set(call, perform({ ...call, args: Object.fromEntries(args) }));
  }
  return results;
}

function resolved(argument: Argument, results: ReadonlyMap<Call, number>): Argument {
  return argument.kind === 'result' ? { kind: 'integer', value: results.get(argument.of) ?? -1 } : argument;
}
