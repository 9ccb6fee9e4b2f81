import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultRootfs } from 'step-02';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { needs } from '../../../test/needs.ts';
import { addProgram, onTerminal } from '../../../test/tiocsti.ts';

const rootfs = mkdtempSync(join(tmpdir(), 'boxstep-tiocsti-3-'));
beforeEach(needs('root', 'perl'));
beforeAll(async () => {
  if (process.geteuid?.() !== 0) return;
  cpSync(await defaultRootfs(), rootfs, { recursive: true, verbatimSymlinks: true });
  addProgram(rootfs);
});
afterAll(() => rmSync(rootfs, { recursive: true }));

test('root in step 3’s container finds no terminal of the caller’s to push characters into', async () => {
  const { said, pushed } = await onTerminal(`./boxstep 3 run ${rootfs} perl /push.pl 0 1 2 /dev/tty $TERMINAL`);
  expect(said.match(/: .*/g)).toEqual([
    ...Array(3).fill(': Inappropriate ioctl for device'),
    ': No such device or address',
    ': No such file or directory',
  ]);
  expect(pushed).toBe('');
});
