import { freezeContainer } from 'step-10';
import { hierarchiesOf } from './cgroups/parent.ts';
import { tell } from './containers/event.ts';
import { whileLocked } from './containers/lock.ts';
import { type BoxRecord, writeRecord } from './containers/record.ts';
import { stateOf, waitsToRestart } from './containers/state.ts';
import { settled } from './end.ts';
import { processOf } from './kill.ts';

/** Makes all processes of a container stand still, or go on. @throws {Error} if it doesn't run, or is so already */
export function pause(id: string, frozen: boolean): Promise<void> {
  return whileLocked(id, async () => {
    const record = await settled(id);
    if (!processOf(record)) throw new Error(whyNot(record, frozen));
    // Before it stands still, and until it has gone on: only then a list asks the kernel, which knows better.
    if (frozen) writeRecord(marked(record, true));
    await freezeContainer(id, frozen, hierarchiesOf(record));
    if (!frozen) writeRecord(marked(record, false));
    tell(frozen ? 'pause' : 'unpause', record);
  });
}

function marked(record: BoxRecord, paused: boolean): BoxRecord {
  return record.run.status === 'begun' ? { ...record, run: { ...record.run, paused } } : record;
}

function whyNot(record: BoxRecord, frozen: boolean): string {
  const { id } = record;
  if (!frozen) return `Container ${id} is not paused`;
  return stateOf(record).status === 'restarting' ? waitsToRestart(id) : `container ${id} is not running`;
}
