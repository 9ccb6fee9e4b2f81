/** What a capability beyond docker's is good for, where that reaches past a container: capabilities(7). */
export const UNSAFE: Readonly<Record<string, string>> = {
  DAC_READ_SEARCH: 'opens any file of a filesystem by its handle',
  NET_ADMIN: 'changes interfaces, routes and firewalls',
  SYS_MODULE: 'loads code into the kernel',
  SYS_RAWIO: 'reads and writes ports and memory',
  SYS_PTRACE: 'reads and changes other processes that it sees',
  SYS_ADMIN: 'mounts, and does most of what no other capability is for',
  SYS_BOOT: 'restarts the machine',
  SYS_TIME: 'sets the clock',
  SYS_RESOURCE: 'goes beyond limits',
  SYS_NICE: 'goes before other processes',
  LINUX_IMMUTABLE: 'makes files that nobody can change',
  AUDIT_CONTROL: 'turns off the record of what happens',
  MAC_OVERRIDE: 'goes past what an LSM refuses',
  MAC_ADMIN: 'changes what an LSM refuses',
  SYSLOG: "reads and clears the kernel's log",
  PERFMON: 'watches what the kernel does',
  BPF: 'loads programs into the kernel',
  CHECKPOINT_RESTORE: 'chooses the numbers of processes',
};

/** What a container sees that shares a namespace with the host. */
export const SHARED: Readonly<Record<string, string>> = {
  mnt: 'all files of the host',
  pid: 'all processes of the host, which its root can signal',
  net: 'all interfaces, ports and abstract sockets of the host',
  ipc: 'shared memory, semaphores and queues of the host',
  uts: "the host's name, and whatever changes it",
  cgroup: "where its cgroups are among the host's",
};
