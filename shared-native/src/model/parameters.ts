import type { Argument } from '../call.ts';
import type { SyscallName } from '../kernel/syscall-numbers.ts';

/** One parameter of a call: its name, the kinds of argument that it takes, and whether it may be left out. */
export interface Parameter {
  readonly name: string;
  readonly kinds: readonly Argument['kind'][];
  readonly optional: boolean;
}

/** Man-page names in man-page order, each with its kind; `?` where a null pointer is fine, `[…]` what may be left out. */
const SIGNATURES: Readonly<Record<SyscallName, string>> = {
  read: 'fd:int buf:room count:int',
  write: 'fd:int buf:bytes count:int',
  close: 'fd:int',
  lseek: 'fd:int offset:int whence:int',
  mmap: 'addr:int length:int prot:int flags:int fd:int offset:int',
  rt_sigaction: 'signum:int act:struct? oldact:room? sigsetsize:int',
  rt_sigprocmask: 'how:int set:struct? oldset:room? sigsetsize:int',
  ioctl: 'fd:int request:int arg:any',
  pwrite64: 'fd:int buf:any count:int offset:int',
  writev: 'fd:int iov:struct iovcnt:int',
  clock_gettime: 'clockid:int tp:room',
  ppoll: 'fds:room nfds:int tmo_p:any sigmask:any sigsetsize:int',
  sched_yield: '',
  getpid: '',
  socket: 'domain:int type:int protocol:int',
  clone: 'flags:int [stack:any] [parent_tid:room]',
  wait4: 'pid:int status:room options:int rusage:any',
  sendto: 'sockfd:int buf:bytes len:int flags:int dest_addr:any addrlen:int',
  recvfrom: 'sockfd:int buf:room size:int flags:int src_addr:any addrlen:any',
  shutdown: 'sockfd:int how:int',
  connect: 'sockfd:int addr:bytes addrlen:int',
  sendmsg: 'sockfd:int msg:struct flags:int',
  recvmsg: 'sockfd:int msg:struct flags:int',
  socketpair: 'domain:int type:int protocol:int sv:room',
  personality: 'persona:int',
  sched_setattr: 'pid:int attr:struct flags:int',
  ioprio_set: 'which:int who:int ioprio:int',
  set_mempolicy: 'mode:int nodemask:any maxnode:int',
  faccessat2: 'dirfd:int pathname:text mode:int flags:int',
  bind: 'sockfd:int addr:struct addrlen:int',
  listen: 'sockfd:int backlog:int',
  setsockopt: 'sockfd:int level:int optname:int optval:struct optlen:int',
  clone3: 'cl_args:struct size:int',
  memfd_create: 'name:text flags:int',
  execve: 'pathname:text argv:strings envp:strings',
  execveat: 'dirfd:int pathname:text argv:strings envp:strings flags:int',
  kill: 'pid:int sig:int',
  fcntl: 'fd:int cmd:int arg:any',
  flock: 'fd:int operation:int',
  chdir: 'path:text',
  fchdir: 'fd:int',
  mkdir: 'pathname:text mode:int',
  rmdir: 'pathname:text',
  unlink: 'pathname:text',
  symlink: 'target:text linkpath:text',
  chmod: 'pathname:text mode:int',
  chown: 'pathname:text owner:int group:int',
  umask: 'mask:int',
  setuid: 'uid:int',
  setgid: 'gid:int',
  setpgid: 'pid:int pgid:int',
  setsid: '',
  setgroups: 'size:int list:struct?',
  setresuid: 'ruid:int euid:int suid:int',
  setresgid: 'rgid:int egid:int sgid:int',
  capget: 'hdrp:struct datap:room',
  capset: 'hdrp:struct datap:struct',
  mknod: 'pathname:text mode:int dev:int',
  setpriority: 'which:int who:int prio:int',
  pivot_root: 'new_root:text put_old:text',
  prctl: 'option:int arg2:any arg3:int arg4:int arg5:int',
  setrlimit: 'resource:int rlim:struct',
  chroot: 'path:text',
  mount: 'source:text? target:text filesystemtype:text? mountflags:int data:text?',
  umount2: 'target:text flags:int',
  sethostname: 'name:text len:int',
  setdomainname: 'name:text len:int',
  setxattr: 'path:text name:text value:bytes size:int flags:int',
  getxattr: 'path:text name:text value:room size:int',
  listxattr: 'path:text list:room size:int',
  sched_setaffinity: 'pid:int cpusetsize:int mask:struct',
  exit_group: 'status:int',
  keyctl: 'operation:int [arg2:any] [arg3:any] [arg4:any] [arg5:any]',
  openat: 'dirfd:int pathname:text flags:int [mode:int]',
  mkdirat: 'dirfd:int pathname:text mode:int',
  mknodat: 'dirfd:int pathname:text mode:int dev:int',
  fchownat: 'dirfd:int pathname:text owner:int group:int flags:int',
  unlinkat: 'dirfd:int pathname:text flags:int',
  renameat2: 'olddirfd:int oldpath:text newdirfd:int newpath:text flags:int',
  symlinkat: 'target:text newdirfd:int linkpath:text',
  fchmodat: 'dirfd:int pathname:text mode:int',
  unshare: 'flags:int',
  dup3: 'oldfd:int newfd:int flags:int',
  pipe2: 'pipefd:room flags:int',
  prlimit64: 'pid:int resource:int new_limit:struct? old_limit:room?',
  setns: 'fd:int nstype:int',
  bpf: 'cmd:int attr:struct size:int',
  seccomp: 'operation:int flags:int args:any',
  pidfd_send_signal: 'pidfd:int sig:int info:bytes? flags:int',
  open_tree: 'dirfd:int pathname:text flags:int',
  move_mount: 'from_dirfd:int from_pathname:text to_dirfd:int to_pathname:text flags:int',
  fsopen: 'fsname:text flags:int',
  fsconfig: 'fd:int cmd:int key:text? value:text? aux:int',
  fsmount: 'fsfd:int flags:int attr_flags:int',
  fspick: 'dirfd:int pathname:text flags:int',
  pidfd_open: 'pid:int flags:int',
  close_range: 'first:int last:int flags:int',
  openat2: 'dirfd:int pathname:text how:struct size:int',
  pidfd_getfd: 'pidfd:int targetfd:int flags:int',
  mount_setattr: 'dirfd:int pathname:text flags:int attr:struct size:int',
};

const KINDS: Readonly<Record<string, readonly Argument['kind'][]>> = {
  int: ['integer', 'result'],
  text: ['string'],
  strings: ['strings'],
  struct: ['struct'],
  bytes: ['bytes'],
  room: ['room'],
  any: ['integer', 'null', 'string', 'struct', 'bytes', 'room', 'result'],
};

const all = new Map(
  Object.entries(SIGNATURES).map(([call, text]) => [call, text.split(' ').filter(Boolean).map(parse)]),
);

/** The parameters of a call, or `undefined` for a name that no call has. */
export function parameters(call: string): readonly Parameter[] | undefined {
  return all.get(call);
}

function parse(text: string): Parameter {
  const [name = '', type = ''] = text.replace(/[[\]]/g, '').split(':');
  const kinds = KINDS[type.replace('?', '')] ?? [];
  return { name, kinds: type.endsWith('?') ? [...kinds, 'null', 'integer'] : kinds, optional: text.startsWith('[') };
}
