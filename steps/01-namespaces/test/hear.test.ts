import { expect, test, vi } from 'vitest';
import { hear } from '../src/command/hear.ts';

test('a signal has one listener however many are told of it, and none when the last has ended', () => {
  const listeners = Array.from({ length: 12 }, () => vi.fn());
  const ends = listeners.map((listener) => hear(new Map([['SIGUSR2', listener]])));
  expect(process.listenerCount('SIGUSR2')).toBe(1);
  ends[0]?.();
  process.emit('SIGUSR2', 'SIGUSR2');
  expect(listeners.map(({ mock }) => mock.calls.length)).toEqual([0, ...Array.from({ length: 11 }, () => 1)]);
  for (const end of ends) end();
  expect(process.listenerCount('SIGUSR2')).toBe(0);
});
