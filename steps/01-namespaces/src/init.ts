import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  AT_EMPTY_PATH,
  AT_FDCWD,
  type Call,
  execveat,
  MOUNT_ATTR_RDONLY,
  mountSetattr,
  OPEN_TREE_CLOEXEC,
  OPEN_TREE_CLONE,
  openTree,
} from 'shared-native';
import { extend, type Plan } from './engine/plan.ts';

// #region an init
/**
 * The same container with an init as its first process, which runs the command as its child. It passes signals on, so
 * the kernel drops none of them for want of a handler, as it does for PID 1, and it reaps the orphans.
 *
 * The init is a program of the host's. It's opened while the host's files are in sight, and executed when the container
 * sees nothing of them any more. But it sees /proc/1/exe, by which its root could write to the file. So what is opened is a
 * mount of that file alone, which is read-only and has no place in the file tree.
 *
 * @param file - an init that needs no library: it would look for it in the container
 */
export function withInit(plan: Plan, file: string): Plan {
  const init = openTree(AT_FDCWD, file, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
  const [{ argv, envp }] = commandOf(plan).map(({ args }) => args) as [Call['args']];
  return extend(withoutExecve(plan), 'step-01', {
    setup: [init, mountSetattr(init, '', AT_EMPTY_PATH, { attr_set: MOUNT_ATTR_RDONLY })],
    exec: [execveat(init, '', ['docker-init', '--', ...words(argv)], words(envp), AT_EMPTY_PATH)],
  });
}
// #endregion

function withoutExecve(plan: Plan): Plan {
  const parts = plan.parts.map((part) => {
    const exec = part.program.exec.filter((call) => !isExecve(call));
    return { ...part, program: { ...part.program, exec } };
  });
  return { ...plan, parts };
}

/** The calls that start the command: those that an init makes in its stead. */
export function commandOf(plan: Plan): Call[] {
  return plan.program.exec.filter(isExecve);
}

function isExecve({ name }: Call): boolean {
  return name === 'execve';
}

function words(argument: Call['args'][string] | undefined): readonly string[] {
  return argument?.kind === 'strings' ? argument.value : [];
}

/** Inits that need no library: docker's own, which is tini, and podman's. */
const NAMES = ['docker-init', 'tini-static', 'catatonit'];
const ELSEWHERE = ['/usr/libexec/docker', '/usr/libexec/podman', '/usr/bin', '/usr/sbin'];

/** The init of this machine. @throws {Error} that says what to install, if there is none */
export function findInit(searchPath = process.env.PATH ?? ''): string {
  const directories = [...searchPath.split(':'), ...ELSEWHERE].filter((directory) => directory.startsWith('/'));
  const found = NAMES.flatMap((name) => directories.map((directory) => join(directory, name))).find(existsSync);
  if (found !== undefined) return found;
  throw new Error(
    `--init needs an init on this machine, ${NAMES.join(' or ')}, and there is none: apt-get install tini`,
  );
}
