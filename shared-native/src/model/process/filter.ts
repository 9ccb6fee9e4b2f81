import type { SockFilter } from '../../calls/security.ts';
import {
  BPF_ABS,
  BPF_ALU,
  BPF_AND,
  BPF_JA,
  BPF_JEQ,
  BPF_JGE,
  BPF_JGT,
  BPF_JMP,
  BPF_JSET,
  BPF_K,
  BPF_LD,
  BPF_MAXINSNS,
  BPF_RET,
  BPF_W,
} from '../../kernel/constants.ts';
import { fail, ModelError } from '../errors.ts';

/** Bytes of struct seccomp_data, which a filter reads: seccomp(2). */
const DATA_BYTES = 64;

const LOAD = BPF_LD | BPF_W | BPF_ABS;
const AND = BPF_ALU | BPF_AND | BPF_K;
const GO = BPF_JMP | BPF_JA;
const RETURN = BPF_RET | BPF_K;

/** What the conditional jumps ask of the accumulator and the operand. */
const TESTS: ReadonlyMap<number, (a: number, k: number) => boolean> = new Map([
  [BPF_JMP | BPF_JEQ | BPF_K, (a, k) => a === k],
  [BPF_JMP | BPF_JGT | BPF_K, (a, k) => a > k],
  [BPF_JMP | BPF_JGE | BPF_K, (a, k) => a >= k],
  [BPF_JMP | BPF_JSET | BPF_K, (a, k) => (a & k) !== 0],
]);

/**
 * Checks a filter as the kernel does: loads lie within the data, jumps lead forward to an instruction, and it ends in a
 * return.
 *
 * @throws EINVAL
 * @throws {ModelError} for an instruction that shared-native has no constants for.
 */
export function assertFilter(program: readonly SockFilter[]): void {
  if (program.length === 0 || program.length > BPF_MAXINSNS) fail('EINVAL');
  for (const [index, { code, jt = 0, jf = 0, k }] of program.entries()) {
    const left = program.length - index - 1;
    if (![LOAD, AND, GO, RETURN, ...TESTS.keys()].includes(code))
      throw new ModelError(`instruction ${index} of the filter has code ${code}, which the model doesn't know`);
    if (code === LOAD && (k % 4 !== 0 || k >= DATA_BYTES)) fail('EINVAL');
    if (code === GO && k >= left) fail('EINVAL');
    if (TESTS.has(code) && (jt >= left || jf >= left)) fail('EINVAL');
  }
  if (program.at(-1)?.code !== RETURN) fail('EINVAL');
}

/** What a filter says of a call: SECCOMP_RET_*, with its data. The filter is checked already, so it comes to an end. */
export function runFilter(program: readonly SockFilter[], data: DataView): number {
  let accumulator = 0;
  for (let at = 0; ; at++) {
    const { code, jt = 0, jf = 0, k } = program[at] as SockFilter;
    if (code === RETURN) return k;
    if (code === LOAD) accumulator = data.getUint32(k, true);
    else if (code === AND) accumulator = (accumulator & k) >>> 0;
    else if (code === GO) at += k;
    else at += TESTS.get(code)?.(accumulator, k) ? jt : jf;
  }
}
