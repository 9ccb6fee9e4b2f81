import type { Call } from './call.ts';
import { errnoName } from './errno.ts';
import { SyscallError } from './errors.ts';
import * as libc from './libc.ts';
import { type Loaded, load } from './memory.ts';
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
    const result = libc.syscall(Number(memory.words[RECORD.number]), ...sixOf(memory));
    if (result === -1) return refused(call, libc.errno());
    if (result < (call.least ?? 0)) throw new SyscallError(call, result);
    for (const { offset, into } of program.rooms) into.set(memory.bytes.subarray(offset, offset + into.length));
    return result;
  } finally {
    memory.release();
  }
}

/** What the cells of the first record hold. */
function sixOf({ words, address }: Loaded): libc.Words {
  const six: bigint[] = [];
  for (let at = RECORD.arguments; at < RECORD.result; at += 8) {
    const cell = Number(words[at / 8]) - address;
    six.push(BigInt.asUintN(64, words[cell / 8] as bigint));
  }
  return six as libc.Words;
}

function refused(call: Call, errno: number): number {
  const code = errnoName(errno);
  if (call.tolerates === 'any' || call.tolerates === code) return -errno;
  throw new SyscallError(call, -errno);
}
