import { hostname } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { calibrate } from './calibration/calibrate.ts';
import { SUBJECTS } from './calibration/generate.ts';
import { makePrograms, type Programs } from './calibration/programs.ts';

// The model of the kernel is worth as much as its agreement with the kernel. `CALIBRATE=2000 CALIBRATE_FROM=1 npx vitest run
// --project e2e shared-native/test/calibration.e2e.test.ts` compares so many programs of each subject, from a seed on.
const PROGRAMS = Number(process.env.CALIBRATE ?? 40);
const FROM = Number(process.env.CALIBRATE_FROM ?? 1);

describe('the model answers as the kernel does, and is then in the state that /proc shows', () => {
  let programs: Programs;
  beforeAll(() => {
    programs = makePrograms();
  });
  const machine = hostname();
  afterAll(() => {
    programs.remove();
    expect(hostname(), 'the machine keeps its own name').toBe(machine);
  });

  test.each(Object.keys(SUBJECTS) as (keyof typeof SUBJECTS)[])('%s', async (subject) => {
    const seeds = Array.from({ length: PROGRAMS }, (_, index) => FROM + index);
    const { differences, ...counts } = await calibrate(subject, seeds, programs);
    if (process.env.CALIBRATE) console.info(subject, { ...counts, seen: Object.fromEntries(counts.seen) });
    expect(differences.join('\n\n')).toBe('');
    expect(counts.calls).toBeGreaterThan(PROGRAMS);
  });
});
