import { type Call, wentWell } from './call.ts';
import { SyscallError } from './errors.ts';
import { spelling } from './kernel/spelling.ts';
import { thisMachine } from './kernel/syscall-numbers.ts';
import * as libc from './machine/libc.ts';
import { type Loaded, load } from './machine/memory.ts';
import { layOut, RECORD } from './program.ts';

/**
 * Makes one call here and now, in this process.
 *
 * @returns the kernel's answer; for an error that the call tolerates, the negative errno.
 * @throws {SyscallError} if the kernel refuses.
 */
export function perform(call: Call): number {
  const machine = thisMachine();
  const spelled = spelling(call, machine);
  const { number, args } = spelled;
  const plain = args.map((argument) => (argument.kind === 'integer' ? argument.value : undefined));
  if (plain.every((value) => value !== undefined)) {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = plain;
    return answer(call, libc.syscall(number, a, b, c, d, e, f)); // it points to nothing, so there is nothing to lay out
  }
  const program = layOut([call], machine, [spelled]);
  const memory = load(program);
  try {
    const result = answer(call, libc.syscall(number, ...sixOf(memory)));
    for (const { offset, into } of program.rooms) into.set(memory.bytes.subarray(offset, offset + into.length));
    return result;
  } finally {
    memory.release();
  }
}

/** What the cells of the first record hold. */
function sixOf({ bytes, address }: Loaded): libc.Words {
  const words = new BigUint64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
  const six: bigint[] = [];
  for (let at: number = RECORD.arguments; at < RECORD.least; at += 8) {
    const cell = Number(words[at / 8]) - address;
    six.push(words[cell / 8] as bigint);
  }
  return six as libc.Words;
}

function answer(call: Call, returned: number): number {
  const result = returned === -1 ? -libc.errno() : returned;
  if (wentWell(call, result)) return result;
  throw new SyscallError(call, result);
}
