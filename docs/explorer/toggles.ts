/** What can be switched on in the explorer. */
export interface Switch {
  readonly id: string;
  /** What is typed. A step that has no such flag hasn't the switch; a step to come brings its own. */
  readonly args: readonly string[];
  readonly words: string;
  /** Is it on in the lesson that brings it, since it shows what that lesson adds? */
  readonly shows?: true;
}

/** The machine's, not the command line's: it has the older version of cgroups. */
export const CGROUP_V1 = 'v1';

/** Every switch, in the order of the steps. One line here is all that a flag takes to be in the explorer. */
export const SWITCHES: readonly Switch[] = [
  { id: 'hostname', args: ['--hostname', 'db'], words: 'another hostname' },
  { id: 'read-only', args: ['--read-only'], words: 'nothing may be written to the root' },
  { id: 'memory', args: ['--memory', '64m'], words: 'no more than 64 MiB of memory', shows: true },
  { id: 'cpus', args: ['--cpus', '0.5'], words: 'half a CPU', shows: true },
  { id: 'pids', args: ['--pids-limit', '20'], words: 'no more than 20 processes', shows: true },
  { id: 'ulimit', args: ['--ulimit', 'nofile=64'], words: 'no more than 64 open files in each process' },
  { id: 'tty', args: ['-t'], words: 'a terminal of its own', shows: true },
  { id: 'user', args: ['-u', '1000'], words: 'runs as user 1000, not as root', shows: true },
  { id: 'workdir', args: ['-w', '/srv'], words: 'begins in /srv', shows: true },
  { id: 'env', args: ['-e', 'GREETING=hello'], words: 'one more environment variable' },
  { id: 'network', args: ['--network', 'none'], words: 'a network with nothing but loopback' },
  { id: 'publish', args: ['-p', '8080:80'], words: 'port 8080 of the host leads in', shows: true },
  { id: 'ipc', args: ['--ipc', 'host'], words: 'shares the host’s IPC objects' },
  { id: 'volume', args: ['-v', 'data:/data'], words: 'a volume at /data', shows: true },
  { id: 'tmpfs', args: ['--tmpfs', '/run'], words: 'a filesystem in memory at /run', shows: true },
  { id: 'cap', args: ['--cap-add', 'NET_ADMIN'], words: 'one more capability', shows: true },
  {
    id: 'no-new-privs',
    args: ['--security-opt', 'no-new-privileges'],
    words: 'no program gets more than this one has',
  },
];
