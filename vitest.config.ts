import { defineConfig } from 'vitest/config';
import { TAGS } from './grader/src/tags.ts';

// `unit` needs no root and no particular kernel; `e2e` starts real containers, one test file after another, since
// they look at what is left on the machine. `browser` looks at the site in Chromium.
export default defineConfig({
  test: {
    tags: TAGS,
    reporters: ['default', ['./test/counts-reporter.ts', {}]],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{docs,grader,shared-native,steps/*}/test/*.test.ts', 'test/*.test.ts'],
          exclude: ['**/*.{e2e,browser}.test.ts', '**/node_modules/**'],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['{grader,shared-native,steps/*}/test/*.e2e.test.ts', 'test/*.e2e.test.ts'],
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
