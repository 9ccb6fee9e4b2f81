import { whileLocked } from '../containers/lock.ts';
import { settled } from '../end.ts';
import { remove } from '../remove.ts';

/** Does what is to be done at a container's end: writes its record, undoes what the host did for it, removes it if it was to go. */
export async function cleanUpAfter(id: string): Promise<void> {
  await whileLocked(id, async () => {
    const record = await settled(id);
    if (record.run.status === 'exited' && record.autoRemove) await remove(record, { volumes: true });
  });
}
