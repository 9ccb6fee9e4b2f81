import { writeFileSync } from 'node:fs';
import { type Exit, errnoText } from 'shared-native';
import {
  type Endpoint,
  exitStatus,
  failureMessage,
  isUsers,
  type Narrator,
  type Plan,
  say,
  state,
  staysInShared,
  step,
} from 'step-10';
import { isOnce, openOnce } from './attach/once.ts';
import { cleanUpArgv, cleanUpEnvironment } from './clean-up/command.ts';
import { thisBoot } from './containers/boot.ts';
import { tellOfStart } from './containers/event.ts';
import { whileLocked } from './containers/lock.ts';
import { isPaused } from './containers/paused.ts';
import { logPath, statusPath } from './containers/place.ts';
import { type Begun, type BoxRecord, writeRecord } from './containers/record.ts';
import { processNumbered } from './containers/state.ts';
import { type Detached, NotBegun, startDetached } from './detached.ts';
import { settled } from './end.ts';
import { endBegun } from './end-begun.ts';
import { beginHealth } from './health/begin.ts';
import { keepCopy } from './journals.ts';
import { whileLeasing } from './leasing.ts';
import { withLinks } from './links/linked.ts';
import { tellUsers } from './links/users.ts';
import { beginMaking, prepareMaking } from './log/json-file/making.ts';
import { logOptions } from './log/options.ts';
import { leaving, succeed } from './network/former.ts';
import { openKeeping } from './network/kept.ts';
import { planOf, refreshed, withParts } from './plan.ts';
import { removeEnded } from './remove.ts';
import { statusBy } from './run-status.ts';
import { whyNotStarted } from './why-not-started.ts';

/** It couldn't be started: why, and the exit status that `run` has then. */
export class NotStarted extends Error {
  override readonly name = 'NotStarted';

  readonly exitCode: number;

  constructor(message: string, exitCode: number, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** What a start is told. */
export interface Starting {
  readonly narrator?: Narrator;
  /** Is given the end to write to of its standard input, which then ends when the caller closes that. */
  connect?(typed: number): void;
  /** Is called while nobody can remove the container, though it may have ended: what this opens of it stays readable. */
  begun?(record: BoxRecord): void;
  /** How often its restart policy has started it, and how long that waited, in milliseconds. */
  readonly again?: Pick<Begun, 'restartCount' | 'backOff'>;
}

/**
 * Starts a container, unless it runs.
 *
 * @returns its record, and whether it was started now
 * @throws {NotStarted}; then its record says why, unless it was to be removed at its end
 */
export function start(id: string, starting: Starting = {}): Promise<{ record: BoxRecord; isNew: boolean }> {
  return whileLocked(id, async () => {
    const record = await settled(id);
    if (record.run.status === 'begun') {
      if (isPaused(id, record.cgroupParent)) throw new Error('cannot start a paused container, try unpause instead');
      starting.begun?.(record);
      return { record, isNew: false };
    }
    try {
      const begun = await begin(record, starting);
      starting.begun?.(begun);
      return { record: begun, isNew: true };
    } catch (error) {
      if (record.autoRemove) await removeEnded(record, true);
      throw error;
    }
  });
}

// #region a container that outlives this command
/** Runs a container that doesn't run. To be called under its lock. */
export function begin(record: BoxRecord, starting: Starting = {}): Promise<BoxRecord> {
  return whileLeasing(() => beginAlone(record, starting)); // its shim has the locks on its image, volumes and addresses then
}

async function beginAlone(record: BoxRecord, { narrator, again, connect }: Starting): Promise<BoxRecord> {
  const { id } = record;
  try {
    const options = await step.prepare(withLinks(record, refreshed(record)), say);
    const { endpoints = [] } = options;
    await succeed(id, endpoints);
    const plan = leavingItsAddresses(id, planOf(record, options), endpoints);
    const keeping = endpoints.length > 0 ? openKeeping() : undefined;
    const once = isOnce(record) && !connect ? openOnce() : undefined;
    const run: Begun = {
      status: 'begun',
      startedAt: Date.now(),
      boot: thisBoot(),
      restartCount: 0,
      backOff: 0,
      ...again,
      endpoints,
      ports: options.ports,
      ...(keeping !== undefined && { keeping }),
      ...(once && { once: once.socket }),
    };
    await prepareMaking(record);
    writeFileSync(statusPath(id), '', { mode: 0o600 }); // or the last run's end would be taken for this one's
    writeRecord({ ...record, stopped: false, run });
    const detached = await startDetached(
      plan,
      { argv: cleanUpArgv(id), environment: cleanUpEnvironment() },
      {
        ...(narrator && { narrator }),
        about: { step: 'boxstep', options },
        title: record.name,
        logPath: logPath(id),
        logOptions: logOptions(record.logging),
        stdin: !options.interactive || options.tty ? 'none' : connect || once ? 'once' : 'kept',
        statusPath: statusPath(id),
      },
    );
    const begun = { ...record, stopped: false, run: { ...run, ...processesOf(detached) } };
    try {
      if (detached.typed !== undefined) (connect ?? once?.send)?.(detached.typed);
      if (isUsers()) staysInShared(detached.shim);
      tellOfBegun(begun, run);
      return begun;
    } catch (error) {
      await endBegun(begun);
      throw error;
    }
  } catch (error) {
    throw notStarted(record, error as Error);
  }
}
// #endregion

/** They may have ended already. */
function processesOf({ pid, shim }: Detached): Pick<Begun, 'process' | 'shim'> {
  const [process, its] = [processNumbered(pid), processNumbered(shim)];
  return { ...(process && { process }), ...(its && { shim: its }) };
}

/** Writes down that a container runs, for all who want to know. */
function tellOfBegun(begun: BoxRecord, run: Begun): void {
  keepCopy(begun.id, begun.id, state().journals);
  writeRecord(begun);
  tellUsers(begun);
  beginHealth(begun);
  beginMaking(begun);
  tellOfStart(begun, run);
}

/** First of all, so it is undone last. */
function leavingItsAddresses(id: string, plan: Plan, endpoints: readonly Endpoint[]): Plan {
  const [first, ...others] = plan.parts;
  if (!first || endpoints.length === 0) return plan;
  return withParts(plan, [{ ...first, actions: [leaving(id, endpoints), ...first.actions] }, ...others]);
}

/** Where it wasn't its command that failed, docker goes by what the system answered. */
function statusOf(ended: Pick<Exit, 'status' | 'signal' | 'failure' | 'made'>): number {
  const status = exitStatus(ended);
  return status === 125 && ended.failure ? statusBy(errnoText(ended.failure.code)) : status;
}

/** What `inspect` shows as the exit status where something else than the command was in the way; `run` ends with 125 then. */
const NOT_BY_ITS_COMMAND = 128;

function notStarted(record: BoxRecord, error: Error): NotStarted {
  const ended = error instanceof NotBegun ? error.ended : undefined;
  const exitCode = ended ? statusOf(ended) : statusBy(error.message);
  const message = ended?.failure ? failureMessage(ended.failure, ended, record.options) : whyNotStarted(error);
  const failed = { exitCode: exitCode === 125 ? NOT_BY_ITS_COMMAND : exitCode, error: message };
  const { run } = record;
  const now: BoxRecord['run'] = run.status === 'exited' ? { ...run, ...failed } : { status: 'created', ...failed };
  writeRecord({ ...record, run: now });
  return new NotStarted(message, exitCode, { cause: error });
}
