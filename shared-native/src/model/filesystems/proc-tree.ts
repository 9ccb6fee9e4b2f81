import { addInode } from '../files/inode.ts';
import type { Filesystem, Inode, State } from '../state.ts';

// What is in /proc and /sys besides processes: a selection.

const PROC_FILES = [
  'cgroups',
  'cmdline',
  'cpuinfo',
  'devices',
  'filesystems',
  'interrupts',
  'keys',
  'loadavg',
  'meminfo',
];
const PROC_MORE = ['misc', 'modules', 'partitions', 'softirqs', 'stat', 'swaps', 'timer_list', 'uptime', 'version'];
const PROC_SECRET = ['kcore', 'kmsg', 'kpagecount', 'slabinfo', 'vmallocinfo'];
const PROC_DIRECTORIES = ['acpi', 'asound', 'bus', 'fs', 'irq', 'driver', 'scsi', 'tty', 'sysvipc'];
const SYSCTLS = {
  kernel: ['hostname', 'domainname', 'pid_max', 'cap_last_cap', 'core_pattern', 'panic'],
  fs: ['mount-max'],
  vm: ['overcommit_memory'],
};

export function fillProc(state: State, { root }: Filesystem, onlyProcesses: boolean): void {
  const file = (directory: Inode, name: string, mode: number, what = 'content') =>
    addInode(state, directory, name, { type: 'file', mode, special: { kind: 'proc', what, pid: 0 } });
  const directory = (parent: Inode, name: string) =>
    addInode(state, parent, name, {
      type: 'directory',
      mode: 0o555,
      special: { kind: 'proc', what: 'directory', pid: 0 },
    });
  const link = (name: string, what: string) =>
    addInode(state, root, name, {
      type: 'symlink',
      mode: 0o777,
      text: what,
      special: { kind: 'proc', what: name, pid: 0 },
    });
  link('self', '');
  link('thread-self', '');
  if (onlyProcesses) return;
  link('mounts', 'self/mounts');
  link('net', 'self/net');
  for (const name of [...PROC_FILES, ...PROC_MORE]) file(root, name, 0o444);
  for (const name of PROC_SECRET) file(root, name, 0o400);
  file(root, 'sysrq-trigger', 0o200);
  for (const name of PROC_DIRECTORIES) directory(root, name);
  const sys = directory(root, 'sys');
  for (const [name, files] of Object.entries(SYSCTLS)) {
    const parent = directory(sys, name);
    for (const one of files)
      file(parent, one, /name$|max|over|pattern|panic/.test(one) ? 0o644 : 0o444, `sys/${name}/${one}`);
  }
  const binfmt = { type: 'directory', mode: 0o555, special: { kind: 'mount point' } } as const;
  addInode(state, sys.entries.get('fs') as Inode, 'binfmt_misc', binfmt);
}

const SYS_DIRECTORIES = ['block', 'bus', 'class', 'dev', 'devices', 'firmware', 'fs', 'kernel', 'module', 'power'];
const SYS_MOUNT_POINTS = { fs: ['cgroup', 'bpf', 'pstore'], kernel: ['debug', 'security', 'tracing'] };

export function fillSys(state: State, { root }: Filesystem): void {
  for (const name of SYS_DIRECTORIES) addInode(state, root, name, { type: 'directory', mode: 0o755 });
  for (const [name, points] of Object.entries(SYS_MOUNT_POINTS)) {
    const parent = root.entries.get(name) as Inode;
    const point = { type: 'directory', mode: name === 'fs' ? 0o755 : 0o700, special: { kind: 'mount point' } } as const;
    for (const one of points) addInode(state, parent, one, point);
  }
  const virtual = addInode(state, root.entries.get('devices') as Inode, 'virtual', { type: 'directory', mode: 0o755 });
  addInode(state, virtual, 'powercap', { type: 'directory', mode: 0o755 });
}
