/** The machines whose system call numbers and machine code this package holds, as Node names them (`process.arch`). */
export type Machine = 'x64' | 'arm64';

/**
 * System call numbers: x86-64 first, arm64 second. `null`: arm64 was born without this call, and `spelling` in
 * `program.ts` writes it as the newer one that took its place (`mkdir` as `mkdirat`).
 *
 * Source: the kernel's arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h.
 */
export const SYSCALL_NUMBERS = {
  read: [0, 63],
  write: [1, 64],
  close: [3, 57],
  lseek: [8, 62],
  mmap: [9, 222],
  rt_sigaction: [13, 134],
  rt_sigprocmask: [14, 135],
  ioctl: [16, 29],
  pwrite64: [18, 68],
  writev: [20, 66],
  clock_gettime: [228, 113],
  ppoll: [271, 73],
  sched_yield: [24, 124],
  getpid: [39, 172],
  socket: [41, 198],
  connect: [42, 203],
  sendto: [44, 206],
  recvfrom: [45, 207],
  sendmsg: [46, 211],
  recvmsg: [47, 212],
  socketpair: [53, 199],
  shutdown: [48, 210],
  bind: [49, 200],
  listen: [50, 201],
  setsockopt: [54, 208],
  clone: [56, 220],
  clone3: [435, 435],
  execve: [59, 221],
  execveat: [322, 281],
  memfd_create: [319, 279],
  wait4: [61, 260],
  kill: [62, 129],
  fcntl: [72, 25],
  flock: [73, 32],
  chdir: [80, 49],
  fchdir: [81, 50],
  mkdir: [83, null],
  rmdir: [84, null],
  unlink: [87, null],
  symlink: [88, null],
  chmod: [90, null],
  chown: [92, null],
  umask: [95, 166],
  setuid: [105, 146],
  setgid: [106, 144],
  setpgid: [109, 154],
  setsid: [112, 157],
  setgroups: [116, 159],
  setresuid: [117, 147],
  setresgid: [119, 149],
  capget: [125, 90],
  capset: [126, 91],
  mknod: [133, null],
  personality: [135, 92],
  setpriority: [141, 140],
  pivot_root: [155, 41],
  prctl: [157, 167],
  setrlimit: [160, 164],
  chroot: [161, 51],
  mount: [165, 40],
  umount2: [166, 39],
  sethostname: [170, 161],
  setdomainname: [171, 162],
  setxattr: [188, 5],
  getxattr: [191, 8],
  listxattr: [194, 11],
  sched_setaffinity: [203, 122],
  exit_group: [231, 94],
  set_mempolicy: [238, 237],
  keyctl: [250, 219],
  ioprio_set: [251, 30],
  openat: [257, 56],
  mkdirat: [258, 34],
  mknodat: [259, 33],
  fchownat: [260, 54],
  unlinkat: [263, 35],
  renameat2: [316, 276],
  symlinkat: [266, 36],
  fchmodat: [268, 53],
  unshare: [272, 97],
  dup3: [292, 24],
  pipe2: [293, 59],
  prlimit64: [302, 261],
  setns: [308, 268],
  seccomp: [317, 277],
  sched_setattr: [314, 274],
  bpf: [321, 280],
  pidfd_send_signal: [424, 424],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  pidfd_open: [434, 434],
  close_range: [436, 436],
  openat2: [437, 437],
  pidfd_getfd: [438, 438],
  faccessat2: [439, 439],
  mount_setattr: [442, 442],
} as const satisfies Record<string, readonly [number, number | null]>;

/** A system call's name, as its man page spells it. */
export type SyscallName = keyof typeof SYSCALL_NUMBERS;

/**
 * This machine, if its numbers are known.
 *
 * @throws {Error} on any other: a wrong number would make some other call.
 */
export function thisMachine(arch: string = process.arch): Machine {
  if (arch === 'x64' || arch === 'arm64') return arch;
  throw new Error(
    `shared-native knows the system call numbers of x86-64 ("x64") and of 64-bit ARM ("arm64"), but process.arch is "${arch}". Use a machine or a virtual machine of one of these two.`,
  );
}

/** The number of a call, or `undefined` where this machine never had it. */
export function syscallNumber(name: SyscallName, machine: Machine): number | undefined {
  return SYSCALL_NUMBERS[name][machine === 'x64' ? 0 : 1] ?? undefined;
}
