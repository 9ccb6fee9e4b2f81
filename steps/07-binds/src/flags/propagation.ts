import { readFileSync } from 'node:fs';
import { unescaped } from 'step-06';
import type { Mount } from '../mount.ts';

/**
 * Can what is mounted there get from the host to the container, or back? Only where the source lies on a mount that is
 * shared, or gets what another has.
 *
 * @throws {Error} in docker's words
 */
export function assertReaches(mount: Mount, mountinfo = readFileSync('/proc/self/mountinfo', 'utf8')): void {
  if (mount.type !== 'bind' || mount.propagation.endsWith('private')) return;
  const { source, propagation } = mount;
  const { point, tags } = mountOf(source, mountinfo);
  const isShared = tags.some((tag) => tag.startsWith('shared:'));
  const isSlave = tags.some((tag) => tag.startsWith('master:'));
  const on = `path ${source} is mounted on ${point} but it is not a shared`;
  const todo = `(mount --make-rshared ${point} makes it one)`;
  if (propagation.endsWith('shared') && !isShared) throw new Error(`${on} mount ${todo}`);
  if (!isShared && !isSlave) throw new Error(`${on} or slave mount ${todo}`);
}

/** The mount that a path lies on: of those at or above it the nearest, and of several at one place the last. */
function mountOf(path: string, mountinfo: string): { point: string; tags: readonly string[] } {
  const mounts = mountinfo
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [, , , , point = '', , ...rest] = line.split(' ');
      return { point: unescaped(point), tags: rest.slice(0, rest.indexOf('-')) };
    });
  const above = mounts.filter(({ point }) => point === '/' || path === point || path.startsWith(`${point}/`));
  const longest = Math.max(...above.map(({ point }) => point.length));
  return above.findLast(({ point }) => point.length === longest) ?? { point: '/', tags: [] };
}
