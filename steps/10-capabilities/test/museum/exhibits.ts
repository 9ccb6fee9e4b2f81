/** What the museum's attempts are made on: all of it is the test's own. */
export interface Host {
  /** A root filesystem that holds the program `attempt`, and a link /data that leads to `directory`. */
  readonly rootfs: string;
  readonly attempt: string;
  /** A directory of the host's with a file `file` in it, and another to be mounted. */
  readonly directory: string;
  readonly other: string;
  /** The handle of a file that no container has a path to. */
  readonly handle: string;
  /** A socket that root alone may connect to, and one without a path. */
  readonly socket: string;
  readonly abstract: string;
  /** A process of the host's. */
  readonly pid: number;
  /** The name of a key in the user's keyring. */
  readonly key: string;
  /** A block device that can be opened here. It is neither read nor written. */
  readonly disk: { readonly major: number; readonly minor: number };
}

/** What a container of this step answers. */
export interface Refusal {
  /** Flags beside those that all of these have. */
  readonly flags: readonly string[];
  readonly answer: string;
}

/** A way out of a container, and what closes it. */
export interface Exhibit {
  readonly name: string;
  /** What somebody inside gets by it. */
  readonly what: string;
  /** Where it's from. */
  readonly source: string;
  /** In the words of attempt.c. */
  attempt?(host: Host): readonly (string | number)[];
  /** Or a container of its own: flags, root filesystem and command. */
  alone?(host: Host): readonly string[];
  /** Flags with which step 8's container lets it happen. */
  works?(host: Host): readonly string[];
  /** Or a line of shell, in a mount namespace of its own, by which somebody who knows no better makes a container. */
  naive?(host: Host): string;
  /** That in words, for the page. */
  readonly where: string;
  readonly refused: (host: Host) => readonly Refusal[];
  /** What refuses it here. */
  readonly wall: string;
  /** Flags of this step with which it works again; SOCKET stands for the host's. */
  readonly again?: string;
  /** What the machine must have, in the words of test/needs.ts. */
  readonly needs?: 'v1';
}

/** As docker's default is: then root inside is root outside, and the walls of this step alone are in the way. */
const ROOT_OUTSIDE = ['--userns', 'host'];

const everywhere =
  (answer: string, withUsers = answer) =>
  () => [
    { flags: ROOT_OUTSIDE, answer },
    { flags: [], answer: withUsers },
  ];

const nothing = () => [];

/** Node's own program asks about itself. It isn't opened, and nothing is written. */
const MAY_IT_BE_WRITTEN = `let answer = 'ok';
try { fs.accessSync('/proc/self/exe', fs.constants.W_OK) } catch ({ code }) { answer = code }
console.log('the runtime’s own program', answer)`;

/** The launcher, which has nothing to do: the exit status is all that is seen. */
const ENDS_AT_ONCE = '127';

export const EXHIBITS: readonly Exhibit[] = [
  {
    name: 'a leaked descriptor',
    what: 'a directory of the host’s that was open when the container was started leads to all of the host',
    source: 'CVE-2024-21626 (runc)',
    attempt: ({ directory }) => ['below', 9, `${directory.slice(1)}/file`],
    naive: ({ rootfs, directory }) =>
      `exec 9</; chroot ${rootfs} /attempt 'a leaked descriptor' below 9 ${directory.slice(1)}/file`,
    where: 'chroot(8)',
    refused: everywhere('EBADF'),
    wall: 'step 1: every descriptor but three is closed',
  },
  {
    name: 'the runtime’s own program',
    what: 'until it becomes the container’s program, the process is the runtime: an image that starts /proc/self/exe can write to a program of the host’s',
    source: 'CVE-2019-5736 (runc)',
    alone: ({ rootfs }) => [
      ...['/lib', '/lib64', '/usr/lib'].flatMap((path) => ['-v', `${path}:${path}:ro`]),
      ...[rootfs, '/proc/self/exe', '-e', MAY_IT_BE_WRITTEN],
    ],
    naive: ({ rootfs, attempt }) =>
      `mount -t proc proc ${rootfs}/proc && ${attempt} '' becomes ${rootfs} /proc/self/exe 'the runtime’s own program' writable /proc/self/exe`,
    where: 'a runtime of four lines: chroot(2) and execve(2)',
    refused: everywhere(ENDS_AT_ONCE),
    wall: 'step 1: what executes the container’s program is a small one in memory, which is sealed (runc runs from a copy of itself)',
  },
  {
    name: 'a link in a bind’s target',
    what: 'an image’s link makes the engine mount something anywhere on the host',
    source: 'CVE-2021-30465, CVE-2019-19921 (runc)',
    attempt: () => ['contains', '/host/file', 'other'],
    naive: ({ rootfs, other, directory, attempt }) =>
      `mount --bind ${other} ${rootfs}/data && ${attempt} 'a link in a bind’s target' contains ${directory}/file other`,
    where: 'mount --bind in a shell',
    refused: ({ directory, other }) =>
      [[], ROOT_OUTSIDE].map((users) => ({
        flags: ['-v', `${other}:/data`, '-v', `${directory}:/host:ro`, ...users],
        answer: 'ENODATA',
      })),
    wall: 'step 7: links are followed inside the root, and the mount goes to what is open',
  },
  {
    name: 'core_pattern',
    what: 'names a program that the kernel starts, as root of the host, when any process dumps core',
    source: 'core(5); CVE-2022-0811 (CRI-O)',
    attempt: () => ['write', '/proc/sys/kernel/core_pattern'],
    works: nothing,
    where: 'step 8',
    refused: everywhere('EROFS', 'EACCES'),
    wall: '/proc/sys is read-only; step 9: root inside isn’t root there',
    again: '--privileged',
  },
  {
    name: 'release_agent',
    what: 'names a program that the kernel starts, as root of the host, when a cgroup becomes empty',
    source: 'CVE-2022-0492',
    attempt: () => ['cgroup', 'none,name=systemd', 'release_agent'],
    works: nothing,
    where: 'step 8',
    refused: everywhere('EPERM'),
    wall: 'mount(2) takes CAP_SYS_ADMIN, and the filter refuses it',
    again: '--privileged',
    needs: 'v1',
  },
  {
    name: 'notify_on_release',
    what: 'makes the kernel start the release_agent; a process that can write it can write the cgroup’s limits, too',
    source: 'cgroups(7), “release notification”',
    attempt: () => ['cgroup', 'pids', 'notify_on_release'],
    works: nothing,
    where: 'step 8',
    refused: everywhere('EPERM'),
    wall: 'mount(2), as above; what step 3 mounts is read-only',
    again: '--privileged',
    needs: 'v1',
  },
  {
    name: 'a socket that was mounted',
    what: 'a process that can talk to an engine, as by docker.sock, can start any container it likes',
    source: 'docker’s manual, “attack surface”',
    attempt: () => ['connect', '/socket'],
    works: ({ socket }) => ['-v', `${socket}:/socket`],
    where: 'step 8 with -v SOCKET',
    refused: ({ socket }) => [
      { flags: [], answer: 'ENOENT' },
      { flags: ['-v', `${socket}:/socket`], answer: 'EACCES' },
    ],
    wall: 'it isn’t there unless it is mounted; step 9: root inside isn’t its owner',
    again: '--userns host -v SOCKET:/socket',
  },
  {
    name: 'a socket without a path',
    what: 'abstract sockets belong to the network namespace: with the host’s, root inside could talk to the engine’s shim',
    source: 'CVE-2020-15257 (containerd)',
    attempt: ({ abstract }) => ['connect', `@${abstract}`],
    works: () => ['--network', 'host'],
    where: 'step 8 with --network host',
    refused: everywhere('ECONNREFUSED'),
    wall: 'step 5: a network of its own',
    again: '--network host',
  },
  {
    name: 'a module',
    what: 'runs any code in the kernel',
    source: 'capabilities(7), CAP_SYS_MODULE',
    attempt: () => ['module'],
    works: nothing,
    where: 'step 8',
    refused: everywhere('EPERM'),
    wall: 'the capability is gone, and the filter refuses the call',
    again: '--privileged',
  },
  {
    name: 'a file by its number',
    what: 'opens any file by its inode, if anything of its filesystem is mounted',
    source: 'shocker.c (2014), CAP_DAC_READ_SEARCH',
    attempt: ({ handle }) => ['by-handle', '/etc/hosts', handle],
    works: nothing,
    where: 'step 8',
    refused: everywhere('EPERM'),
    wall: 'the capability is gone, and the filter refuses the call',
    again: '--privileged',
  },
  {
    name: 'a disk of the host’s',
    what: 'every file of the host, whatever its permissions',
    source: 'capabilities(7), CAP_MKNOD',
    attempt: ({ disk }) => ['device', disk.major, disk.minor],
    works: nothing,
    where: 'step 8',
    refused: everywhere('EPERM'),
    wall: 'the devices’ cgroup: a node can be made, but not opened; step 9: none can be made',
    again: '--privileged',
  },
  {
    name: 'another’s memory',
    what: 'a process that can trace one of the host’s can make it do anything',
    source: 'ptrace(2), “ptrace access mode checking”',
    attempt: ({ pid }) => ['trace', pid],
    works: () => ['--pid', 'host'],
    where: 'step 8 with --pid host',
    refused: () => [...everywhere('ESRCH')(), { flags: ['--pid', 'host', ...ROOT_OUTSIDE], answer: 'EPERM' }],
    wall: 'step 1: it can’t be seen; with --pid host, it has more capabilities, and CAP_SYS_PTRACE is gone',
    again: '--privileged --pid host',
  },
  {
    name: 'a key',
    what: 'keys are in no namespace: those that another process of the same user has stored can be read',
    source: 'keyrings(7); CVE-2016-0728 was in the same call',
    attempt: ({ key }) => ['key', key],
    works: nothing,
    where: 'step 8',
    refused: everywhere('EPERM'),
    wall: 'the filter refuses keyctl; step 9: another user’s keyring',
    again: '--privileged',
  },
  {
    name: 'userfaultfd',
    what: 'stops the kernel in the middle of a copy for as long as the attacker likes, which many exploits need',
    source: 'userfaultfd(2), vm.unprivileged_userfaultfd',
    attempt: () => ['userfaultfd'],
    works: nothing,
    where: 'step 8',
    refused: everywhere('EPERM'),
    wall: 'the filter refuses the call',
    again: '--privileged',
  },
  {
    name: 'root of a namespace of one’s own',
    what: 'gives every capability in a new user namespace, and with that much more of the kernel to attack',
    source: 'CVE-2022-0185 (fsconfig), CVE-2022-0492',
    attempt: () => ['unshare'],
    works: nothing,
    where: 'step 8',
    refused: everywhere('EPERM'),
    wall: 'the filter refuses unshare, and clone with such flags',
    again: '--security-opt seccomp=unconfined',
  },
  {
    name: 'the kernel’s log',
    what: 'shows addresses in the kernel, and what happens on the host',
    source: 'syslog(2)',
    attempt: () => ['log'],
    works: nothing,
    where: 'step 8',
    refused: everywhere('EPERM'),
    wall: 'the filter refuses the call; CAP_SYSLOG is gone',
    again: '--privileged',
  },
];
