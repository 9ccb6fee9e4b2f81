import { execFileSync, spawn } from 'node:child_process';
import { globSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { carryOut, removeCgroup } from 'step-01';
import { REPOSITORY } from '../boxstep.ts';

const ALL = '/sys/fs/cgroup';
const cgroupsOf = (user: number) => globSync(`{.,*}/boxstep-user-${user}`, { cwd: ALL }).map((path) => join(ALL, path));

/** Gives a user cgroups, and moves this process into them, with what it will start. */
export function delegateCgroups(user: number): void {
  const theirs = spawn('sleep', ['600'], { uid: user, stdio: 'ignore' });
  const script = join(REPOSITORY, 'scripts/delegate-cgroups.sh');
  execFileSync('sh', [script, '--to', String(theirs.pid)], { stdio: 'ignore' });
  theirs.kill('SIGKILL');
  for (const path of cgroupsOf(user)) goTo(join(path, 'shell'));
}

/** Removes them, with all processes that the user has left. */
export async function removeCgroups(user: number): Promise<void> {
  const given = cgroupsOf(user);
  given.map(dirname).forEach(goTo);
  for (const path of given) await carryOut(removeCgroup(path));
}

function goTo(cgroup: string): void {
  writeFileSync(join(cgroup, 'cgroup.procs'), String(process.pid));
}
