import {
  AT_FDCWD,
  type Call,
  chroot,
  close,
  dup3,
  execvp,
  fchdir,
  O_CLOEXEC,
  O_DIRECTORY,
  O_PATH,
  O_RDWR,
  O_WRONLY,
  openat,
  openat2,
  pidfdOpen,
  RESOLVE_NO_MAGICLINKS,
  setns,
  tolerate,
  write,
} from 'shared-native';
import {
  become,
  cleared,
  cloneFlags,
  emptyPlan,
  environment,
  extend,
  identity,
  type Namespace,
  own,
  type Plan,
  plainStdio,
  searchPath,
  session,
  setsDeathSignal,
  type Terminal,
  terminal,
  ulimitCalls,
  userFiles,
} from 'step-05';
import { joinCgroups } from './cgroups.ts';
import type { ExecOptions } from './options.ts';

// #region a process inside
/** A process in a container that runs. It has nothing of its own: no namespace, no cgroup, no mount. */
export function execPlan(options: ExecOptions): Plan {
  const { container, namespaces, detach } = options;
  const { name, pid, started } = container;
  const user = identity(options.user, options.groupAdd, userFiles(`/proc/${pid}/root`));
  const env = environment({ ...options, tty: options.tty !== undefined, user });
  const tty = options.tty && terminal(options.tty, user.uid);
  const score = oomScore(options.oomScoreAdj);
  const directory = inside(options.workdir);
  const privileges = [
    ...score.asAsked,
    ...ulimitCalls(options.ulimits),
    ...own(options.pipes, user.uid),
    ...become(user),
  ];
  return extend(emptyPlan(name), 'step-06', {
    joins: [{ name, pid, started, namespaces }],
    outlives: detach,
    actions: [joinCgroups(options.cgroups)],
    takes: tty ? [tty.master] : [],
    join: [...score.hold, ...wayIn(pid, namespaces, options.chrooted), ...(tty ? ownTerminal(tty) : [])],
    inside: [...score.spared, directory],
    leave: [fchdir(directory), ...session(tty?.stdio ?? (detach ? nowhere() : plainStdio(options.interactive)))],
    privileges: detach ? privileges.filter((call) => !setsDeathSignal(call)) : privileges,
    exec: [...cleared(), ...execvp(options.command, env, searchPath(env))],
  });
}
// #endregion

// #region the way in
/**
 * The way into a container: its namespaces, all at once. To enter a mount namespace is to be at its root, which is the
 * container's, unless that is chroot'ed: in step 1's mount namespace the host's files are there as well. So its first
 * process's root is taken hold of before, on the host, while /proc is the host's.
 *
 * @param pid - the container's first process, by its number here
 */
export function wayIn(pid: number, namespaces: readonly Namespace[], chrooted: boolean): Call[] {
  // #region task 3: the way in
  const process = pidfdOpen(pid);
  const root = openat(AT_FDCWD, `/proc/${pid}/root`, O_PATH | O_DIRECTORY | O_CLOEXEC);
  const enter = [process, setns(process, cloneFlags(namespaces))];
  return chrooted ? [root, ...enter, fchdir(root), chroot('.')] : enter;
  // #endregion
}
// #endregion

/** A directory of the container's. A path by way of /proc/self/fd/7 would lead to the host's (CVE-2024-21626). */
function inside(path: string): Call {
  return openat2(AT_FDCWD, path, { flags: O_PATH | O_DIRECTORY | O_CLOEXEC, resolve: RESOLVE_NO_MAGICLINKS });
}

/**
 * A terminal of the container's devpts, as step 4's, without the /dev/console that there is already. The process that goes
 * before opens it, and closes the end that the host has taken: while anybody kept that, the terminal couldn't hang up.
 */
function ownTerminal({ open, master }: Terminal): Call[] {
  const console = open.findIndex(
    ({ args: { pathname } }) => pathname?.kind === 'string' && pathname.value === '/dev/console',
  );
  return [...open.slice(0, console), close(master)];
}

/** A detached process has nobody to read from, or to write to. */
function nowhere(): Call[] {
  const nothing = openat(AT_FDCWD, '/dev/null', O_RDWR | O_CLOEXEC);
  return [nothing, ...[0, 1, 2].map((stream) => dup3(nothing, stream))];
}

// #region spared until it is the command
/**
 * In the container's cgroup it shares this runtime's memory until execve, so if memory runs out there, the kernel must not
 * pick it (step 3). Its score is set by way of the host's /proc: the container's may be anything.
 */
function oomScore(asAsked: number): { hold: Call[]; spared: Call[]; asAsked: Call[] } {
  const proc = openat(AT_FDCWD, '/proc', O_PATH | O_DIRECTORY | O_CLOEXEC);
  const score = openat(proc, 'self/oom_score_adj', O_WRONLY | O_CLOEXEC);
  return {
    hold: [proc],
    spared: [score, tolerate(write(score, '-1000'), 'EACCES')],
    asAsked: [tolerate(write(score, String(asAsked)), 'EACCES')],
  };
}
// #endregion
