import { expect, test } from 'vitest';
import type { BoxRecord, Run } from '../src/containers/record.ts';
import { startsAtBoot } from '../src/restart.ts';

const exited = (exitCode: number, restartCount = 0): Run => ({
  ...{ status: 'exited', startedAt: 1, finishedAt: 2, oomKilled: false, backOff: 0 },
  ...{ exitCode, restartCount },
});
const CREATED: Run = { status: 'created' };

test.for([
  ['no', 0, false, exited(255), false],
  ['always', 0, false, exited(255), true],
  ['always', 0, true, exited(0), true],
  ['always', 0, false, CREATED, false],
  ['unless-stopped', 0, false, exited(0), true],
  ['unless-stopped', 0, true, exited(255), false],
  ['unless-stopped', 0, false, CREATED, false],
  ['on-failure', 0, false, exited(255), true],
  ['on-failure', 0, false, exited(0), false],
  ['on-failure', 0, true, exited(137), false],
  ['on-failure', 2, false, exited(1, 1), true],
  ['on-failure', 2, false, exited(1, 2), false],
] as const)('%s:%d, stopped %s, after %j: it is started at boot: %s', ([name, most, stopped, run, starts]) => {
  const record = { restart: { name, maximumRetryCount: most }, stopped, run };
  expect(startsAtBoot(record as BoxRecord)).toBe(starts);
});
