import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

// Before each file of tests: it has a root to itself, which its first container makes, and run.ts removes.
process.env.BOXSTEP_ROOT = join(process.env.BOXSTEP_TEST_RUN ?? '/nowhere', randomUUID().slice(0, 8));
delete process.env.BOXSTEP_CACHE;
