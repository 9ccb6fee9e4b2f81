import { createHash } from 'node:crypto';
import { type Dirent, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { leftovers, REPOSITORY } from '../../../test/boxstep.ts';

const NOT_OURS = ['.git', 'node_modules', 'dist', 'homework', '.bench', '.vagrant'];

/** What must be after a grading as it was before: our containers, processes, cgroups and mounts, and our own files. */
export function machine() {
  return {
    left: leftovers('src/inside/main.ts'),
    mounts: readFileSync('/proc/self/mountinfo', 'utf8').match(/ - tmpfs homework .*/g) ?? [],
    files: hash(),
  };
}

/** All files but what is installed or made (.gitignore). */
function hash(): string {
  const ours = {
    cwd: REPOSITORY,
    withFileTypes: true,
    exclude: ({ name }: Dirent) => NOT_OURS.includes(name),
  } as const;
  const sum = createHash('sha256');
  for (const file of globSync('**/*', ours).filter((entry) => entry.isFile())) {
    const path = join(file.parentPath, file.name);
    sum.update(path).update(readFileSync(path));
  }
  return sum.digest('hex');
}
