import type { Command } from 'commander';
import { isatty } from 'shared-native';
import { isNone } from './delegated.ts';
import { findHierarchies, type Hierarchy } from './hierarchies.ts';
import { defaultRootfsPath } from './rootfs/rootfs.ts';

/** What a container is to be like. */
export interface Options {
  /** Its name: also that of its cgroup. */
  readonly name: string;
  readonly hostname: string;
  /** The NIS domain that it is in; empty for none. */
  readonly domainname: string;
  /** The directory that it is to see as `/`. */
  readonly rootfs: string;
  /** What it runs: a program and its arguments. */
  readonly command: readonly string[];
  /** How many processes may be in it at once. */
  readonly pidsLimit: number;
  /** The cgroup hierarchies of the machine it runs on. */
  readonly hierarchies: readonly Hierarchy[];
}

/** How many processes fit into a container unless a flag says otherwise: plenty for a lesson, too few for a fork bomb. */
export const PIDS_LIMIT = 512;

/** The flags of this step, as commander gives them. */
export type Flags = { name?: string; hostname?: string; domainname?: string };

/** Adds the flags of this step to a command. */
export function options(command: Command): Command {
  return command
    .optionsGroup('Step 01, namespaces and cgroups:')
    .option('--name <name>', 'a name for the container', containerName)
    .option('-h, --hostname <name>', 'its hostname (default: its name)', hostname)
    .option('--domainname <name>', 'its NIS domain name (default: none)', domainname);
}

/** The options that the flags and arguments of a command line mean. */
export function read(flags: Flags, positionals: readonly string[]): Options {
  const name = flags.name || randomName();
  const hierarchies = findHierarchies();
  return {
    name,
    hostname: flags.hostname || name.slice(0, 63),
    domainname: flags.domainname ?? '',
    rootfs: defaultRootfsPath(),
    command: positionals.length > 0 ? positionals : shell(),
    pidsLimit: hierarchies.some(isNone) ? Infinity : PIDS_LIMIT,
    hierarchies,
  };
}

/** A shell that shows a prompt if somebody is there to read it: what it gets is a pipe, and it can't know. */
function shell(): string[] {
  return isatty(0) ? ['sh', '-i'] : ['sh'];
}

/** A name that most likely no one has; if another container does, its journal is locked, and that is an error. */
function randomName(): string {
  const number = Math.floor(Math.random() * 2 ** 32);
  return `box-${number.toString(16).padStart(8, '0')}`;
}

/** A container's name, by docker's rule, where it can name a cgroup, too; a slash before it goes. @throws {Error} if it isn't one. */
export function containerName(text: string): string {
  const name = text.replace(/^\//, '');
  if (text === '') return text;
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name) || name.length > 255) {
    throw new Error(
      `Invalid container name (${name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed\nit must be 2 to 255 of these characters, and begin with a letter or digit`,
    );
  }
  if (
    /^(tasks|notify_on_release|release_agent)$|^(blkio|cgroup|cpu|cpuacct|cpuset|devices|freezer|hugetlb|io|irq|memory|misc|net_cls|net_prio|pids|rdma)\./.test(
      name,
    )
  ) {
    throw new Error(
      `Invalid container name (${name}): its cgroup can't have the name of one of the kernel's own files there`,
    );
  }
  return name;
}

/** A hostname that the kernel takes: sethostname(2). @throws {Error} if it is longer than 64 bytes. */
export function hostname(name: string): string {
  return utsName('hostname', name);
}

/** A domain name that the kernel takes: setdomainname(2). @throws {Error} if it is longer than 64 bytes. */
export function domainname(name: string): string {
  return utsName('domainname', name);
}

function utsName(what: string, name: string): string {
  const length = Buffer.byteLength(name);
  if (length > 64) throw new Error(`invalid ${what} "${name}": it is ${length} bytes long, and the kernel takes 64`);
  return name;
}
