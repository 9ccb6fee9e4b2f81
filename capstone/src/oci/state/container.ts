import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Deed, processStat } from 'step-10';
import type { Config } from '../config/schema.ts';
import { parseJson } from '../config/shape.ts';
import { OCI_VERSION } from '../version.ts';
import { isFrozen } from './freezer.ts';

/** What is kept of a container: state.json in its directory. */
export interface Kept {
  readonly id: string;
  readonly bundle: string;
  readonly rootfs: string;
  /** When it was created, as RFC 3339 has it. */
  readonly created: string;
  /** Its first process, by its number on the host, and when that started (proc_pid_stat(5)); 0 before there is one. */
  readonly pid: number;
  readonly started: string;
  readonly config: Config;
  /** Its cgroups, as directories. */
  readonly cgroups: readonly string[];
  /** What is left to be undone when it is deleted. */
  readonly undo: readonly Deed[];
}

export type Status = 'creating' | 'created' | 'running' | 'paused' | 'stopped';

/** A container that a root knows. */
export interface Container extends Kept {
  readonly directory: string;
}

/** Where the state of a container is. @throws {Error} for a text that is no container's name */
export function directoryOf(root: string, id: string): string {
  if (!/^[\w+.-]+$/.test(id) || id === '.' || id === '..')
    throw new Error(`invalid container ID format: ${JSON.stringify(id)}`);
  return join(root, id);
}

/** Takes an id, which nobody else can take then. @throws {Error} in runc's words if somebody has it */
export function takeId(root: string, id: string): string {
  const directory = directoryOf(root, id);
  mkdirSync(root, { recursive: true, mode: 0o711 });
  try {
    mkdirSync(directory, { mode: 0o711 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new Error('container with given ID already exists');
    throw error;
  }
  return directory;
}

/** Writes down what is known: aside, and then in its place. */
export function keep(directory: string, kept: Kept): void {
  const exact = (_: string, value: unknown) => (typeof value === 'bigint' ? Number(value) : value);
  writeFileSync(join(directory, '.state.json'), JSON.stringify(kept, exact), { mode: 0o600 });
  renameSync(join(directory, '.state.json'), join(directory, 'state.json'));
}

/** A container by its id. @throws {Error} in runc's words if there is none */
export function container(root: string, id: string): Container {
  const directory = directoryOf(root, id);
  if (!existsSync(join(directory, 'state.json'))) throw new Error('container does not exist');
  return { directory, ...(parseJson(readFileSync(join(directory, 'state.json'), 'utf8')) as Kept) };
}

/** All of a root, in the order of their ids. */
export function containers(root: string): Container[] {
  if (!existsSync(root)) return [];
  const ids = readdirSync(root).filter((id) => existsSync(join(root, id, 'state.json')));
  return ids.sort().map((id) => container(root, id));
}

/** How it is with a container now. */
export function statusOf({ pid, started, directory, cgroups }: Container): Status {
  if (pid === 0) return 'creating';
  const stat = processStat(pid);
  if (stat?.started !== started || stat.ending) return 'stopped';
  if (isFrozen(cgroups)) return 'paused';
  return existsSync(join(directory, 'exec.fifo')) ? 'created' : 'running';
}

/** What `state` says, and what hooks get on their standard input: runtime-spec, runtime.md, "State". */
export function stateOf(one: Container, status = statusOf(one)) {
  const { annotations } = one.config;
  return {
    ociVersion: OCI_VERSION,
    id: one.id,
    pid: status === 'stopped' ? 0 : one.pid,
    status,
    bundle: one.bundle,
    rootfs: one.rootfs,
    created: one.created,
    ...(annotations && { annotations }),
    owner: '',
  };
}

/** Forgets a container. */
export function forget({ directory }: Pick<Container, 'directory'>): void {
  rmSync(directory, { recursive: true, force: true });
}
