import { closeSync, openSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isatty } from '../src/index.ts';

test.each([
  ['/dev/ptmx', true], // one end of a new terminal
  ['/dev/null', false],
  ['/proc/self/status', false],
])('%s is a terminal: %s', (path, expected) => {
  const descriptor = openSync(path, 'r');
  expect(isatty(descriptor)).toBe(expected);
  closeSync(descriptor);
  expect(isatty(descriptor)).toBe(false);
});
