import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { beforeEach, expect, test } from 'vitest';
import { says } from '../../test/boxstep.ts';
import { needs } from '../../test/needs.ts';
import { nft } from '../src/index.ts';

beforeEach(needs('root', 'nft'));

test('a signal that came during a transaction interrupted it', async () => {
  let came = 0;
  const count = () => void came++;
  process.on('SIGWINCH', count);
  const script = `process.stdout.write('x'); for (;;) process.kill(${process.pid}, 'SIGWINCH')`;
  const sender = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await says(sender);
    for (let nth = 0; nth < 20; nth++) {
      nft('create table inet interrupted; add chain inet interrupted one { type filter hook input priority 0; }');
      nft('delete table inet interrupted');
    }
  } finally {
    sender.kill('SIGKILL');
    await once(sender, 'exit');
    process.off('SIGWINCH', count);
  }
  expect(came).toBeGreaterThan(0);
});
