import type { Flags } from 'step-10';
import { byId } from './commands.ts';
import { find } from './containers/find.ts';
import { logPath } from './containers/place.ts';
import type { BoxRecord } from './containers/record.ts';
import * as made from './create.ts';
import { type Frame, GAP } from './log/frames.ts';
import { framesOf } from './log/read.ts';
import { inspected } from './shown/inspect.ts';
import { ended } from './wait.ts';

/** What a new container is to be like. Only the image must be given. */
export interface Wish extends Partial<Omit<made.Wanted, 'flags' | 'positionals'>> {
  /** An image of the store, or the path of a directory or an archive. */
  readonly image: string;
  /** What it runs: what the image says unless given. */
  readonly command?: readonly string[];
  /** The flags of `run` as step 10 reads them: `{ network: [{ network: 'none', aliases: [] }] }`. */
  readonly flags?: Flags;
}

/** Makes a container that doesn't run yet. @throws {NameTaken}; {Error} if there is no such image */
export function create({ image, command = [], flags = {}, ...more }: Wish): BoxRecord {
  return made.create({
    labels: {},
    restart: { name: 'no', maximumRetryCount: 0 },
    autoRemove: false,
    init: false,
    logging: { driver: 'json-file', options: {} },
    ...more,
    flags,
    positionals: [image, ...command],
  });
}

/** Waits until a container has ended. @returns its exit status @throws {NoSuchContainer} */
export function wait(called: string): Promise<number> {
  return ended(find(called));
}

/**
 * What a container has written, piece by piece.
 *
 * @param follow - go on until it ends
 * @throws {NoSuchContainer}
 */
export async function* logs(called: string, { follow = false } = {}): AsyncGenerator<Frame> {
  const record = find(called);
  for await (const batch of framesOf(logPath(record.id), follow ? { until: ended(record) } : {}))
    for (const frame of batch) if (frame !== GAP) yield frame;
}

/** What a command in a running container is to be like: the flags of `exec`. */
export interface ExecWish {
  readonly user?: string;
  readonly workdir?: string;
  /** `NAME=value` each. */
  readonly env?: readonly string[];
  /** Is the caller's standard input passed on? */
  readonly interactive?: boolean;
  /** Does it run on by itself, without input and output? */
  readonly detach?: boolean;
}

/**
 * Runs a command in a container that runs, with the caller's standard streams.
 *
 * @returns its exit status: 126 or 127 if it couldn't be executed
 * @throws {NoSuchContainer}; {Error} if it doesn't run
 */
export async function exec(called: string, command: readonly string[], wish: ExecWish = {}): Promise<number> {
  return byId('exec').run(wish, [called, ...command]);
}

/** All that is known of a container, as docker's API and `inspect` have it. @throws {NoSuchContainer} */
export function inspect(called: string): Readonly<Record<string, unknown>> {
  return JSON.parse(JSON.stringify(inspected(find(called))));
}
