import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { carryOut } from 'step-08';
import { expect, onTestFinished, test } from 'vitest';
import { says } from '../../../test/boxstep.ts';
import { alive } from '../../../test/processes.ts';
import { endPasta } from '../src/network/pasta.ts';

test('a pasta that did not end at a SIGTERM, or came to no CPU, kept its ports', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'boxstep-pasta-'));
  const files = { pid: join(folder, 'pid'), namespace: join(folder, 'none') };
  const words = ['-c', 'trap "" TERM; echo up; while :; do sleep 0.1; done', files.pid];
  const pasta = spawn('sh', words, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    pasta.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });
  await says(pasta);
  writeFileSync(files.pid, `${pasta.pid}\n`);
  const ended = once(pasta, 'exit');
  await carryOut(endPasta(files));
  expect(alive(pasta.pid ?? 0)).toBe(false);
  expect(await ended).toEqual([null, 'SIGKILL']);
});
