import { byId } from '../commands.ts';

/** What a command in a running container is to be like: the flags of `exec`. */
export interface ExecWish {
  /** A name, or `UID:GID`: the container's user unless given. */
  readonly user?: string;
  readonly workdir?: string;
  /** `NAME=value` each. */
  readonly env?: readonly string[];
  /** Is the caller's standard input passed on? */
  readonly interactive?: boolean;
  /** Does it run on by itself, without input and output? Then the exit status is 0 as soon as it runs. */
  readonly detach?: boolean;
}

/**
 * Runs a command in a container that runs. It has the program's own standard output and error.
 *
 * @example
 * const status = await exec('web', ['sh', '-c', 'echo $WORD'], { env: ['WORD=hello'] });
 * @returns its exit status: 126 or 127 if it couldn't be executed, and why not is on standard error
 * @throws {NoSuchContainer}; {Error} if the container doesn't run, or is paused
 */
export async function exec(called: string, command: readonly string[], wish: ExecWish = {}): Promise<number> {
  return byId('exec').run(wish, [called, ...command]);
}
