import { execa } from 'execa';
import { expect, test } from 'vitest';
import { KEPT, saidSoFar } from './said.ts';

test('what a command says is kept until it is shown, and of one that has not ended, that it has not', async () => {
  const options = { reject: false, ...KEPT } as const;
  await execa('sh', ['-c', 'echo out; echo err >&2; exit 3'], options);
  const hangs = execa('sleep', ['1000'], options);
  expect(saidSoFar()).toMatch(/^\$ sh -c .*\nout\nerr\n\(it ended with 3\)\n\$ sleep 1000\n\(it has not ended\)$/);
  hangs.kill();
  await hangs;
  expect(saidSoFar()).toBe('$ sleep 1000\n(it ended with SIGTERM)');
});
