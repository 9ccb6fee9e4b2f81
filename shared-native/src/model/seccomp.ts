import type { SockFilter } from '../calls/security.ts';
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
  SECCOMP_MODE_FILTER,
  SECCOMP_MODE_STRICT,
} from '../constants.ts';
import { fail, ModelError } from './errors.ts';
import type { State } from './state.ts';

/** Bytes of struct seccomp_data, which a filter reads: seccomp(2). */
const DATA_BYTES = 64;
/** Instructions of all filters of a process, each filter's 4 more than it has. */
const MAX_INSTRUCTIONS = 32_768;

const JUMPS: readonly number[] = [BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET].map((test) => BPF_JMP | test | BPF_K);
const LOAD = BPF_LD | BPF_W | BPF_ABS;
const RETURN = BPF_RET | BPF_K;
const GO = BPF_JMP | BPF_JA;

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

/** Is it a program: known instructions, loads within the data, jumps to a place in it, a return at its end? @throws EINVAL */
export function assertFilter(program: readonly SockFilter[]): void {
  if (program.length === 0 || program.length > BPF_MAXINSNS) fail('EINVAL');
  for (const [index, { code, jt = 0, jf = 0, k }] of program.entries()) {
    const left = program.length - index - 1;
    if (code === LOAD && (k % 4 !== 0 || k >= DATA_BYTES)) fail('EINVAL');
    if (code === GO && k >= left) fail('EINVAL');
    if (JUMPS.includes(code) && (jt >= left || jf >= left)) fail('EINVAL');
    const isKnown = [LOAD, GO, RETURN, BPF_ALU | BPF_AND | BPF_K, ...JUMPS].includes(code);
    if (!isKnown)
      throw new ModelError(`instruction ${index} of the filter has code ${code}, which the model doesn't know`);
  }
  if (program.at(-1)?.code !== RETURN) fail('EINVAL');
}
