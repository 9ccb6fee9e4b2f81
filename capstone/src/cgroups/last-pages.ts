import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isLinuxSince } from 'step-10';

/** More than that are files that may be read again: dropping those would cost more than it saves. */
const FEW = 1024 * 1024;

/** How each version of cgroups says what is charged to one, in bytes, and is told to free it. */
const V1 = { used: 'memory.usage_in_bytes', free: 'memory.force_empty', text: '0' };
const V2 = { used: 'memory.current', free: 'memory.reclaim', text: String(FEW) };

/**
 * Frees the last pages that are charged to a cgroup without processes, if there are few. Otherwise one page of a directory that
 * the container made keeps the cgroup in memory, when its own directory has long been removed, until the kernel needs the page:
 * 17 KiB, and 16 bytes for each filesystem that is mounted on the machine.
 *
 * Older kernels try v1's way up to 16 times where a page is in use, 0.1 s apart (`mem_cgroup_force_empty` in mm/memcontrol.c), and
 * others wait for their turn to clean up meanwhile: there the cgroup stays.
 *
 * @param waits - is this such a kernel?
 * @see {@link https://docs.kernel.org/admin-guide/cgroup-v1/memory.html | memory.force_empty}
 */
export function freeLastPages(cgroup: string, waits = !isLinuxSince(5, 18)): void {
  for (const { used, free, text } of waits ? [V2] : [V1, V2]) {
    try {
      if (Number(readFileSync(join(cgroup, used), 'utf8')) <= FEW) writeFileSync(join(cgroup, free), text);
    } catch {
      // It has no such files; or some pages are in use (EAGAIN), and only stay longer.
    }
  }
}
