import type { Readable, Writable } from 'node:stream';

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
  /** What it reads, to its end. */
  readonly stdin?: Readable | string | Uint8Array;
  /** Where its output goes: to the program's own unless given. It isn't ended. */
  readonly stdout?: Writable;
  /** The same for its errors. */
  readonly stderr?: Writable;
}
