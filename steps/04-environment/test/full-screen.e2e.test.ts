import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeRootfs } from 'step-03';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { leftovers } from '../../../test/boxstep.ts';
import { openEmulator } from '../../../test/emulator.ts';
import { needs } from '../../../test/needs.ts';

beforeEach(needs('root', 'vi'));

const folder = mkdtempSync(join(tmpdir(), 'boxstep-full-screen-'));
const rootfs = join(folder, 'root');
beforeAll(() => makeRootfs(rootfs));
afterAll(() => {
  rmSync(folder, { recursive: true });
  expect(leftovers('boxstep-full-screen')).toEqual([]);
});

let terminal: ReturnType<typeof openEmulator>;
beforeEach(async () => {
  writeFileSync(join(rootfs, 'letter'), 'Dear reader,\nyours\n');
  terminal = openEmulator(['env', 'PS1=host$ ', 'bash', '--norc', '--noprofile', '--noediting'], 60, 12);
  await terminal.shows(/^host\$$/m);
});
afterEach(() => terminal.close());

const begin = (command: string) => terminal.type(`./boxstep 4 run -it ${rootfs} ${command}; echo status $?\n`);

test('vi: a file is shown, a line is typed into it, and it is written', async () => {
  begin('vi /letter');
  await terminal.shows(/^Dear reader,\nyours\n(~\n){9}- \/letter 1\/2 50%$/);
  await expect.poll(terminal.isAlternate).toBe(true);
  await expect.poll(terminal.cursor).toEqual({ x: 0, y: 0 });
  terminal.type('ohow are you?\x1b');
  await terminal.shows(/^Dear reader,\nhow are you\?\nyours\n(~\n){8}/);
  await expect.poll(terminal.cursor).toEqual({ x: 11, y: 1 });
  terminal.type(':wq\r');
  await terminal.shows(/status 0\nhost\$$/);
  await expect.poll(terminal.isAlternate).toBe(false);
  expect(readFileSync(join(rootfs, 'letter'), 'utf8')).toBe('Dear reader,\nhow are you?\nyours\n');
});

test('vi: draws anew when the window has another size', async () => {
  begin('vi /letter');
  await terminal.shows(/\/letter 1\/2 50%$/);
  terminal.resize({ columns: 40, rows: 8 });
  await terminal.shows(/^Dear reader,\nyours\n(~\n){5}- \/letter 1\/2 50%$/);
  terminal.resize({ columns: 70, rows: 20 });
  await terminal.shows(/^Dear reader,\nyours\n(~\n){17}- \/letter 1\/2 50%$/);
  terminal.type(':q!\r');
  await terminal.shows(/status 0\nhost\$$/);
});
