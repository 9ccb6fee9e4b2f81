import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { byId } from '../commands.ts';
import { execConnected } from './exec-streams.ts';
import type { ExecWish } from './exec-wish.ts';

export type { ExecWish };

/**
 * Runs a command in a container that runs. It has the program's own standard output and error, unless you name others.
 *
 * @example
 * const status = await exec('web', ['sh', '-c', 'echo $WORD'], { env: ['WORD=hello'] });
 * await exec('db', ['pg_dump'], { stdout: createWriteStream('dump.sql') });
 * @returns its exit status: 126 or 127 if it couldn't be executed, and why not is on standard error
 * @throws {NoSuchContainer}
 * @throws {Error} if the container doesn't run, or is paused; or what a stream failed with
 */
export async function exec(called: string, command: readonly string[], wish: ExecWish = {}): Promise<number> {
  const { stdin, stdout, stderr, ...flags } = wish;
  if (stdin === undefined && !stdout && !stderr) return byId('exec').run(flags, [called, ...command]);
  if (wish.detach)
    throw new Error('detach: a command that runs on by itself has no streams: leave out one or the other');
  return execConnected(called, command, wish);
}

/** What a command has written, and how it ended. */
export interface Output {
  readonly exitCode: number;
  /** As UTF-8. For other bytes, give `exec` a stream. */
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command in a container that runs, and collects what it writes.
 *
 * @example
 * const { exitCode, stdout } = await output('web', ['wc', '-l'], { stdin: 'one\ntwo\n' }); // 0, '2\n'
 * @returns also if its exit status isn't 0
 * @throws as `exec` does
 */
export async function output(
  called: string,
  command: readonly string[],
  wish: Omit<ExecWish, 'stdout' | 'stderr' | 'detach'> = {},
): Promise<Output> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const texts = Promise.all([text(stdout), text(stderr)]);
  const exitCode = await exec(called, command, { ...wish, stdout, stderr });
  for (const stream of [stdout, stderr]) stream.end();
  const [out, err] = await texts;
  return { exitCode, stdout: out, stderr: err };
}
