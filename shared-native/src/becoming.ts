import { closeSync, readSync, writeSync } from 'node:fs';
import { type Call, tolerate } from './call.ts';
import { dup3, execve, execveat, fcntl, memfdCreate, write } from './calls.ts';
import { AT_EMPTY_PATH, CLONE_VFORK, F_SETFD, FD_CLOEXEC, MFD_CLOEXEC, O_CLOEXEC } from './kernel/constants.ts';
import { LAUNCHED, launcher } from './machine/launcher.ts';
import { whenReadable } from './machine/libc.ts';
import { put } from './machine/memory.ts';
import { opensOomScore } from './oom-score.ts';
import { perform } from './perform.ts';
import { layOut } from './program.ts';
import { type Made, made } from './progress.ts';
import { closeOnce, openPipe } from './waiting/gate.ts';

/** The end of a program, at which a process becomes another program, and what it does instead. */
export interface Becoming {
  /** How many of the program's calls come before it. */
  readonly at: number;
  /** Those that it takes. */
  readonly calls: readonly Call[];
  /** Comes before the program: keeps the last calls at hand. */
  readonly first: readonly Call[];
  /** Comes in place of the last calls: executes the launcher, which makes them. */
  readonly instead: readonly Call[];
  /** Those of the last calls that were made. */
  made(): readonly Made[];
  /**
   * Settles when the process has memory of its own, or has ended; of one that nobody waits for, not before it has executed
   * its program. Absent where neither makes a difference.
   */
  readonly over?: Promise<void>;
  /** To be called once the process exists. */
  passedOn(): void;
  /** To be called when it has ended, or there will be none. */
  release(): void;
}

/**
 * Has the last calls of a program made by a launcher: execve, of a program that somebody else has written, and a filter right
 * before it, so that the filter is asked about nothing else. Their results come to a file that is for this process alone: to
 * write to it is no use to anybody.
 *
 * @returns undefined for a program that doesn't end in execve
 */
export function becoming(program: readonly Call[]): Becoming | undefined {
  const at = endOf(program);
  if (at === program.length) return undefined;
  const calls = program.slice(at);
  const isDetached = program.some(isDetaching);
  const news = isDetached || program.some(opensOomScore) ? tellsOfExecve(isDetached) : undefined;
  const last = layOut([...(news?.heard ?? []), ...calls]);
  const { file, calls: descriptor, passedOn } = launcher(last.image.length);
  const bytes = new Uint8Array(last.image.length);
  const halves = put(last, bytes, LAUNCHED);
  const results = perform(memfdCreate('boxstep-calls', MFD_CLOEXEC));
  writeSync(results, bytes);
  let isOpen = true;
  return {
    at,
    calls,
    ...(news && { over: news.over }),
    first: [dup3(results, descriptor, O_CLOEXEC)],
    instead: [
      fcntl(descriptor, F_SETFD, 0),
      ...(news?.kept ?? []),
      ...(program.some(({ name }) => name === 'seccomp') ? [byPath(file)] : []),
      execveat(file, '', [NAME], [], AT_EMPTY_PATH),
    ],
    made() {
      if (isOpen) readSync(results, bytes, 0, bytes.length, 0);
      return made(last, halves).filter(({ call }) => !news?.heard.includes(call));
    },
    passedOn() {
      passedOn();
      news?.passedOn();
    },
    release() {
      if (isOpen) closeSync(results);
      isOpen = false;
    },
  };
}

const NAME = 'boxstep-launcher';

/** What tells of the launcher's execve; or of the program's, where the launcher's already ends a wait by CLONE_VFORK. */
interface News {
  /** Keeps a pipe's end open in the launcher. */
  readonly kept: readonly Call[];
  /** The launcher's first calls: the end is closed by the execve that follows, or when the process ends. */
  readonly heard: readonly Call[];
  readonly over: Promise<void>;
  /** Closes this process's copy. */
  passedOn(): void;
}

// A process in between has a copy of that end, and keeps it while it waits: so where one may, a byte tells.
function tellsOfExecve(isDetached: boolean): News {
  const [listening, told] = openPipe();
  return {
    kept: [fcntl(told, F_SETFD, 0)],
    heard: [...(isDetached ? [] : [write(told, 'x')]), fcntl(told, F_SETFD, FD_CLOEXEC)],
    over: new Promise((resolve) => {
      whenReadable(listening, () => {
        closeSync(listening);
        resolve();
      });
    }),
    passedOn: closeOnce(told),
  };
}

/** Does it go on in a process that nobody waits for once it has executed its program? */
function isDetaching({ name, args }: Call): boolean {
  return name === 'clone' && args.flags?.kind === 'integer' && (Number(args.flags.value) & CLONE_VFORK) !== 0;
}

/** Where a filter may allow execve alone. */
function byPath(file: number): Call {
  return tolerate(execve(`/proc/self/fd/${file}`, [NAME], []), 'any');
}

/** Where the calls begin that are the launcher's. */
function endOf(program: readonly Call[]): number {
  let at = program.length;
  while (program[at - 1]?.name === 'execve') at--;
  if (at < program.length) while (program[at - 1]?.name === 'seccomp') at--;
  return at;
}
