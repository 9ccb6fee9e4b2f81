import type { Call } from './call.ts';
import { errnoName } from './errno.ts';
import { SyscallError } from './errors.ts';
import * as libc from './libc.ts';
import { load } from './memory.ts';
import { layOut, RECORD } from './program.ts';

/**
 * Makes one call here and now, in this process.
 *
 * @returns the kernel's answer; for an error that the call tolerates, the negative errno.
 * @throws {SyscallError} if the kernel refuses.
 */
export function perform(call: Call): number {
  const program = layOut([call]);
  const memory = load(program);
  try {
    const word = (offset: number) => BigInt.asUintN(64, memory.words[offset / 8] as bigint);
    const argument = (nth: number) => word(Number(word(RECORD.arguments + nth * 8)) - memory.address);
    const [a, b, c, d, e, f] = [0, 1, 2, 3, 4, 5].map(argument) as [bigint, bigint, bigint, bigint, bigint, bigint];
    const result = libc.syscall(Number(memory.words[RECORD.number]), a, b, c, d, e, f);
    if (result === -1) return refused(call, libc.errno());
    for (const { offset, into } of program.rooms) into.set(memory.bytes.subarray(offset, offset + into.length));
    return result;
  } finally {
    memory.release();
  }
}

function refused(call: Call, errno: number): number {
  const code = errnoName(errno);
  if (call.tolerates === 'any' || call.tolerates === code) return -errno;
  throw new SyscallError(call, -errno);
}
