import { closeSync, openSync } from 'node:fs';
import { isatty } from 'shared-native';
import { followSize, makeRaw, writeAll } from 'step-10';
import { logPath } from '../containers/place.ts';
import type { BoxRecord } from '../containers/record.ts';
import { GAP, STDERR, STDOUT, type Stream } from '../log/frames.ts';
import { framesOf, type Position } from '../log/read.ts';
import { sayLost } from '../log/say-lost.ts';
import { bytesOfKeys, DETACH_KEYS } from './detach-keys.ts';
import { copyInput, type Input, inputOf } from './input.ts';
import { copyOnce, endOnce } from './once.ts';
import { untilSignalled } from './until-signalled.ts';

/** How a caller is connected with a container. */
export interface Attaching {
  /** Settles when it has ended. */
  readonly end: Promise<unknown>;
  /** Is what comes by the caller's standard input passed on? Yes unless given. */
  readonly stdin?: boolean;
  /** Which of its streams are shown: both unless given. */
  readonly shown?: readonly Stream[];
  /** Where in the log what is shown begins. */
  readonly from?: Position;
  /** The keys that end it, as docker spells them: with a terminal only. */
  readonly detachKeys?: string;
  /** The end to write to of its standard input, where its shim doesn't keep it; it is closed in the end. */
  readonly typed?: number;
}

// #region attached
/**
 * Connects the caller's streams with a running container's: what is typed goes to the other end of its terminal or pipe, of
 * which its shim lends a copy; and what it writes is read from its log, so that nothing is lost and nobody waits.
 *
 * @returns once it has ended and all that it wrote is shown, or the person has typed the keys that detach
 */
export async function attach(record: BoxRecord, attaching: Attaching): Promise<'ended' | 'detached'> {
  const { end, stdin = true, from, shown: wanted = [STDOUT, STDERR], detachKeys = DETACH_KEYS } = attaching;
  const keys = bytesOfKeys(detachKeys);
  const input = inputFor(record, attaching);
  const over = new AbortController();
  const detached = new AbortController();
  const restore = input?.isTerminal ? connectTerminal(input.fd, stdin) : () => {};
  const until = Promise.race([end, aborted(detached.signal)]);
  const shown = show(record.id, until, { from, wanted }, detached.signal);
  const typed = input && stdin ? copyInput(input.fd, input.isTerminal ? keys : [], over.signal) : undefined;
  typed
    ?.then((how) => {
      if (how === 'detached') detached.abort();
      else input?.end();
    })
    .catch(() => {});
  try {
    await shown;
    return detached.signal.aborted ? 'detached' : 'ended';
  } finally {
    over.abort();
    await typed?.catch(() => {});
    restore();
    input?.close();
  }
}
// #endregion

/** What the caller has of the other end of a container's standard input. */
interface Own extends Input {
  /** The caller's own is at its end. */
  end(): void;
  /** Can be called again. */
  close(): void;
}

function inputFor({ run, options }: BoxRecord, { typed, stdin = true }: Attaching): Own | undefined {
  if (typed !== undefined) return own({ fd: typed, isTerminal: false }, 'closes');
  if (run.status !== 'begun' || !run.shim || !(options.tty || (stdin && options.interactive))) return undefined;
  if (run.once !== undefined) {
    const fd = copyOnce(run);
    return fd === undefined ? undefined : own(openedAnew({ fd, isTerminal: false }), 'closes', () => endOnce(run));
  }
  const input = inputOf(run.shim);
  return input && own(input.isTerminal ? input : openedAnew(input), 'stays');
}

/** Opened anew, a pipe doesn't wait for room: this process could not end until there is some. */
function openedAnew(input: Input): Input {
  const fd = openSync(`/proc/self/fd/${input.fd}`, 'w');
  closeSync(input.fd);
  return { ...input, fd };
}

function own(input: Input, atEnd: 'closes' | 'stays', ended = () => {}): Own {
  let isOpen = true;
  const close = () => {
    if (isOpen) closeSync(input.fd);
    isOpen = false;
  };
  const end = () => {
    ended();
    if (atEnd === 'closes') close();
  };
  return { ...input, end, close };
}

/** The container's terminal has the size of the caller's, which passes on every byte as it comes. @returns what ends both */
function connectTerminal(master: number, typed: boolean): () => void {
  const unfollow = followSize(master);
  const restore = typed && isatty(0) ? makeRaw(0) : () => {};
  const stopLooking = untilSignalled(restore);
  return () => {
    stopLooking();
    unfollow();
    restore();
  };
}

interface Showing {
  readonly from: Position | undefined;
  readonly wanted: readonly Stream[];
}

async function show(id: string, until: Promise<unknown>, { from, wanted }: Showing, stop: AbortSignal): Promise<void> {
  for await (const batch of framesOf(logPath(id), { until, ...(from && { from }) })) {
    for (const frame of batch) {
      if (stop.aborted) return;
      if (frame === GAP) sayLost();
      else if (wanted.includes(frame.stream)) await writeAll(frame.stream, frame.bytes, stop);
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve());
  });
}
