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
/** A process in a running container. It makes no namespace, no cgroup and no mount. */
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
 * The way into a container: all its namespaces in one call. A process that enters a mount namespace is at that namespace's
 * root. That is the container's root, too, unless it was only changed by chroot, as in step 1: there the namespace still has
 * the host's files. So the root of the container's first process is opened beforehand, while /proc is the host's.
 *
 * @param pid - the container's first process, by its number on the host
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

/** A directory in the container. A path through /proc/self/fd/7 could lead to one of the host's (CVE-2024-21626). */
function inside(path: string): Call {
  return openat2(AT_FDCWD, path, { flags: O_PATH | O_DIRECTORY | O_CLOEXEC, resolve: RESOLVE_NO_MAGICLINKS });
}

/**
 * A terminal in the container's devpts, like step 4's, but without /dev/console, which exists already. The helper process
 * opens it, and closes the end that the host has copied: the terminal couldn't hang up while anybody had that end open.
 */
function ownTerminal({ open, master }: Terminal): Call[] {
  const console = open.findIndex(
    ({ args: { pathname } }) => pathname?.kind === 'string' && pathname.value === '/dev/console',
  );
  return [...open.slice(0, console), close(master)];
}

/** A detached process reads from nobody and writes to nobody. */
function nowhere(): Call[] {
  const nothing = openat(AT_FDCWD, '/dev/null', O_RDWR | O_CLOEXEC);
  return [nothing, ...[0, 1, 2].map((stream) => dup3(nothing, stream))];
}

// #region spared until it is the command
/**
 * The process is in the container's cgroup, but shares this runtime's memory until execve. If memory runs out, the kernel must
 * not pick it (step 3). Its score is set through the host's /proc, because the container's may be anything.
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
