import {
  AUDIT_ARCH_AARCH64,
  AUDIT_ARCH_X86_64,
  BPF_ABS,
  BPF_JEQ,
  BPF_JGE,
  BPF_JGT,
  BPF_JMP,
  BPF_JSET,
  BPF_K,
  BPF_LD,
  BPF_RET,
  BPF_W,
  type Call,
  PR_SET_NO_NEW_PRIVS,
  prctl,
  SECCOMP_FILTER_FLAG_LOG,
  SECCOMP_RET_ALLOW,
  SECCOMP_RET_ERRNO,
  SECCOMP_RET_KILL_PROCESS,
  SECCOMP_RET_LOG,
  SECCOMP_RET_TRACE,
  SECCOMP_RET_TRAP,
  SECCOMP_RET_USER_NOTIF,
  SECCOMP_SET_MODE_FILTER,
  type SockFilter,
  seccomp,
  syscallNumber,
  thisMachine,
} from '../../../src/index.ts';
import type { Random } from '../random.ts';

const load = (k: number): SockFilter => ({ code: BPF_LD | BPF_W | BPF_ABS, k });
const jump = (test: number, k: number, jt: number, jf: number): SockFilter => ({
  code: BPF_JMP | test | BPF_K,
  jt,
  jf,
  k,
});
const answer = (k: number): SockFilter => ({ code: BPF_RET | BPF_K, k });

const ANSWERS = [
  SECCOMP_RET_ERRNO,
  SECCOMP_RET_ERRNO | 1,
  SECCOMP_RET_ERRNO | 38,
  SECCOMP_RET_LOG,
  SECCOMP_RET_TRACE,
  SECCOMP_RET_USER_NOTIF,
  SECCOMP_RET_KILL_PROCESS,
  SECCOMP_RET_TRAP,
];

/** Calls whose first argument is a number: of a pointer, filter and model see another address each. */
const PLAIN = ['umask', 'setuid', 'setresuid', 'prctl', 'setrlimit', 'keyctl'] as const;

/** Filters on calls of these families; never on those that the child ends with. */
export const filters: readonly ((random: Random) => Call[])[] = [
  (random) => [install(random, onNumber(random))],
  (random) => [prctl(PR_SET_NO_NEW_PRIVS, 1), install(random, onNumber(random))],
  (random) => [prctl(PR_SET_NO_NEW_PRIVS, 1), install(random, onArgument(random))],
  (random) => [install(random, odd(random))],
];

function install(random: Random, filter: readonly SockFilter[]): Call {
  return seccomp(SECCOMP_SET_MODE_FILTER, random.pick([0, 0, SECCOMP_FILTER_FLAG_LOG]), filter);
}

function anyNumber(random: Random): number {
  const name = random.pick([...PLAIN, 'getpid', 'capset'] as const);
  return syscallNumber(name, thisMachine()) as number;
}

function onNumber(random: Random): SockFilter[] {
  const machine = thisMachine() === 'x64' ? AUDIT_ARCH_X86_64 : AUDIT_ARCH_AARCH64;
  const number = [load(0), jump(BPF_JEQ, anyNumber(random), 0, 1)];
  return [load(4), jump(BPF_JEQ, machine, 0, 3), ...number, answer(random.pick(ANSWERS)), answer(SECCOMP_RET_ALLOW)];
}

function onArgument(random: Random): SockFilter[] {
  const test = jump(random.pick([BPF_JEQ, BPF_JSET, BPF_JGE, BPF_JGT]), random.pick([0, 1, 23, 24, 63, 1000]), 0, 1);
  const number = jump(BPF_JEQ, syscallNumber(random.pick(PLAIN), thisMachine()) as number, 0, 3);
  return [load(0), number, load(16), test, answer(SECCOMP_RET_ERRNO | 22), answer(SECCOMP_RET_ALLOW)];
}

/** Loads beside the data, jumps past the end, and no return. */
function odd(random: Random): SockFilter[] {
  const allow = answer(SECCOMP_RET_ALLOW);
  return [
    load(random.pick([0, 3, 60, 64])),
    jump(BPF_JEQ, 1, random.pick([0, 1, 2, 5]), 0),
    allow,
    random.chance(0.7) ? allow : load(0),
  ];
}
