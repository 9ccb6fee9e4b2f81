import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { defaultRootfs, defaultRootfsPath } from 'step-01';
import { afterAll } from 'vitest';
import { removeRoot } from './remove.ts';

// Before each file of tests that runs containers: its root has a copy of the default root filesystem, which takes less
// time than making one. In a guest, where nobody else is, there is one for all.
const { BOXSTEP_ROOT: root = '', BOXSTEP_DOWNLOADS: shared } = process.env;
mkdirSync(root);
process.env.BOXSTEP_CACHE = shared;
const whole = await defaultRootfs();
if (!process.env.BOXSTEP_SYSTEM) {
  delete process.env.BOXSTEP_CACHE;
  const own = defaultRootfsPath();
  mkdirSync(dirname(own), { recursive: true });
  execFileSync('cp', ['-a', '--reflink=auto', whole, own]);
}
afterAll(() => removeRoot(root));
