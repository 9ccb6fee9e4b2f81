import { defineConfig } from 'vitest/config';

// `unit` needs no root and no particular kernel; `e2e` starts real containers, one test file after another, since
// they look at what is left on the machine. `browser` looks at the site in Chromium.
export default defineConfig({
  test: {
    reporters: ['default', ['./test/counts-reporter.ts', {}]],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{shared-native,steps/*}/test/*.test.ts', 'test/*.test.ts', 'docs/test/*.test.ts'],
          exclude: ['**/*.e2e.test.ts', '**/*.browser.test.ts', '**/node_modules/**'],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['{shared-native,steps/*}/test/*.e2e.test.ts', 'test/*.e2e.test.ts'],
          exclude: ['**/node_modules/**'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['docs/test/*.browser.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
