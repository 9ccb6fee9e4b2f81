import { confirmed, put, say } from 'step-10';
import { idsOfContainers } from '../../containers/find.ts';
import { remove, StillRunning } from '../../remove.ts';

/** Removes all containers that don't run. @returns the exit status */
export async function pruneContainers(force: boolean): Promise<number> {
  if (!force && !confirmed('This will remove all stopped containers.'))
    throw new Error('container prune has been cancelled');
  const removed: string[] = [];
  for (const id of idsOfContainers()) {
    try {
      await remove(id);
      removed.push(id);
    } catch (error) {
      if (!(error instanceof StillRunning)) say((error as Error).message);
    }
  }
  put(removed.length > 0 ? `Deleted Containers:\n${removed.map((id) => `${id}\n`).join('')}\n` : '');
  return 0;
}
