import { closeSync } from 'node:fs';
import { type Call, dup3, F_SETFL, fcntl, O_NONBLOCK, openPipe, perform } from 'shared-native';
import { openLog } from './log/open.ts';
import type { LogOptions } from './log/options.ts';
import { INPUT } from './shim/descriptors.ts';
import type { Log } from './shim/log-graph.ts';
import { containersEnds, type Handing, openHanding, shimsEnds } from './shim/terminal.ts';

/** Its standard input: nothing; a pipe that its shim keeps open; or one that is open as long as the starter keeps it so. */
export type Stdin = 'none' | 'kept' | 'once';

/** A container's standard streams before it exists. */
export interface Streams {
  /** What the container's first process does with them before its program. */
  readonly before: readonly Call[];
  /** What its shim has of them. */
  readonly shim: { readonly log?: Log; readonly typed?: number; readonly handing?: Handing };
  /** With `once`, the end to write to of its standard input; the caller closes it. */
  readonly typed?: number;
  /** The container's ends of the pipes, by the descriptors that they become in it. */
  readonly ends: ReadonlyMap<number, number>;
  /** Closes this process's copies of all but that. */
  close(): void;
}

/**
 * Makes a container's standard streams: pipes, of which its shim reads two, or the terminal that it opens itself.
 *
 * @param master - the call of its program that opens a terminal, if it has one
 * @throws {Error} if the log can't be opened
 */
export function openStreams(
  log: { readonly path: string; readonly options: LogOptions } | undefined,
  stdin: Stdin,
  master?: Call,
): Streams {
  if (!log) return { before: [], shim: {}, ends: new Map(), close() {} };
  const [opened, closeLog] = openLog(log.path, log.options);
  if (master) return withTerminal({ ...opened, out: INPUT }, openHanding(master), closeLog);
  const [out, outEnd] = openPipe();
  const [err, errEnd] = openPipe();
  for (const end of [out, err]) perform(fcntl(end, F_SETFL, O_NONBLOCK)); // the shim waits for both at once
  const [input, typed] = stdin === 'none' ? [] : openPipe();
  const once = stdin === 'once';
  const ends = new Map([...(input === undefined ? [] : [[0, input] as const]), [1, outEnd], [2, errEnd]]);
  return {
    before: [...ends].map(([number, end]) => dup3(end, number)),
    ends,
    shim: { log: { ...opened, out, err }, ...(typed !== undefined && !once && { typed }) },
    ...(typed !== undefined && once && { typed }),
    close() {
      closeLog();
      for (const fd of [out, outEnd, err, errEnd, input, once ? undefined : typed]) if (fd !== undefined) closeSync(fd);
    },
  };
}

function withTerminal(log: Log, handing: Handing, closeLog: () => void): Streams {
  return {
    before: [],
    ends: new Map(),
    shim: { log, handing },
    close() {
      closeLog();
      for (const fd of [...containersEnds(handing), ...shimsEnds(handing)]) closeSync(fd);
    },
  };
}
