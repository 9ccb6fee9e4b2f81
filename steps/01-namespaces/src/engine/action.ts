import type { Call } from 'shared-native';

/**
 * One thing that the host does, as a value: it can be printed as a shell command, carried out, and written to a
 * journal, so that another process can undo it when this one is gone.
 */
export type Deed =
  | { readonly deed: 'mkdir'; readonly path: string }
  | { readonly deed: 'rmdir'; readonly path: string }
  | { readonly deed: 'write'; readonly text: string; readonly path: string }
  | { readonly deed: 'remove-cgroup'; readonly path: string }
  | { readonly deed: 'run'; readonly argv: readonly string[]; readonly input?: string }
  | { readonly deed: 'other'; readonly kind: string; readonly of: unknown };

/** One thing that the host does for a container, with its undo. */
export interface Action {
  /** What it is for, in plain words. */
  readonly what: string;
  /** `before`: before the process exists. `adopt`: while it waits at the gate; only then is there a `PID`. */
  readonly when: 'before' | 'adopt';
  readonly do: readonly Deed[];
  /** Undone in this order, and all of it even if nothing or only half was done. */
  readonly undo: readonly Deed[];
}

/** Stands in a deed for the number, on the host, of the container's first process. */
export const PID = '$pid';

/** Makes a directory, and those above it; fine if it exists. */
export const mkdirp = (path: string): Deed => ({ deed: 'mkdir', path });

/** Removes a directory if it is empty; fine if it is gone or not empty. */
export const rmdirIfEmpty = (path: string): Deed => ({ deed: 'rmdir', path });

/** Writes a text to a file that exists, in one write(2): a controller's file takes no other. */
export const write = (text: string | number, path: string): Deed => ({ deed: 'write', text: String(text), path });

/** Removes a cgroup with all in it: kills its processes and waits until they are gone; fine if it is gone already. */
export const removeCgroup = (path: string): Deed => ({ deed: 'remove-cgroup', path });

/** Runs a program of the host's, with `input` on its standard input. */
export const run = (argv: readonly string[], input?: string): Deed => ({
  deed: 'run',
  argv,
  ...(input !== undefined && { input }),
});

/** What a later step has to say of a kind of deed that it adds. */
export interface Kind<T> {
  /** The shell command that would do the same by hand. */
  asShell(of: T): string;
  /** @param pid - the number of the container's first process, for what is done while that waits */
  carryOut(of: T, pid?: number): void | Promise<void>;
  /** The calls that it comes to, for the model of the kernel. */
  calls?(of: T, pid: number): readonly Call[];
}

const kinds = new Map<string, Kind<unknown>>();

/**
 * Adds a kind of deed to those of this step.
 *
 * @param kind - its name: what a journal knows it by, so it is never given to anything else
 * @returns what makes such a deed of a value that JSON can hold
 */
export function newDeed<T>(kind: string, how: Kind<T>): (of: T) => Deed {
  kinds.set(kind, how as Kind<unknown>);
  return (of) => ({ deed: 'other', kind, of });
}

/** What is known of a kind of deed. @throws {Error} if a later step than this one has written it down */
export function kindOf(kind: string): Kind<unknown> {
  const how = kinds.get(kind);
  if (how) return how;
  throw new Error(`"${kind}" is a deed of a later step: prune with that step's command`);
}

/** Is this a deed, and not something else that was in a journal? */
export function isDeed(value: unknown): value is Deed {
  if (typeof value !== 'object' || value === null) return false;
  const { deed, path, argv, kind } = value as Record<string, unknown>;
  if (deed === 'other') return typeof kind === 'string';
  return deed === 'run' ? Array.isArray(argv) : typeof path === 'string' && DEEDS.includes(deed as string);
}

const DEEDS = ['mkdir', 'rmdir', 'write', 'remove-cgroup'] satisfies Deed['deed'][] as string[];

/** The shell command that would do the same by hand. */
export function asShell(deed: Deed): string {
  switch (deed.deed) {
    case 'mkdir':
      return `mkdir -p ${quote(deed.path)}`;
    case 'rmdir':
      return `rmdir --ignore-fail-on-non-empty ${quote(deed.path)}`;
    case 'write':
      return `echo ${withPid(deed.text)} > ${withPid(deed.path)}`;
    case 'remove-cgroup':
      return `kill -KILL $(cat ${quote(deed.path)}/cgroup.procs); rmdir ${quote(deed.path)}`;
    case 'run':
      return deed.argv.map(withPid).join(' ') + (deed.input === undefined ? '' : ` <<'EOF'\n${deed.input}EOF`);
    case 'other':
      return kinds.get(deed.kind)?.asShell(deed.of) ?? `${deed.kind} ${JSON.stringify(deed.of)}`;
  }
}

/** An argument list as a person would type it. */
export function shellLine(argv: readonly string[]): string {
  return argv.map(quote).join(' ');
}

/** A word with the number of the process in it, which the shell is to fill in. */
function withPid(word: string): string {
  return word === ''
    ? quote(word)
    : word
        .split(PID)
        .map((part) => part && quote(part))
        .join(PID);
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
