import { expect, test } from 'vitest';
import { AT_FDCWD, CLONE_NEWTIME, CLONE_NEWUTS, O_RDONLY, openat, pidfdOpen, setns } from '../../src/index.ts';
import { machine, model } from '../../src/model/index.ts';

test('a time namespace was joined by a process that shares its memory, as the one that makes these calls does', () => {
  const time = openat(AT_FDCWD, '/proc/self/ns/time', O_RDONLY);
  expect(model(machine()).run([time, setns(time, CLONE_NEWTIME)]).failed?.error).toBe('EUSERS');
  const own = pidfdOpen(machine().process.hostPid);
  expect(model(machine()).run([own, setns(own, CLONE_NEWTIME)]).failed?.error).toBe('EUSERS');
  expect(model(machine()).run([own, setns(own, CLONE_NEWUTS)]).end).toBe('done');
});
