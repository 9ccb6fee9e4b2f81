import { describe, expect, test } from 'vitest';
import { mutantsOf } from '../src/checking/mutants.ts';
import { readStep, type Step, stepNumbers } from '../src/step/step.ts';

const SOURCE = `import { chdir, chroot, mkdir, tolerate } from 'shared-native';
import { write } from './deeds.ts';

/** é 您好: offsets are those of characters. */
export function enter(rootfs: string, deep: number): unknown[] {
  // #region task 1: a root
  const places = ['a'];
  if (deep > 2) return [write('x')];
  return [chroot(rootfs), chdir('/'), tolerate(mkdir('/x'), 'EEXIST')];
  // #endregion
}

export const outside = [1, 2];
`;

const step = {
  tasks: [{ number: 1, file: 'src/enter.ts' }],
  sources: new Map([['src/enter.ts', SOURCE]]),
} as unknown as Step;

/** Each mutant by its name: the one line that is other. */
const mutants = new Map(
  mutantsOf(step).map(({ name, files }) => {
    const lines = (files.get('src/enter.ts') ?? '').split('\n');
    return [name.replace('task 1: ', ''), lines.find((line, at) => line !== SOURCE.split('\n')[at])?.trim()];
  }),
);

describe('a mutant of the reference', () => {
  test.each([
    ['drops "chroot(rootfs)"', "return [chdir('/'), tolerate(mkdir('/x'), 'EEXIST')];"],
    ['repeats "chdir(\'/\')"', "return [chroot(rootfs), chdir('/'), chdir('/'), tolerate(mkdir('/x'), 'EEXIST')];"],
    [
      'swaps "chroot(rootfs)" and "chdir(\'/\')"',
      "return [chdir('/'), chroot(rootfs), tolerate(mkdir('/x'), 'EEXIST')];",
    ],
    [
      'steps over any error of "chroot(rootfs)"',
      "return [({ ...chroot(rootfs), tolerates: 'any' }), chdir('/'), tolerate(mkdir('/x'), 'EEXIST')];",
    ],
    ["steps over no error of \"tolerate(mkdir('/x'), 'EEXIST')\"", "return [chroot(rootfs), chdir('/'), mkdir('/x')];"],
    [
      'wants 1000 as the least result of "chdir(\'/\')"',
      "return [chroot(rootfs), ({ ...chdir('/'), least: 1000 }), tolerate(mkdir('/x'), 'EEXIST')];",
    ],
    ['has >= in "deep > 2"', "if (deep >= 2) return [write('x')];"],
    ['has one more than "2"', "if (deep > (2 + 1)) return [write('x')];"],
  ])('%s', (name, line) => {
    expect(mutants.get(name)).toBe(line);
  });

  test('changes nothing outside of the task, and takes for a call only what shared-native has', () => {
    const names = [...mutants.keys()].join('\n');
    expect(names).not.toContain('"1"');
    expect(names).not.toMatch(/(error|result) of "write/);
    expect(names).not.toContain('any error of "mkdir');
  });

  test.each(stepNumbers())('of step %i has a name of its own', (number) => {
    const names = mutantsOf(readStep(number)).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(20);
  });
});
