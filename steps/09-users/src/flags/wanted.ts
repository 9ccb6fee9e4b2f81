import type { IdMap } from '../maps.ts';
import { checkMap } from './id-map.ts';
import type { Userns } from './userns.ts';

/** The flags that say whose ids a container has, as commander gives them. */
export interface UserFlags {
  readonly userns?: Userns;
  readonly uidmap?: readonly IdMap[];
  readonly gidmap?: readonly IdMap[];
  readonly subuidname?: string;
  readonly subgidname?: string;
}

/**
 * What these flags mean together; undefined if none was given. Of maps and names, that for groups is that for users unless
 * it is given.
 *
 * @throws {Error} if they contradict each other
 */
export function wantedUserns({ userns, uidmap, gidmap, subuidname, subgidname }: UserFlags): Userns | undefined {
  const maps = uidmap ?? gidmap;
  const name = subuidname || subgidname;
  const given = [userns && '--userns', maps && (uidmap ? '--uidmap' : '--gidmap'), name && '--subuidname'].filter(
    Boolean,
  );
  if (given.length > 1)
    throw new Error(`conflicting options: ${given.join(' and ')} each say which ids the container has`);
  if (maps) {
    const [uids, gids] = [uidmap ?? maps, gidmap ?? maps];
    return { mode: 'maps', maps: { uids: checkMap('--uidmap', uids), gids: checkMap('--gidmap', gids) } };
  }
  if (name) return { mode: 'of', user: subuidname || name, group: subgidname || name };
  return userns || undefined; // commander makes an empty text of undefined
}
