import { closeSync, fstatSync } from 'node:fs';
import { openInside, resolveInside } from 'step-06';

/** Files of /proc that another may take the place of, as lxcfs does it: those that runc allows. */
const ALLOWED = ['cpuinfo', 'diskstats', 'loadavg', 'meminfo', 'net/dev', 'slabinfo', 'stat', 'swaps', 'uptime'];

/**
 * Where a target leads in a root filesystem as it is now; in the end the kernel says where it does.
 *
 * @throws {Error} if that is in /proc: programs believe what is there
 */
export function targetIn(rootfs: string, target: string): string {
  const path = resolveInside(rootfs, target);
  const isProc = path === '/proc' || path.startsWith('/proc/');
  if (!isProc || ALLOWED.includes(path.slice('/proc/'.length))) return path;
  throw new Error(`${JSON.stringify(target)} cannot be mounted because it is inside /proc`);
}

/** The permission bits of what is there in a root filesystem; undefined if nothing is. */
export function modeOf(rootfs: string, target: string): number | undefined {
  let place: number | undefined;
  try {
    place = openInside(rootfs, target);
    return fstatSync(place).mode & 0o7777;
  } catch {
    return undefined;
  } finally {
    if (place !== undefined) closeSync(place);
  }
}
