import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { REPOSITORY, says } from '../../test/boxstep.ts';

const CATCHES = `
  import { catchSignals } from '${REPOSITORY}/shared-native/src/index.ts';
  const end = catchSignals([4, 7, 8, 11, 34, 64], (signal) => {
    console.log(signal);
    if (signal === 64) end();
  });
  console.log('up');
`;

/** A Node that catches, and the next line that it writes. */
async function catching() {
  const node = spawn(process.execPath, ['--input-type=module', '-e', CATCHES], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = () => says(node);
  expect(await line()).toBe('up');
  return { node, line };
}

test('real-time signals, and those of a fault that kill sends, are caught each time', async () => {
  const { node, line } = await catching();
  for (const signal of [34, 11, 11, 4, 7, 8, 34, 64]) {
    process.kill(node.pid ?? 0, signal);
    expect(await line()).toBe(String(signal));
  }
  expect(await once(node, 'exit')).toEqual([0, null]); // nothing keeps it alive any more
});

test('a fault of this process itself ends it', async () => {
  const faulty = `${CATCHES}
    import { view } from '${REPOSITORY}/shared-native/src/machine/libc.ts';
    view(8, 1)[0];
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', faulty]);
  expect(await once(child, 'exit')).toEqual([null, 'SIGSEGV']);
});

/** What a script writes, which may look at the signals that it catches now, and at its executable memory. */
async function written(script: string): Promise<string[]> {
  const looking = `
    import { readFileSync } from 'node:fs';
    import { catchSignals } from '${REPOSITORY}/shared-native/src/index.ts';
    const now = () => /SigCgt:.*/.exec(readFileSync('/proc/self/status', 'utf8'))[0];
    const executable = () => [...readFileSync('/proc/self/maps', 'utf8').matchAll(/^(\\w+)-(\\w+) r-xp 0+ 00:00 0 *$/gm)]
      .reduce((sum, [, from, to]) => sum + Number('0x' + to) - Number('0x' + from), 0);
    ${script}
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', looking]);
  onTestFinished(() => void child.kill());
  return Buffer.concat(await child.stdout.toArray())
    .toString()
    .split('\n');
}

test('a signal that two catch is given back when both have ended, in whichever order they do', async () => {
  const lines = await written(`
    const before = now();
    const first = catchSignals([34], () => console.log('first'));
    const second = catchSignals([34], () => {
      console.log('second');
      second();
      console.log(now() === before);
    });
    first();
    process.kill(process.pid, 34);
  `);
  expect(lines).toEqual(['second', 'true', '']);
});

test('catching signals again and again takes no more memory', async () => {
  const lines = await written(`
    catchSignals([34], () => {})();
    const before = executable();
    for (let times = 0; times < 1000; times++) catchSignals([34], () => {})();
    console.log(executable() - before < 1024 * 1024); // V8 may have compiled something
  `);
  expect(lines).toEqual(['true', '']);
});
