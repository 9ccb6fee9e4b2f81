import { defineConfig } from 'vitest/config';
import { slowness } from './test/slowness.ts';

// `unit` needs no root and no particular kernel; `e2e` starts real containers, one test file after another, since
// they look at what is left on the machine.
export default defineConfig({
  test: {
    slowTestThreshold: 300 * slowness(),
    reporters: ['default', ['./test/results-reporter.ts', {}]],
    tags: [{ name: 'qemu', description: 'also runs in the slow guest, where it shows what no other system has' }],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{shared-native,steps/*}/test/*.test.ts', 'test/*.test.ts'],
          exclude: ['**/*.e2e.test.ts', '**/node_modules/**'],
          testTimeout: 30_000 * slowness(),
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['{shared-native,steps/*}/test/*.e2e.test.ts', 'test/*.e2e.test.ts'],
          exclude: ['**/node_modules/**'],
          fileParallelism: false,
          expect: { poll: { timeout: 1000 * slowness() } },
          testTimeout: 120_000 * slowness(),
          hookTimeout: 120_000 * slowness(),
        },
      },
    ],
  },
});
