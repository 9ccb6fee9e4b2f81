import {
  AUDIT_ARCH_AARCH64,
  AUDIT_ARCH_X86_64,
  BPF_ABS,
  BPF_JEQ,
  BPF_JGE,
  BPF_JMP,
  BPF_JSET,
  BPF_K,
  BPF_LD,
  BPF_RET,
  BPF_W,
  type Call,
  ERRNO,
  PR_SET_NO_NEW_PRIVS,
  prctl,
  SECCOMP_RET_ALLOW,
  SECCOMP_RET_ERRNO,
  SECCOMP_RET_KILL_PROCESS,
  SECCOMP_SET_MODE_FILTER,
  type SockFilter,
  SYSCALL_NUMBERS,
  seccomp,
  thisMachine,
} from 'shared-native';

const { kill, pidfd_open, pidfd_send_signal, pidfd_getfd, setpriority, sched_setaffinity } = SYSCALL_NUMBERS;
const { clone, keyctl, prlimit64, setns, socket, unshare } = SYSCALL_NUMBERS;

/**
 * What reaches other processes, and needs no rights where they are the same user's: x86-64's number, arm64's (null: it has
 * no such call). Node's own --permission knows nothing of signals.
 */
const REFUSED: Readonly<Record<string, readonly [number, number | null]>> = {
  ...{ kill, pidfd_open, pidfd_send_signal, pidfd_getfd, setpriority, sched_setaffinity },
  ...{ keyctl, setns, socket, unshare },
  tkill: [200, 130],
  tgkill: [234, 131],
  rt_sigqueueinfo: [129, 138],
  rt_tgsigqueueinfo: [297, 240],
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  sched_setparam: [142, 118],
  sched_setscheduler: [144, 119],
  sched_setattr: [314, 274],
  ioprio_set: [251, 30],
  fork: [57, null],
  vfork: [58, null],
  shmget: [29, 194],
  io_uring_setup: [425, 425],
  bpf: [321, 280],
  userfaultfd: [323, 282],
};

const CLONE3 = [435, 435] as const;
const CLONE_THREAD = 0x1_0000;

/** Where struct seccomp_data has them: the call's number, the machine, the lower half of the first argument. */
const [NUMBER, MACHINE, FIRST] = [0, 4, 16];

/** The last calls before a student's program is executed: it gets no more rights, and reaches no other process. */
export function confined(): Call[] {
  return [prctl(PR_SET_NO_NEW_PRIVS, 1), seccomp(SECCOMP_SET_MODE_FILTER, 0, filter())];
}

function filter(): SockFilter[] {
  const x64 = thisMachine() === 'x64';
  const here = <N>([first, second]: readonly [number, N]) => (x64 ? first : second);
  const numbers = Object.values(REFUSED)
    .map(here)
    .filter((number) => number !== null);
  return [
    load(MACHINE),
    { code: BPF_JMP | BPF_JEQ | BPF_K, jt: 1, k: x64 ? AUDIT_ARCH_X86_64 : AUDIT_ARCH_AARCH64 },
    answer(SECCOMP_RET_KILL_PROCESS),
    load(NUMBER),
    ...(x64 ? when(BPF_JGE, 0x4000_0000, [refuse('EPERM')]) : []), // x32: the same calls by other numbers
    ...numbers.flatMap((number) => when(BPF_JEQ, number, [refuse('EPERM')])),
    // glibc then makes its threads with clone, whose flags can be seen from here.
    ...when(BPF_JEQ, here(CLONE3), [refuse('ENOSYS')]),
    ...when(BPF_JEQ, here(clone), [
      load(FIRST),
      ...when(BPF_JSET, CLONE_THREAD, [answer(SECCOMP_RET_ALLOW)]),
      refuse('EPERM'),
    ]),
    ...when(BPF_JEQ, here(prlimit64), [load(FIRST), ...when(BPF_JEQ, 0, [answer(SECCOMP_RET_ALLOW)]), refuse('EPERM')]),
    answer(SECCOMP_RET_ALLOW),
  ];
}

function load(offset: number): SockFilter {
  return { code: BPF_LD | BPF_W | BPF_ABS, k: offset };
}

/** If the comparison is true, what `then` says, which ends in an answer; otherwise it goes on behind. */
function when(compare: number, k: number, then: readonly SockFilter[]): SockFilter[] {
  return [{ code: BPF_JMP | compare | BPF_K, jf: then.length, k }, ...then];
}

function refuse(error: 'EPERM' | 'ENOSYS'): SockFilter {
  return answer(SECCOMP_RET_ERRNO | (ERRNO[error] as number));
}

function answer(k: number): SockFilter {
  return { code: BPF_RET | BPF_K, k };
}
