import type { Inode, Place } from '../state.ts';

/** What /proc/PID/fd shows of an open file: its path, or what it is where it has none. */
export function shownAs(place: Place): string {
  const { special } = place.inode;
  if (special?.kind === 'namespace') return `${special.type}:`;
  if (special?.kind === 'pipe') return 'pipe:';
  if (special?.kind === 'socket') return 'socket:';
  if (special?.kind === 'pidfd') return 'anon_inode:[pidfd]';
  if (special?.kind === 'context') return 'anon_inode:[fscontext]';
  return pathFromTop(place);
}

/** The path of a place from the top of all mounts, as somebody sees it whose root is there. */
export function pathFromTop({ mount, inode }: Place): string {
  const names: string[] = [];
  let [at, below]: [Inode, Place['mount']] = [inode, mount];
  for (;;) {
    if (at !== below.root && at.parent) {
      names.unshift(at.name);
      at = at.parent;
    } else if (at === below.root && below.at && below.parent) {
      [at, below] = [below.at, below.parent];
    } else {
      break;
    }
  }
  return `/${names.join('/')}${inode.removed ? ' (deleted)' : ''}`;
}
