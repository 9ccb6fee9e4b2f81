import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { boxstep, inRoot, leftovers, says, shell } from '../../../test/boxstep.ts';
import { needs } from '../../../test/needs.ts';
import { processesWith } from '../../../test/processes.ts';

beforeEach(needs('root'));
afterAll(() => expect(leftovers('boxstep-signal')).toEqual([]));

/** A container that has said it is up. */
async function started(script: string, ...flags: string[]) {
  const container = boxstep('1', 'run', ...flags, 'sh', '-c', script, 'boxstep-signal');
  await says(container);
  return { container }; // in an object: an async function waits for a promise that it returns
}

describe.each(['INT', 'TERM', 'HUP', 'QUIT', 'USR1', 'USR2', 'WINCH'] as const)('SIG%s', (signal) => {
  test('reaches the command, once', async () => {
    const { container } = await started(
      `n=0; trap 'n=$((n+1))' ${signal}; echo up; while [ $n = 0 ]; do sleep 0.1; done; sleep 0.3; exit $n`,
    );
    container.kill(`SIG${signal}`);
    expect((await container).exitCode).toBe(1);
  });
});

// 9 and 19 can't be caught; 13, 17 and 23 are the runtime's own; 18 lets a stopped one go on; 32 and 33 are glibc's.
const OTHERS = Array.from({ length: 64 }, (_, n) => n + 1).filter(
  (n) => ![2, 15, 1, 3, 10, 12, 28, 9, 19, 13, 17, 23, 18, 32, 33].includes(n),
);

test('every other signal that can be caught reaches the command, also SIGALRM, SIGTSTP, SIGSEGV and real-time ones', async () => {
  const script = `for s in ${OTHERS.join(' ')}; do trap "echo got $s" $s; done; trap "exit 42" TERM; echo up; while :; do sleep 0.05; done`;
  const { container } = await started(script);
  let written = '';
  container.stdout?.on('data', (data) => {
    written += data;
  });
  for (const signal of OTHERS) process.kill(container.pid ?? 0, signal); // kill(1) is in procps
  await expect.poll(() => written.match(/got \d+/g)?.length).toBe(OTHERS.length);
  container.kill('SIGTERM');
  const { exitCode, stdout } = await container;
  expect(exitCode).toBe(42);
  expect(
    stdout
      .match(/\d+/g)
      ?.map(Number)
      .sort((one, other) => one - other),
  ).toEqual(OTHERS);
});

test("the profiler's SIGPROF, which was passed on, killed the container", { tags: ['once'] }, async () => {
  const profile = inRoot('profile');
  const script = 'i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; echo done';
  const line = `NODE_OPTIONS='--cpu-prof --cpu-prof-dir=${profile}' ./boxstep 1 run sh -c '${script}'`;
  expect(await shell(line)).toMatchObject({ exitCode: 0, stdout: 'done' });
  expect(readdirSync(profile)).toEqual([expect.stringMatching(/\.cpuprofile$/)]);
});

const DEAF = 'trap "" TERM; echo up; while :; do sleep 0.1; done';

test('a SIGTERM that comes twice at once, as timeout(1) sends it, is one', async () => {
  for (let apart = Infinity; apart > 50; ) {
    const { container } = await started('trap "sleep 0.5; exit 3" TERM; echo up; while :; do sleep 0.1; done');
    const first = performance.now();
    container.kill('SIGTERM');
    await sleep(20); // two that wait together would be one to the kernel, too
    container.kill('SIGTERM');
    apart = performance.now() - first; // a busy machine may keep us from sending the second for a while: then again
    const { exitCode } = await container;
    if (apart <= 50) expect(exitCode).toBe(3);
  }
});

test('a second SIGTERM kills what did not heed the first', async () => {
  const { container } = await started('trap "echo heard" TERM; echo up; while :; do sleep 0.1; done');
  container.kill('SIGTERM');
  await says(container);
  await sleep(300); // a third of it is time enough for timeout(1)'s second one
  expect(processesWith('boxstep-signal')).not.toEqual([]);
  container.kill('SIGTERM');
  expect((await container).exitCode).toBe(137);
});

test('so does the time that --stop-timeout gives', async () => {
  const { container } = await started(DEAF, '--stop-timeout', '0.5');
  const from = performance.now();
  container.kill('SIGTERM');
  expect((await container).exitCode).toBe(137);
  expect(performance.now() - from).toBeGreaterThan(400);
});

test('--stop-signal is what the container gets for a SIGTERM', async () => {
  const { container } = await started(
    'trap "exit 4" USR1; trap "exit 5" TERM; echo up; while :; do sleep 0.1; done',
    '--stop-signal=usr1',
  );
  container.kill('SIGTERM');
  expect((await container).exitCode).toBe(4);
});

test('with --sig-proxy=false a signal is not passed on, and one that ends a process kills the container', async () => {
  const { container } = await started(
    'trap "exit 4" USR1; trap "exit 5" TERM; echo up; while :; do sleep 0.1; done',
    '--sig-proxy=false',
  );
  container.kill('SIGUSR1');
  container.kill('SIGTERM');
  expect((await container).exitCode).toBe(137);
});

test('a signal that comes before there is a container is not lost', async () => {
  const container = boxstep(
    '1',
    'run',
    '--stop-timeout',
    '0.2',
    'sh',
    '-c',
    'while :; do sleep 0.1; done',
    'boxstep-signal',
  );
  await sleep(250); // node has begun, and may or may not have come to clone
  container.kill('SIGTERM');
  const { exitCode, signal } = await container;
  expect([137, undefined]).toContain(exitCode);
  expect(signal ?? 'none').toMatch(/none|SIGTERM/);
});

test('when PID 1 ends, everything else in the container is killed', async () => {
  const { exitCode } = await boxstep('1', 'run', 'sh', '-c', 'sh -c "sleep 1000; : boxstep-signal" & exit 3');
  expect(exitCode).toBe(3);
});
