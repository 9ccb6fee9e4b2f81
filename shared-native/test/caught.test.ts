import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
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
