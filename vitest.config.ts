import { defineConfig } from 'vitest/config';
import { TAGS } from './grader/src/running/tags.ts';
import { slowness } from './test/slowness.ts';

// What says nothing about a kernel: it measures, or grades; and terminals, of which one of step 4's tests shows in a
// guest that they are there.
const NOT_IN_GUESTS = [
  'test/bench.e2e.test.ts',
  'grader/**',
  'capstone/test/oci*.e2e.test.ts', // not tried there yet: they need this machine's programs, and podman
  'steps/*/test/full-screen.e2e.test.ts',
  'steps/01-namespaces/test/terminal.e2e.test.ts',
];

// What takes minutes, or makes machines of its own: `npm run test:all` runs it.
// A bare machine runs the whole `npm test`, twice: by `npm run test:all`, and not in CI until it has been green there often.
const BARE = process.env.CI ? [] : ['test/bare-machine.e2e.test.ts'];
const LONG = [
  'test/{vm,arm64,fresh-machine}.e2e.test.ts',
  'grader/test/{class,check}.e2e.test.ts',
  'steps/08-layers/test/judges.e2e.test.ts',
  ...BARE,
];

// How long tests of real programs may take, as root and as an ordinary user.
const OF_PROGRAMS = {
  expect: { poll: { timeout: 10_000 * slowness() } },
  testTimeout: (process.env.BOXSTEP_FULL ? 400_000 : 120_000) * slowness(), // what is killed, is killed ten times as often
  hookTimeout: 120_000 * slowness(),
};

// What an ordinary user types, too: by step 9's command (test/rootless). A guest has no such user.
const ROOTLESS = process.env.BOXSTEP_SYSTEM
  ? []
  : [
      'steps/{01-namespaces,02-rootfs,03-limits}/test/*.e2e.test.ts',
      'steps/04-environment/test/environment.e2e.test.ts',
      'steps/05-network/test/{by-hand,flows,killed,network,security}.e2e.test.ts',
      'steps/06-ipc/test/{exec,sharing}.e2e.test.ts',
      'steps/07-binds/test/{mounts,volumes}.e2e.test.ts',
      'steps/08-layers/test/{older-kernel,run}.e2e.test.ts',
      'steps/10-capabilities/test/walls.e2e.test.ts',
    ];

// A test that starts real programs on a busy machine can fail by its timing. Where nobody is there to run it again, it is tried a second
// time, and the end of `npm test` names it: it is a fault all the same.
const retry = process.env.CI || process.env.BOXSTEP_SYSTEM ? 1 : 0;

/** Each run of tests, and each file in it, has a root to itself (BOXSTEP_ROOT): see test/roots. */
const ROOT = ['./test/roots/file.ts'];
const ROOT_WITH_ROOTFS = [...ROOT, ...['rootfs', 'said', 'tried-again'].map((name) => `./test/roots/${name}.ts`)];

// `unit` needs no root and no particular kernel; `e2e` starts real containers. `browser` looks at the site in Chromium.
export default defineConfig({
  test: {
    globalSetup: './test/roots/run.ts',
    // A guest sees this machine's files below its own. While both make the same file of the cache, it finds none (ENOENT).
    ...(process.env.BOXSTEP_SYSTEM && { fsModuleCachePath: '/tmp/vitest-cache' }),
    maxWorkers: '100%',
    reporters: [
      ['./test/progress-reporter.ts', {}],
      ['./test/results-reporter.ts', {}],
    ],
    tags: [
      ...TAGS,
      { name: 'qemu', description: 'also runs in the slow guest, where it shows what no other system has' },
      { name: 'once', description: 'runs in no guest: what it shows is the same on every kernel' },
    ],
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            '{capstone,docs,grader,shared-native,steps/*}/test/*.test.ts',
            'shared-native/test/model/*.test.ts',
            'grader/test/class/*.test.ts',
            'test/*.test.ts',
          ],
          exclude: ['**/*.{e2e,browser}.test.ts', '**/node_modules/**'],
          setupFiles: ROOT,
          testTimeout: 60_000 * slowness(),
          hookTimeout: 60_000 * slowness(),
        },
      },
      {
        test: {
          name: 'e2e',
          retry,
          include: ['{capstone,grader,shared-native,steps/*}/test/*.e2e.test.ts', 'test/*.e2e.test.ts'],
          exclude: [
            '**/node_modules/**',
            'test/bare-machine.e2e.test.ts',
            ...LONG,
            ...(process.env.BOXSTEP_SYSTEM ? NOT_IN_GUESTS : []),
          ],
          setupFiles: [...ROOT_WITH_ROOTFS, './test/roots/network.ts'],
          ...OF_PROGRAMS,
        },
      },
      {
        test: {
          name: 'rootless',
          retry,
          include: ROOTLESS,
          setupFiles: [...ROOT_WITH_ROOTFS, './test/roots/network.ts', './test/rootless/setup.ts'],
          ...OF_PROGRAMS,
        },
      },
      {
        test: {
          name: 'long',
          retry,
          include: process.env.BOXSTEP_SYSTEM ? [] : LONG,
          setupFiles: ROOT_WITH_ROOTFS,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'browser',
          retry,
          include: ['docs/test/*.browser.test.ts'],
          setupFiles: ROOT,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
