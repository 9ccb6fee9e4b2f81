import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { stepNumbers } from '../src/step/step.ts';
import { ROOT } from '../src/step/workspace.ts';

test.each(stepNumbers())(
  'the grader grades step %i right: the reference, the start, the step before, and every impostor',
  async (step) => {
    const { all, exitCode } = await execa(
      process.execPath,
      // Mutants are hundreds.
      ['--', join(ROOT, 'grader/src/main.ts'), 'check', `${step}`, ...(process.env.CI ? [] : ['--no-mutants'])],
      {
        all: true,
        reject: false,
      },
    );
    expect(all).not.toContain('✗');
    expect(exitCode).toBe(0);
  },
  600_000,
);
