import { constants } from 'node:os';
import { isatty, signalNumber } from 'shared-native';
import { explainer, forwardSignals, Misuse, NoTerminal, say } from 'step-10';
import { attach } from '../../attach/attach.ts';
import { bytesOfKeys } from '../../attach/detach-keys.ts';
import { cleanUpAfter } from '../../clean-up/clean-up.ts';
import { tell } from '../../containers/event.ts';
import { NoSuchContainer } from '../../containers/find.ts';
import { logPath } from '../../containers/place.ts';
import type { BoxRecord, Process } from '../../containers/record.ts';
import { gone, signal } from '../../gone.ts';
import { processOf } from '../../kill.ts';
import { STDERR, STDOUT, type Stream } from '../../log/frames.ts';
import { endOfLog } from '../../log/read.ts';
import { NotStarted, start } from '../../start.ts';
import { ended } from '../../wait.ts';
import type { AttachedStream } from '../attached-stream.ts';
import { orMisuse } from '../or-misuse.ts';

interface Flags {
  readonly explain?: boolean;
  readonly sigProxy: boolean;
  readonly detachKeys?: string;
  /** Is standard input passed on? Unless given, if the container wants it. */
  readonly interactive?: boolean;
  /** The exit status where it can't be started: unless given, what says why. */
  readonly notStarted?: number;
  /** What the caller is connected with: its output, and with -i its input, unless given. */
  readonly attach?: readonly AttachedStream[];
}

/** Starts a container that goes on by itself. @returns the exit status */
export async function runDetached(record: BoxRecord, { explain }: Flags): Promise<number> {
  try {
    await start(record.id, explain ? { narrator: explainer(() => {}) } : {});
    return 0;
  } catch (error) {
    if (!(error instanceof NotStarted)) throw error;
    say(error.message);
    return error.exitCode;
  }
}

/** Runs a container, connected with the caller, to its end or until it is detached. @returns its exit status, or 0 */
export async function runAttached(record: BoxRecord, flags: Flags): Promise<number> {
  const { id, options, stopSignal = constants.signals.SIGTERM } = record;
  const { interactive = options.interactive, detachKeys, attach: streams } = flags;
  const stdin = interactive && (streams?.includes('stdin') ?? true);
  if (options.tty && stdin) refuseNoTerminal();
  if (detachKeys !== undefined) refuseKeys(detachKeys);
  const signals = flags.sigProxy ? forwardSignals({ stopTimeout: Infinity, stopSignal, sigProxy: true }) : undefined;
  let typed: number | undefined;
  const connect = (end: number) => {
    typed = end;
  };
  try {
    tell('attach', record);
    const from = endOfLog(logPath(id)); // what it wrote in earlier runs is not shown
    let end: Promise<number> | undefined;
    let attached: ReturnType<typeof attach> | undefined;
    const { record: begun } = await start(id, {
      ...(stdin && { connect }),
      begun(record) {
        const first = processOf(record);
        if (first) signals?.to(receiver(first));
        end = ended(record);
        const where = {
          ...(from && { from }),
          ...(detachKeys && { detachKeys }),
          ...(typed !== undefined && { typed }),
          ...(streams && { shown: shownOf(streams) }),
        };
        attached = attach(record, { end, stdin, ...where }); // opens its log now: with --rm it may soon be gone
        attached.catch(() => {}); // it is awaited below
      },
    });
    if ((await attached) === 'detached') return 0;
    const status = (await end) as number;
    if (record.autoRemove) await removed(begun);
    return status;
  } catch (error) {
    if (!(error instanceof NotStarted)) throw error;
    say(error.message);
    return flags.notStarted ?? error.exitCode;
  } finally {
    signals?.end();
  }
}

/** @throws {Misuse} if the caller's standard input is no terminal, which the container's is to be connected with */
export function refuseNoTerminal(): void {
  if (!isatty(0)) throw new Misuse(new NoTerminal().message, 1);
}

/** @throws {Misuse} in docker's words, if they aren't keys */
export function refuseKeys(keys: string): void {
  orMisuse(() => bytesOfKeys(keys), 1);
}

function shownOf(streams: readonly AttachedStream[]): Stream[] {
  return ([STDOUT, STDERR] as const).filter((stream) => streams.includes(stream === STDOUT ? 'stdout' : 'stderr'));
}

/** A container's first process, as what signals are passed on to. */
export function receiver(first: Process): { pid: number; kill(name: NodeJS.Signals | number): boolean } {
  return { pid: first.pid, kill: (name) => signal(first, numberOf(name)) };
}

/** Waits until its shim, which has become what cleans up, has removed it: then its name is free. */
async function removed({ id, run }: BoxRecord): Promise<void> {
  if (run.status !== 'begun') return;
  if (run.shim) await gone(run.shim);
  await cleanUpAfter(id).catch((error) => {
    if (!(error instanceof NoSuchContainer)) throw error;
  });
}

function numberOf(name: NodeJS.Signals | number): number {
  return typeof name === 'number' ? name : signalNumber(name);
}
