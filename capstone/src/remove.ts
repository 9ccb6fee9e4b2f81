import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { containerPath, makeDirectories, removeVolume } from 'step-10';
import { tell } from './containers/event.ts';
import { dropName, whileNaming } from './containers/names.ts';
import type { BoxRecord } from './containers/record.ts';
import { placeOfMaking } from './create.ts';
import { undo } from './undo.ts';

/**
 * Removes a container that doesn't run, with all that it wrote. To be called under its lock.
 *
 * @param volumes - those, too, that nobody gave a name, unless another container uses them
 */
export async function remove(record: BoxRecord, { volumes }: { readonly volumes: boolean }): Promise<void> {
  const { id, name, options } = record;
  await undo(id);
  moveAway(id, name);
  if (volumes) for (const volume of anonymousOf(record)) removeVolume(options.volumesDirectory, volume);
  tell('destroy', record);
}

/** Takes a container out of sight, and its name from it; then deletes it, which takes longer. */
export function moveAway(id: string, name?: string): void {
  const away = placeOfMaking(id);
  makeDirectories(dirname(away), 0o700);
  whileNaming(() => {
    if (name !== undefined) dropName(name, id);
    if (existsSync(containerPath(id))) renameSync(containerPath(id), away);
  });
  rmSync(away, { recursive: true, force: true });
}

function anonymousOf({ options }: BoxRecord): string[] {
  const all = [...options.mounts, ...options.asked.anonymous];
  return all.flatMap((mount) => (mount.type === 'volume' && mount.anonymous ? [mount.name] : []));
}
