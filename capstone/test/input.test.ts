import { spawnSync } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const COPY = `
  const { copyInput } = await import('${import.meta.dirname}/../src/attach/input.ts');
  if (process.getuid() === 0) process.seteuid(65534);
  console.log(await copyInput(1, [], new AbortController().signal));
`;

// sudo -u alice boxstep run -i … < a file of root's
test('a file that this user may read, and not open, ended Node with a fatal error', () => {
  const folder = mkdtempSync(join(tmpdir(), 'boxstep-input-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'file');
  writeFileSync(path, 'typed\n');
  const file = openSync(path, 'r');
  onTestFinished(() => closeSync(file));
  chmodSync(path, 0);
  const stdio = [file, 'pipe', 'pipe'] as const;
  const node = spawnSync(process.execPath, ['--input-type=module', '-e', COPY], {
    stdio: [...stdio],
    encoding: 'utf8',
  });
  expect(node).toMatchObject({ stdout: 'typed\nend\n', stderr: '', status: 0 });
});
