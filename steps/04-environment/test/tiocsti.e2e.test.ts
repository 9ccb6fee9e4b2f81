import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultRootfs } from 'step-03';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { needs } from '../../../test/needs.ts';
import { addProgram, onTerminal } from '../../../test/tiocsti.ts';

const rootfs = mkdtempSync(join(tmpdir(), 'boxstep-tiocsti-4-'));
beforeEach(needs('root', 'perl'));
beforeAll(async () => {
  if (process.geteuid?.() !== 0) return;
  cpSync(await defaultRootfs(), rootfs, { recursive: true, verbatimSymlinks: true });
  addProgram(rootfs);
});
afterAll(() => rmSync(rootfs, { recursive: true }));

describe('root in step 4’s container that pushes characters into a terminal', () => {
  test('finds none without -t', async () => {
    const { said, pushed } = await onTerminal(`./boxstep 4 run -i ${rootfs} perl /push.pl 0 1 2 /dev/tty`);
    expect(said.match(/: .*/g)).toEqual([
      ...Array(3).fill(': Inappropriate ioctl for device'),
      ': No such device or address',
    ]);
    expect(pushed).toBe('');
  });

  test('does it with -t to its own, and the caller’s gets nothing of it', async () => {
    const script = 'perl /push.pl /dev/tty; read typed; echo "read inside: $typed"';
    const { said, pushed } = await onTerminal(`./boxstep 4 run -it ${rootfs} sh -c '${script}'`);
    expect(said).toMatch(/^\/dev\/tty: pushed$/m);
    expect(said).toMatch(/^read inside: typed by nobody$/m);
    expect(pushed).toBe('');
  });
});
