import { execa } from 'execa';
import { expect, test } from 'vitest';
import { REPOSITORY } from './boxstep.ts';

// `npm run check`, one at a time.

const run = execa({ cwd: REPOSITORY, preferLocal: true, reject: false, all: true });

test('Biome finds nothing wrong with format, imports and what its rules forbid', async () => {
  const { exitCode, all } = await run`biome check --error-on-warnings .`;
  expect(exitCode, all).toBe(0);
}, 120_000);

test('TypeScript finds every type right', async () => {
  const { exitCode, all } = await run`tsc`;
  expect(exitCode, all).toBe(0);
}, 120_000);
