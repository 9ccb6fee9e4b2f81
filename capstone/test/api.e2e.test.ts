import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { defaultRootfsPath } from 'step-10';
import { beforeEach, expect, test } from 'vitest';
import { needs } from '../../test/needs.ts';
import { idsOfContainers } from '../src/containers/find.ts';

beforeEach(needs('root', 'overlay'));

const example = fileURLToPath(new URL('example.ts', import.meta.url));

test('a program makes a container, starts it, reads its log, waits for its end and removes it', async () => {
  const script = 'echo out; echo err >&2; sleep 0.2; echo last; exit 6';
  const { stdout, stderr } = await execa(process.execPath, [example, defaultRootfsPath(), 'sh', '-c', script]);
  expect([stdout, stderr]).toEqual([
    expect.stringMatching(/^\w+_\w+ is running\nout\nlast\nit ended with 6$/),
    expect.stringContaining('err'),
  ]);
  expect(idsOfContainers()).toEqual([]);
});
