import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findHierarchies } from 'step-01';
import { leftovers, REPOSITORY } from '../../../test/boxstep.ts';

/** What must be after a grading as it was before: containers, processes, cgroups, mounts, our own files. */
export function machine() {
  return {
    left: leftovers('src/inside/main.ts'),
    cgroups: findHierarchies().flatMap(({ mount }) => readdirSync(mount).map((name) => join(mount, name))),
    mounts: readFileSync('/proc/self/mountinfo', 'utf8').split('\n').length,
    files: hash(),
  };
}

/** All files that git knows of, or doesn't ignore. */
function hash(): string {
  const names = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: REPOSITORY,
  });
  const sum = createHash('sha256');
  for (const name of names.toString().split('\0').filter(Boolean)) {
    sum.update(name).update(readFileSync(join(REPOSITORY, name)));
  }
  return sum.digest('hex');
}
