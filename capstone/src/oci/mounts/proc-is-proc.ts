import { unescaped } from 'step-10';
import type { Config } from '../config/schema.ts';

/** What may be mounted in /proc besides what config.json masks, as runc has it. */
const ALLOWED = ['cpuinfo', 'diskstats', 'loadavg', 'meminfo', 'net/dev', 'slabinfo', 'stat', 'swaps', 'uptime'].map(
  (name) => `/proc/${name}`,
);

/**
 * Looks at what is mounted in the end, whatever links led there while it was done: nothing lies over what programs, and this
 * runtime, believe.
 *
 * @param mountinfo - of the container's first process
 * @throws {Error} that names what is in the wrong place
 */
export function assertProc({ linux = {}, mounts = [] }: Config, mountinfo: string): void {
  const lines = mountinfo.split('\n').filter(Boolean);
  const points = lines.map((line) => unescaped(line.split(' ')[4] ?? ''));
  const proc = lines[points.lastIndexOf('/proc')];
  if (proc && !isWholeProc(proc)) throw new Error('"/proc" cannot be mounted because it is not of type proc');
  // The host's own, with all that is mounted in it.
  if (mounts.some(({ destination, options = [] }) => destination === '/proc' && options.includes('rbind'))) return;
  const covered = [...ALLOWED, ...(linux.maskedPaths ?? []), ...(linux.readonlyPaths ?? [])];
  for (const point of points) {
    if (!point.startsWith('/proc/') || covered.some((one) => point === one || point.startsWith(`${one}/`))) continue;
    throw new Error(`"${point}" cannot be mounted because it is inside /proc`);
  }
}

/** Is a line of mountinfo about all of a proc filesystem? (proc_pid_mountinfo(5)) */
function isWholeProc(line: string): boolean {
  const [where = '', what = ''] = line.split(' - ');
  return what.startsWith('proc ') && where.split(' ')[3] === '/';
}
