import { closeSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { perform, pidfdOpen, pidfdSendSignal, tolerate } from 'shared-native';
import { signal } from '../../gone.ts';
import type { Container } from '../state/container.ts';

/** Signals every process of a container, and no other that has got the number of one which has ended. */
export function signalAll(one: Container, number: number): void {
  if (one.pid > 0) signal(one, number);
  const others = processesOf(one).filter((pid) => pid !== one.pid);
  const opened = others.map((pid) => ({ pid, pidfd: perform(tolerate(pidfdOpen(pid), 'ESRCH')) }));
  const still = new Set(processesOf(one)); // asked once the descriptors are open: these are of the container's processes
  for (const { pid, pidfd } of opened) {
    if (pidfd < 0) continue;
    if (still.has(pid)) perform(tolerate(pidfdSendSignal(pidfd, number), 'ESRCH'));
    closeSync(pidfd);
  }
}

/** The numbers of all processes in a container's cgroups, those below among them. */
export function processesOf({ cgroups }: Pick<Container, 'cgroups'>): number[] {
  return [...new Set(cgroups.flatMap(inCgroup))].sort((one, other) => one - other);
}

function inCgroup(cgroup: string): number[] {
  const file = join(cgroup, 'cgroup.procs');
  if (!existsSync(file)) return [];
  const own = readFileSync(file, 'utf8').split('\n').filter(Boolean).map(Number);
  const below = readdirSync(cgroup, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [...own, ...below.flatMap(({ name }) => inCgroup(join(cgroup, name)))].filter((pid) => pid > 0);
}
