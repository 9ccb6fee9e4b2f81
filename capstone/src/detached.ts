import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Ended, type Narrator, type Plan, start, state } from 'step-10';
import { openLog } from './log.ts';
import { beginShimmed, type ShimmedChild } from './shim/begin.ts';

/** A container that outlives the process that started it. */
export interface Detached {
  readonly name: string;
  /** Its first process, by its number on the host. */
  readonly pid: number;
  /** The number of the shim that stays with it. */
  readonly shim: number;
}

/** What is done at a container's end, by the process that was its shim. */
export interface CleanUp {
  /** A program, its own name first: a path. After these words comes the descriptor of the lock that it has, with which it cleans up alone. */
  readonly argv: readonly string[];
  readonly environment: readonly string[];
}

/** What is optional. */
export interface Detaching {
  readonly narrator?: Narrator;
  /** What its journal tells processes that join it. */
  readonly about?: object;
  /** The file for what it writes to its standard output and error; without one, that is lost. */
  readonly logPath?: string;
  /** The file for how it ended; `statusPath` of its name unless given. */
  readonly statusPath?: string;
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
  { narrator, about, logPath, statusPath: path = statusPath(plan.name) }: Detaching = {},
): Promise<Detached> {
  const files = openFiles(path);
  const log = logPath === undefined ? undefined : openLog(logPath);
  let child: ShimmedChild | undefined;
  try {
    const container = await start(plan, narrator, {
      ...(about && { about }),
      ...(log && { before: log.before }),
      begin(calls, namespaces, letGo) {
        child = beginShimmed(calls, namespaces, letGo, {
          name: plan.name,
          ...files,
          ...(log && { log: log.log }),
          cleanUp: [...cleanUp.argv, String(files.turn)],
          environment: cleanUp.environment,
        });
        return child;
      },
    });
    const shim = await child?.executed;
    if (shim !== undefined) {
      container.leave();
      return { name: plan.name, pid: container.pid, shim };
    }
    const ended = await container.exited;
    rmSync(path, { force: true });
    throw new NotBegun(ended);
  } finally {
    log?.close();
    closeSync(files.status);
    closeSync(files.turn);
  }
}

/** Where the shim of a container writes down how it ended. */
export function statusPath(name: string): string {
  return join(directory(), name);
}

function openFiles(path: string): { status: number; turn: number } {
  mkdirSync(directory(), { recursive: true, mode: 0o700 });
  const status = openSync(path, 'w', 0o600);
  try {
    return { status, turn: openSync(join(directory(), '.turn'), 'a', 0o600) };
  } catch (error) {
    closeSync(status);
    throw error;
  }
}

/** It begins with a dot, as no container's name does. */
function directory(): string {
  return join(state().journals, '.statuses');
}
