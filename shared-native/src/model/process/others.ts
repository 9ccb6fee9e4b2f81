import type { State } from '../state.ts';

/** What the process is now is one of the others from here on. @returns a number on the host for the one whose calls come next */
export function leaveToOthers({ process, parent, others }: State): number {
  const { hostPid, uid, gid, pgid, sid, root, namespaces } = process;
  others.push({ hostPid, uid, gid, pgid, sid, root, namespaces: { ...namespaces }, received: [] });
  return Math.max(parent.hostPid, ...others.map((one) => one.hostPid)) + 1;
}
