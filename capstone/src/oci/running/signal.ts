import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kill, perform, tolerate } from 'shared-native';
import { processStat } from 'step-10';
import type { Container } from '../state/container.ts';

/** Signals the first process of a container, unless that has ended, and its number is another's. */
export function signalFirst({ pid, started }: Container, signal: string | number): boolean {
  const stat = processStat(pid);
  if (stat?.started !== started || stat.ending) return false;
  return perform(tolerate(kill(pid, signal), 'ESRCH')) === 0;
}

/** Signals every process of a container. */
export function killAll(one: Container, signal: string | number): void {
  signalFirst(one, signal);
  for (const pid of processesOf(one)) if (pid !== one.pid) perform(tolerate(kill(pid, signal), 'ESRCH'));
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
