import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { defaultRootfsPath, findHierarchies, parents, state } from 'step-01';
import { processesWith } from './processes.ts';
import { asStep9, lineAsStep9 } from './rootless/as-step-9.ts';
import { KEPT } from './said.ts';

/** The repository's root. */
export const REPOSITORY = resolve(import.meta.dirname, '..');

/** The command of all steps. */
export const BOXSTEP = join(REPOSITORY, 'boxstep');

/**
 * What vitest sets, a user has not; but the root is the test's (test/roots). Nobody sends SIGKILL five seconds after a
 * SIGTERM: a busy machine may need longer.
 */
export function asAUser() {
  const { PATH = '', HOME = '/', BOXSTEP_ROOT, BOXSTEP_CACHE, BOXSTEP_TEST_USER: user } = process.env;
  const env = { PATH, HOME, ...(BOXSTEP_ROOT && { BOXSTEP_ROOT }), ...(BOXSTEP_CACHE && { BOXSTEP_CACHE }) };
  return {
    reject: false,
    all: true,
    stdin: 'ignore',
    extendEnv: false,
    forceKillAfterDelay: false,
    ...KEPT,
    env,
    ...(user && { uid: Number(user), gid: Number(user) }),
  } as const;
}

/** The words of a command, which an ordinary user gives step 9: see test/rootless. */
export function typed(words: readonly string[]): readonly string[] {
  return process.env.BOXSTEP_TEST_USER ? asStep9(words) : words;
}

/** A command line for a shell, likewise. */
export function typedLine(line: string): string {
  return process.env.BOXSTEP_TEST_USER ? lineAsStep9(line) : line;
}

/** Runs `./boxstep` as a user types it. It never rejects; `all` is standard output and error as they came. */
export function boxstep(...args: string[]) {
  return execa(BOXSTEP, typed(args), asAUser());
}

/** The words by which root types a command as the ordinary user of these tests, if there is one: see test/rootless. */
export function asOrdinary(): string[] {
  const { uid, gid } = asAUser();
  return uid === undefined ? [] : ['setpriv', '--reuid', `${uid}`, '--regid', `${gid}`, '--clear-groups'];
}

/** Runs a shell command line as a user types it, in the repository's root. It never rejects. */
export function shell(line: string) {
  const { uid, gid, ...options } = asAUser();
  if (uid === undefined) return execa('bash', ['-c', line], { ...options, cwd: REPOSITORY });
  // An ordinary user. Root's are the mounts that some lines make before they type the command.
  const isRoots = line.includes('unshare ');
  const words = lineAsStep9(line, isRoots ? `${asOrdinary().join(' ')} ` : '');
  return execa('bash', ['-c', words], { ...options, ...(!isRoots && { uid, gid }), cwd: REPOSITORY });
}

/** A program that execa has started, or spawn. */
interface Running {
  readonly stdout: NodeJS.ReadableStream | null;
  readonly stderr: NodeJS.ReadableStream | null;
}

/** Waits until a program says something. @returns its first words. @throws {Error} if it ends before it has said anything */
export async function says(
  program: Running & (PromiseLike<{ readonly all?: unknown }> | ChildProcess),
  stream: 'stdout' | 'stderr' = 'stdout',
): Promise<string> {
  const end = 'then' in program ? program : once(program, 'close').then(([all]) => ({ all }));
  const [words] = await Promise.race([
    once(program[stream] as NodeJS.ReadableStream, 'data'),
    end.then(({ all }) => Promise.reject(new Error(`it ended before it said anything: ${all}`))),
  ]);
  return String(words).trim();
}

/** A script that says when it has begun, and ends at a SIGTERM. */
export const WAIT = 'trap "exit 0" TERM; echo ready; while :; do sleep 600 & wait $!; done';

/** That script as a command. */
export const WAITS = ['sh', '-c', WAIT] as const;

/** A path for a file of the test's in its root, which nobody else has. */
export function inRoot(name: string): string {
  return join(process.env.BOXSTEP_ROOT ?? '', name);
}

/** What is left of our root's containers: cgroups, journals, mounts, and processes with a word in their command line. */
export function leftovers(word: string): string[] {
  const cgroups = parents(findHierarchies()).filter((path) => existsSync(path));
  const { journals: directory } = state();
  const kept = /^\.(users|events(\.1)?)$/; // who shares a user namespace, and what has happened
  const journals = existsSync(directory) ? readdirSync(directory).filter((name) => !kept.test(name)) : [];
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => line.includes(defaultRootfsPath()));
  return [...cgroups, ...journals, ...mounts, ...processesWith(word).map(({ line }) => line)];
}
