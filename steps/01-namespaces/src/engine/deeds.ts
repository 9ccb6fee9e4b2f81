import { existsSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SyscallError } from 'shared-native';
import { asShell, type Deed, kindOf, PID } from './action.ts';
import { thaw } from './freezer.ts';
import { makeDirectories } from './make-directories.ts';
import { readBack } from './read-back.ts';

/** A deed that failed: the command that would do the same, the system's answer, what it means, what to do. */
export class DeedError extends Error {
  override readonly name = 'DeedError';
  readonly code: string;

  constructor(deed: Deed, cause: NodeJS.ErrnoException) {
    const code = cause.code ?? 'error';
    const said = cause instanceof SyscallError ? cause.meaning : (meaningOf(code, deed) ?? cause.message);
    const [command = ''] = asShell(deed).split('\n'); // without a here-document
    super(`${command}: ${code}: ${said}`, { cause });
    this.code = code;
  }
}

const AS_ROOT = 'run as root, and if it is, then a container around it or a security policy forbids it';

const MEANING: Record<string, string> = {
  EACCES: `this process may not: ${AS_ROOT}`,
  EPERM: `this needs privileges that the process lacks: ${AS_ROOT}`,
  EROFS:
    'the filesystem is mounted read-only: name another directory with --root, if Boxstep keeps its files there; or remount it ("mount -o remount,rw …"). In most containers cgroups are read-only: start that container with --privileged',
  ENOENT:
    'there is no such file: the cgroup is gone, or this kernel has no such controller file; "boxstep doctor" lists the controllers',
  EBUSY: 'the kernel keeps it busy',
  ENOTSUP:
    'processes live in the cgroup at the top, which may then pass nothing on (cgroups(7), "no internal processes"): so it is inside a container, "docker run --privileged", say. Move them down: sh scripts/delegate-cgroups.sh',
  EINVAL: 'the kernel does not take this value here',
  ERANGE: 'the number is larger or smaller than any that the kernel takes here',
  ENOSPC:
    'the kernel has no room for another; for a cgroup: its parent limits the number of descendants (cgroup.max.descendants)',
};

const MEANING_WHEN_PASSED_ON: Record<string, string> = {
  EBUSY:
    'processes live in that cgroup itself, so first move them to a child of it (cgroups(7), "no internal processes"): sh scripts/delegate-cgroups.sh',
  EINVAL: 'the controller is bound to cgroup v1 or absent',
};

function meaningOf(code: string, deed: Deed): string | undefined {
  const passesOn = deed.deed === 'write' && deed.path.endsWith('/cgroup.subtree_control');
  return (passesOn ? MEANING_WHEN_PASSED_ON[code] : undefined) ?? MEANING[code];
}

/** Carries a deed out. @throws {DeedError} */
export async function carryOut(deed: Deed, pid?: number): Promise<void> {
  try {
    await DOING[deed.deed](deed as never, pid);
  } catch (error) {
    throw new DeedError(deed, error as NodeJS.ErrnoException);
  }
}

/** Carries every deed out, also when one before it failed. The errors, if there were any. */
export async function undoAll(deeds: readonly Deed[]): Promise<Error[]> {
  const errors: Error[] = [];
  for (const deed of deeds) await carryOut(deed).catch((error) => errors.push(error));
  return errors;
}

const DOING: { [D in Deed as D['deed']]: (deed: D, pid?: number) => void | Promise<void> } = {
  mkdir: ({ path }) => makeDirectories(path),
  rmdir: ({ path }) => void (existsSync(path) && tolerate(() => rmdirSync(path), ['ENOENT', 'ENOTEMPTY', 'EBUSY'])),
  write({ text, path: named }, pid) {
    const path = named.replaceAll(PID, String(pid));
    writeFileSync(path, text.replaceAll(PID, String(pid)), { flag: 'r+', encoding: 'utf8' });
    readBack(text, path);
  },
  'remove-cgroup': ({ path }) => dissolve(path),
  async run({ argv, input }, pid) {
    const { execa } = await import('execa');
    const [file = '', ...rest] = argv.map((word) => word.replaceAll(PID, String(pid)));
    await execa(file, rest, { input: input?.replaceAll(PID, String(pid)) ?? '' });
  },
  other: ({ kind, of }, pid) => kindOf(kind).carryOut(of, pid),
};

/** Kills what lives in a cgroup and those below, then removes them. A process takes a moment to go even after SIGKILL. */
async function dissolve(path: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!removeTree(path)) {
    if (Date.now() > deadline)
      throw new Error(`its processes live on, 10 s after SIGKILL: ${processes(path).join(' ')}`);
    await sleep(2);
  }
}

function removeTree(path: string): boolean {
  if (!existsSync(path)) return true; // where all is read-only, rmdir says EROFS even of what isn't there
  if (remove(path)) return true; // mostly nobody is left in it
  const below = orGone(() => readdirSync(path, { withFileTypes: true }), []).filter((entry) => entry.isDirectory());
  for (const entry of below) removeTree(join(path, entry.name));
  for (const pid of processes(path)) tolerate(() => process.kill(pid, 'SIGKILL'), ['ESRCH']);
  thaw(path);
  return remove(path);
}

/** Removes a cgroup unless there are processes in it, or cgroups. */
function remove(path: string): boolean {
  return orGone(() => tolerate(() => rmdirSync(path), ['EBUSY']), true);
}

function processes(cgroup: string): number[] {
  const list = orGone(() => readFileSync(join(cgroup, 'cgroup.procs'), 'utf8'), '');
  return list
    .split('\n')
    .map(Number)
    .filter((pid) => pid > 0);
}

/** What `look` finds, or `otherwise` when the cgroup is gone (ENODEV: gone while its file was open). */
export function orGone<T>(look: () => T, otherwise: T): T {
  let found = otherwise;
  tolerate(() => {
    found = look();
  }, ['ENOENT', 'ENODEV']);
  return found;
}

/** Does it; false if it failed with one of these errors, which are fine. */
function tolerate(doing: () => void, codes: readonly string[]): boolean {
  try {
    doing();
    return true;
  } catch (error) {
    if (codes.includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}
