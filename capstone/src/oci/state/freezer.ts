import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The file of a freezer among some cgroups: v1 has it in a hierarchy of its own, v2 in every cgroup. */
function freezerIn(
  cgroups: readonly string[],
): { file: string; words: readonly [string, string]; state(): boolean } | undefined {
  for (const cgroup of cgroups) {
    const [v1, v2] = [join(cgroup, 'freezer.state'), join(cgroup, 'cgroup.freeze')];
    if (existsSync(v1)) return { file: v1, words: ['FROZEN', 'THAWED'], state: () => told(v1) === 'FROZEN' };
    if (existsSync(v2) && cgroups.length === 1)
      return { file: v2, words: ['1', '0'], state: () => /^frozen 1$/m.test(told(join(cgroup, 'cgroup.events'))) };
  }
  return undefined;
}

function told(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return ''; // the cgroup is gone
  }
}

export function isFrozen(cgroups: readonly string[]): boolean {
  return freezerIn(cgroups)?.state() ?? false;
}

/** Stops all processes of a container, or lets them go on, and waits until it is so. @throws {Error} if there is no freezer */
export async function freeze(cgroups: readonly string[], frozen: boolean): Promise<void> {
  const freezer = freezerIn(cgroups);
  if (!freezer) throw new Error('its cgroups have no freezer');
  const deadline = Date.now() + 10_000;
  while (freezer.state() !== frozen) {
    writeFileSync(freezer.file, freezer.words[frozen ? 0 : 1], { flag: 'r+' });
    if (freezer.state() === frozen) break;
    if (Date.now() > deadline) {
      writeFileSync(freezer.file, freezer.words[1], { flag: 'r+' });
      throw new Error('a process did not stop within 10 s: it waits in the kernel for something that does not come');
    }
    await sleep(1);
  }
}
