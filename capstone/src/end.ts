import { told, usage } from 'step-10';
import { hierarchiesOf } from './cgroups/parent.ts';
import { tellOfEnd } from './containers/event.ts';
import { NoSuchContainer } from './containers/find.ts';
import { type Begun, type BoxRecord, type Run, readRecord, writeRecord } from './containers/record.ts';
import { endOf, runningProcess, withProcesses } from './containers/state.ts';
import { namesOfCopies } from './journals.ts';
import { sayLeft, TRIES, undo } from './undo.ts';

// #region what is done at its end
/**
 * Brings a container's record up to date. If the container has ended since it was written, this records how, and undoes what
 * the host did for it. Usually the program that its shim executes does this; if that was killed, the next command does. Call
 * it under the container's lock.
 *
 * @throws {NoSuchContainer}
 */
export async function settled(id: string): Promise<BoxRecord> {
  const record = readRecord(id);
  if (!record) throw new NoSuchContainer(id);
  const { run } = record;
  if (run.status !== 'begun') {
    if (namesOfCopies(id).length > 0) sayLeft(await undo(record, TRIES)); // whoever wrote its end was killed, or something was in use
    return record;
  }
  const process = runningProcess(id, run);
  if (typeof process === 'object') return run.process ? record : written(withProcesses({ ...record, run }));
  const after = written({ ...record, run: process === 'ended' ? ended(record, run) : NEVER_BEGAN });
  tellOfEnd(after, run);
  sayLeft(await undo(record, TRIES));
  return after;
}
// #endregion

/** Under its lock, so the process that started it is gone. */
const NEVER_BEGAN: Run = { status: 'created', error: 'what started it was killed', exitCode: 128 };

/** How it ended, and what the kernel counted, which goes with its cgroups. */
function ended(record: BoxRecord, run: Begun): Run {
  const { oomKills = 0 } = usage(record.id, hierarchiesOf(record), told);
  return { ...endOf(record.id, run), oomKilled: oomKills > 0 };
}

function written(record: BoxRecord): BoxRecord {
  writeRecord(record);
  return record;
}
