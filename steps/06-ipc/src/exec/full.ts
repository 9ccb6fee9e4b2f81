import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { cgroupsOfProcess } from './cgroups.ts';

/** @throws {Error} if a container has all the processes that it may: the kernel refuses forks then, but moves processes in */
export function assertRoom(name: string, cgroups: ReturnType<typeof cgroupsOfProcess>): void {
  for (const { directory } of cgroups.filter(({ hierarchy }) => hierarchy.controllers.includes('pids'))) {
    const [now, most] = ['pids.current', 'pids.max'].map((file) => numberIn(join(directory, file))) as [number, number];
    if (now < most) continue;
    throw new Error(
      `Container ${name} has ${now} processes and threads, and may have no more than ${most}: end one, or allow more with "update --pids-limit"`,
    );
  }
}

/** Infinite for `max`, and where there is no such file. */
function numberIn(file: string): number {
  const text = existsSync(file) ? readFileSync(file, 'utf8').trim() : 'max';
  return text === 'max' ? Infinity : Number(text);
}
