import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readlinkSync } from 'node:fs';
import { AT_FDCWD, O_RDONLY, O_WRONLY, openat } from 'shared-native';
import { beforeEach, expect, test } from 'vitest';
import { inRoot } from '../../../test/boxstep.ts';
import { needs } from '../../../test/needs.ts';
import { extend, plan, read, start, state } from '../src/index.ts';

beforeEach(needs('root'));

function openFiles(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).flatMap((fd) => (existsSync(`${folder}/${fd}`) ? readlinkSync(`${folder}/${fd}`) : []));
}

test('a process that is still on its way to its command keeps no lock: frozen there, it would seem to run for ever', async () => {
  const [there, fifo] = [inRoot('there'), inRoot('fifo')];
  execFileSync('mkfifo', [there, fifo]);
  const slow = extend(plan(read({ name: 'boxstep-slow' }, ['true'])), 'test', {
    setup: [openat(AT_FDCWD, there, O_WRONLY), openat(AT_FDCWD, fifo, O_RDONLY)],
  });
  const container = await start(slow);
  closeSync(openSync(there, 'r')); // it has begun
  const journal = `${state().journals}/boxstep-slow`;
  expect(openFiles(process.pid)).toContain(journal);
  expect(openFiles(container.pid)).not.toContain(journal);
  closeSync(openSync(fifo, 'w'));
  expect(await container.exited).toMatchObject({ status: 0, undoErrors: [] });
});
