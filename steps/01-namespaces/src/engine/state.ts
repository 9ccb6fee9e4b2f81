import { existsSync, realpathSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';

/**
 * Where everything of ours on the host is kept, and what it is called. Two roots (`--root`, `BOXSTEP_ROOT`) share none of
 * it, so neither sees, stops or undoes the other's containers.
 */
export interface State {
  /** The journals. A reboot removes them, and everything that they would undo. Other files there begin with a dot, as no container's name does. */
  readonly journals: string;
  /** What is made on first use, and can be made again: root filesystems, unpacked archives. */
  readonly cache: string;
  /** What nobody could make again, such as volumes. */
  readonly data: string;
  /** Names what is in no directory: the cgroup above the containers', a bridge, a firewall table. At most 15 characters, as an interface's may be. */
  readonly name: string;
}

const OURS = 'boxstep';

/** Does this command run, or plan, a container for an ordinary user, who is root in a user namespace (step 9)? */
export function isUsers(env = process.env): boolean {
  return env.BOXSTEP_UID !== undefined;
}

/**
 * The state of the root that `BOXSTEP_ROOT` names; without it, that of this machine or of an ordinary user: also where that is
 * root in a user namespace (step 9), which `BOXSTEP_UID` says.
 */
export function state(env = process.env): State {
  const { BOXSTEP_ROOT: root, BOXSTEP_CACHE: cache } = env;
  const all = root ? within(root) : withoutRoot(env);
  return cache ? { ...all, cache: resolve(cache) } : all;
}

/**
 * Makes a directory the root of this process and of those that it starts.
 *
 * @throws {Error} if it can't be one
 */
export function useRoot(directory: string): void {
  if (directory === '') throw new Error('the root has an empty name: give --root a directory');
  // Seen from where pnpm was called, when pnpm calls us; and this directory may be gone, where it isn't needed.
  const path = canonical(resolve(process.env.INIT_CWD ?? '', directory));
  const there = nearest(path);
  if (!statSync(there).isDirectory()) {
    throw new Error(
      `the root can't be ${path}, for ${there} is no directory: give --root, or BOXSTEP_ROOT, another one`,
    );
  }
  process.env.BOXSTEP_ROOT = path;
}

const MACHINE: State = {
  journals: join('/run', OURS),
  cache: join('/var/cache', OURS),
  data: join('/var/lib', OURS),
  name: OURS,
};

function withoutRoot(env: NodeJS.ProcessEnv): State {
  const user = Number(env.BOXSTEP_UID ?? process.geteuid?.());
  return user === 0 ? MACHINE : ofUser(user, env);
}

/** The last one: each path below it asks for it again. */
let last: { readonly root: string; readonly state: State } | undefined;

function within(root: string): State {
  if (last?.root !== root) last = { root, state: placesIn(canonical(resolve(root))) };
  return last.state;
}

function placesIn(root: string): State {
  const name = `${OURS}-${shortHash(root)}`;
  return { journals: join(root, 'run'), cache: join(root, 'cache'), data: join(root, 'lib'), name };
}

/** By the XDG Base Directory Specification, in which a relative path counts as none. */
function ofUser(user: number, env: NodeJS.ProcessEnv): State {
  const place = (variable: string, otherwise: string) => {
    const directory = env[variable];
    return join(directory && isAbsolute(directory) ? directory : otherwise, OURS);
  };
  const runtime = [`/run/user/${user}`].find((path) => existsSync(path)) ?? join(tmpdir(), `${OURS}-${user}`);
  return {
    journals: place('XDG_RUNTIME_DIR', runtime),
    cache: place('XDG_CACHE_HOME', join(homedir(), '.cache')),
    data: place('XDG_DATA_HOME', join(homedir(), '.local/share')),
    name: OURS,
  };
}

/**
 * Seven characters that stand for a text, for names that have to be short: its FNV-1a hash of 32 bits. Node takes 12 ms to
 * load its cryptography, which a name doesn't need.
 *
 * @see {@link http://www.isthe.com/chongo/tech/comp/fnv/ | FNV Hash}, by its authors
 */
export function shortHash(text: string): string {
  const hash = Buffer.from(text).reduce((so, byte) => Math.imul(so ^ byte, 0x0100_0193), 0x811c_9dc5);
  return (hash >>> 0).toString(36).padStart(7, '0');
}

/** The one path of a directory, however it is spelled, also if it is still to be made. */
function canonical(path: string): string {
  const there = nearest(path);
  return join(realpathSync(there), relative(there, path));
}

/** A path, if there is something at it, or the first above it where there is. */
function nearest(path: string): string {
  return existsSync(path) ? path : nearest(dirname(path));
}
