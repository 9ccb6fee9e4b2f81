import { afterAll } from 'vitest';
import { copyRootfs } from './copy.ts';
import { removeRoot } from './remove.ts';

// Before and after each file of tests that runs containers.
await copyRootfs();
const { BOXSTEP_ROOT: root = '' } = process.env;
afterAll(() => removeRoot(root));
