import { expect, test } from 'vitest';
import { forwardSignals } from '../src/command/forward-signals.ts';

test('of two SIGTERMs at once the second killed, if this process had to wait for a CPU before it saw it', async () => {
  const passedOn: (string | number)[] = [];
  const signals = forwardSignals({ stopTimeout: Infinity, stopSignal: 10, sigProxy: true });
  const term = () => process.kill(process.pid, 'SIGTERM');
  signals.to({
    pid: process.pid,
    kill(signal) {
      if (passedOn.push(signal) > 1) return true;
      term();
      for (const end = performance.now() + 200; performance.now() < end; ); // as if other processes had the CPU
      return true;
    },
  });
  try {
    term();
    await expect.poll(() => passedOn).toHaveLength(2);
    expect(passedOn).toEqual([10, 10]);
  } finally {
    signals.end();
  }
});
