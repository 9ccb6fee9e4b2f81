import { put, say } from 'step-06';
import { removeVolume } from '../../volumes/remove.ts';
import { volumeAnyhow, volumesDirectory } from '../../volumes/store.ts';
import { usersOf } from '../../volumes/users.ts';
import type { Keepers } from './keepers.ts';

/** Removes volumes that no container uses. */
export function remove({ force }: { force?: boolean }, names: readonly string[], keepers: Keepers): number {
  let status = 0;
  for (const name of names) {
    const why = refusal(name, keepers);
    if (why === undefined || (force && why.endsWith('no such volume'))) put(`${name}\n`);
    else {
      say(why);
      status = 1;
    }
  }
  return status;
}

/** Removes a volume. @returns why not, if it couldn't */
function refusal(name: string, keepers: Keepers): string | undefined {
  if (!volumeAnyhow(volumesDirectory(), name)) return `get ${name}: no such volume`;
  const kept = keepers(name);
  if (kept.length === 0 && removeVolume(volumesDirectory(), name)) return undefined;
  const users = new Set([...kept, ...usersOf(name)]);
  return `remove ${name}: volume is in use - [${[...users].join(', ')}]`;
}
