import { closeSync, constants, mkdirSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Call, perform } from 'shared-native';
import { type Ended, extend, type Narrator, type Plan, start, state } from 'step-10';
import type { LogOptions } from './log/options.ts';
import { beginShimmed } from './shim/begin.ts';
import { reserveStatus } from './shim/status.ts';
import type { ShimmedChild } from './shim/watch.ts';
import { openStreams, type Stdin, type Streams } from './streams.ts';

/** A container that outlives the process that started it. */
export interface Detached {
  readonly name: string;
  /** Its first process, by its number on the host. */
  readonly pid: number;
  /** The number of the shim that stays with it. */
  readonly shim: number;
  /** Of a container whose standard input is open `once`, the end to write to: the caller closes it. */
  readonly typed?: number;
}

/** What is done at a container's end, by the process that was its shim. */
export interface CleanUp {
  /** A program, its own name first: a path. After these words comes the descriptor of the lock that it has, with which it cleans up alone. */
  readonly argv: readonly string[];
  readonly environment: readonly string[];
}

/** Where it writes what. All but the first is optional. */
export interface Detaching {
  /** The file for how it ended. */
  readonly statusPath: string;
  readonly narrator?: Narrator;
  /** What its journal tells processes that join it. */
  readonly about?: object;
  /** What `ps` shows after the shim's name; the container's name unless given. */
  readonly title?: string;
  /** The file for what it writes to its standard output and error; without one, that is lost. */
  readonly logPath?: string;
  readonly logOptions?: LogOptions;
  /** `none` unless given. Of a container with a terminal, that is its standard input. */
  readonly stdin?: Stdin;
}

/** It ended before it had executed its program. */
export class NotBegun extends Error {
  override readonly name = 'NotBegun';

  readonly ended: Ended;

  constructor(ended: Ended) {
    super(ended.failure?.message ?? `it was ended by ${ended.signal} before it was its command`, {
      cause: ended.failure,
    });
    this.ended = ended;
  }
}

/**
 * Runs a plan until its first process has executed the user's program, and leaves the rest to a shim: it waits for the
 * end, writes down the status, and cleans up.
 *
 * @throws {NotBegun}, {Error} for what keeps it from its program; then nothing is left behind
 */
export async function startDetached(
  plan: Plan,
  cleanUp: CleanUp,
  {
    narrator,
    about,
    title = plan.name,
    logPath,
    logOptions = { maxFile: 1, bufferBytes: 4096 },
    stdin = 'none',
    statusPath,
  }: Detaching,
): Promise<Detached> {
  const files = openFiles(statusPath);
  const log = logPath === undefined ? undefined : { path: logPath, options: logOptions };
  const streams = openStreams(log, stdin, plan.takes[0]);
  const its = withPipesOwned(plan, streams);
  let child: ShimmedChild | undefined;
  try {
    const container = await start(its, narrator, {
      ...(about && { about }),
      before: streams.before,
      begin(calls, namespaces, letGo) {
        child = beginShimmed(calls, namespaces, letGo, {
          title,
          joins: its.program.join,
          ...files,
          ...streams.shim,
          cleanUp: [...cleanUp.argv, String(files.turn)],
          environment: cleanUp.environment,
        });
        return child;
      },
    });
    for (const fd of container.taken) closeSync(fd); // its shim has it
    const shim = await child?.executed;
    if (shim !== undefined) {
      container.leave();
      const { typed } = streams;
      return { name: plan.name, pid: container.pid, shim, ...(typed !== undefined && { typed }) };
    }
    const ended = await container.exited;
    rmSync(statusPath, { force: true });
    throw new NotBegun(ended);
  } finally {
    streams.close();
    closeSync(files.status);
    closeSync(files.turn);
  }
}

function openFiles(path: string): { status: number; turn: number } {
  mkdirSync(directory(), { recursive: true, mode: 0o700 });
  const status = openSync(path, 'w', 0o600);
  try {
    reserveStatus(status);
    return { status, turn: openTurn(join(directory(), '.turn')) };
  } catch (error) {
    closeSync(status);
    throw error;
  }
}

const { O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;

/** Nothing is in it but its lock, so what is no file can go. */
function openTurn(path: string): number {
  try {
    return openSync(path, O_WRONLY | O_CREAT | O_NOFOLLOW, 0o600);
  } catch (error) {
    if (!['EISDIR', 'ELOOP'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    rmSync(path, { recursive: true });
    return openTurn(path);
  }
}

/** It begins with a dot, as no container's name does. */
function directory(): string {
  return join(state().journals, '.statuses');
}

/**
 * If the plan gives the pipes to the container's user before it enters a user namespace (step 9's `ownPipes`), does so here
 * instead. The process that enters it has the shim's descriptors: its 1 and 2 are /dev/null, which would belong to the
 * container's user from then on.
 */
function withPipesOwned(plan: Plan, { ends }: Streams): Plan {
  const owning = plan.program.join.filter((call) => call.name === 'fchownat' && streamOf(call) !== undefined);
  if (owning.length === 0) return plan;
  for (const call of owning) {
    const end = ends.get(streamOf(call) ?? -1);
    if (end !== undefined) perform({ ...call, args: { ...call.args, dirfd: { kind: 'integer', value: end } } });
  }
  return extend(plan, 'boxstep', { without: { calls: (call) => owning.includes(call) } });
}

/** Which of the standard streams a call is about. */
function streamOf({ args: { dirfd } }: Call): number | undefined {
  return dirfd?.kind === 'integer' && [0, 1, 2].includes(Number(dirfd.value)) ? Number(dirfd.value) : undefined;
}
