import { readFileSync } from 'node:fs';
import { defaultRootfsPath, processStat, runningContainer } from 'step-01';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { boxstep, leftovers, says, shell } from './boxstep.ts';
import { needs } from './needs.ts';

const NAME = 'boxstep-oom-score';

beforeEach(needs('root'));
afterAll(() => expect(leftovers(NAME)).toEqual([]));

const score = (pid: number | 'self') => Number(readFileSync(`/proc/${pid}/oom_score_adj`, 'utf8'));

/** The numbers of the processes between a container's first one and this one. */
function between(pid: number): number[] {
  const parent = processStat(pid)?.parent ?? process.pid;
  return parent === process.pid ? [] : [parent, ...between(parent)];
}

test.for([
  ['3', []],
  ['9', ['--network', 'none', '--userns', 'auto']],
] as const)(
  'a container of step %s has the oom_score_adj that was asked for, and its runtime keeps its own',
  async ([step, flags]) => {
    const { exitCode } = await shell('echo -500 > /proc/self/oom_score_adj'); // only with CAP_SYS_RESOURCE
    for (const asked of exitCode === 0 ? [500, -500] : [500]) {
      const its = ['--stop-timeout', '0', '--name', NAME, ...flags, '--oom-score-adj', `${asked}`];
      const run = boxstep(step, 'run', ...its, defaultRootfsPath(), 'sh', '-c', 'echo up; exec sleep 1000');
      await says(run);
      const { pid } = runningContainer(NAME);
      expect(score(pid)).toBe(asked);
      await expect.poll(() => new Set(between(pid).map(score))).toEqual(new Set([score('self')]));
      if (step === '9') {
        const exec = boxstep('9', 'exec', NAME, 'sh', '-c', 'echo $PPID; cat /proc/self/oom_score_adj');
        expect((await exec).stdout).toBe(`0\n${asked}`);
      }
      run.kill('SIGTERM');
      await run;
    }
  },
);
