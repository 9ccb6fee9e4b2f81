import { group, seeded, task } from 'grader';
import { type BpfInsn, runProgram } from 'shared-native';
import { expect, test } from 'vitest';
import { deviceProgram, ifItFits } from '../src/devices/program.ts';
import type { DeviceRule, Request } from '../src/devices/rules.ts';
import { allows, asked, generated, numbers } from './device-rules.ts';

const ACCESSES = ['r', 'w', 'm', 'rw', 'rm', 'wm', 'rwm'];

task(
  5,
  {
    points: 15,
    hints: [
      'Test what would make the rule not fit, and jump over the rest: BPF_JMP | BPF_JNE | BPF_K with dst_reg TYPE and imm TYPES[type] jumps if the type is another one. At the end stands EXIT.',
      'off is how many instructions are skipped: of three tests and an EXIT, the first skips 3, the second 2, the third 1. A number that is null needs no test.',
      'BPF_JMP | BPF_JSET | BPF_K jumps if one of the bits in imm is set: those that the rule does not allow are ALL & ~accessBits(access).',
    ],
  },
  () => {
    const any = () => seeded('task 5');
    const number = (name = '') => seeded(`task 5 ${name}`).integer(2, 4000);
    const rule = (
      type: DeviceRule['type'],
      major: number | null,
      minor: number | null,
      access = 'rwm',
    ): DeviceRule => ({
      ...{ type, major, minor, access },
    });

    /** Is it what a kernel would take? Otherwise it might not end. */
    const checked = (program: readonly BpfInsn[]) => {
      for (const [at, { off = 0, code }] of program.entries()) {
        const isJump = (code & 7) === 5;
        expect(!isJump || (off >= 0 && at + off < program.length), 'a jump leads forward, to an instruction').toBe(
          true,
        );
      }
      return program;
    };
    const says = (rules: readonly DeviceRule[], request: Request): boolean =>
      runProgram(checked(deviceProgram(rules)), asked(request)) === 1;
    const check = (rules: readonly DeviceRule[], requests: readonly Request[]) => {
      for (const request of requests)
        if (says(rules, request) !== allows(rules, request))
          expect(says(rules, request), `${JSON.stringify(rules)} about ${JSON.stringify(request)}`).toBe(
            allows(rules, request),
          );
    };
    const requests = (
      majors: readonly number[],
      minors: readonly number[],
      accesses: readonly string[] = ['r', 'rw', 'm'],
    ) =>
      (['b', 'c'] as const).flatMap((type) =>
        majors.flatMap((major) =>
          minors.flatMap((minor) => accesses.map((access) => ({ type, major, minor, access }))),
        ),
      );

    group('type and numbers', 6, () => {
      test('are those that are asked about, and null is any', () => {
        const [major, minor] = [number('major'), number('minor')];
        expect(says([rule('c', major, minor)], { type: 'c', major, minor, access: 'rw' })).toBe(true);
        for (const type of ['b', 'c'] as const)
          for (const one of [
            rule(type, major, minor),
            rule(type, major, null),
            rule(type, null, minor),
            rule(type, null, null),
            rule(type, 0, minor),
            rule(type, major, 0),
          ])
            check([one], requests([major, minor, 0, major + 1], [minor, major, 0, minor + 1]));
      });

      test('don’t matter where everything is allowed', () => {
        expect(says([rule('a', null, null)], { type: 'b', major: number(), minor: 0, access: 'rwm' })).toBe(true);
        check([rule('a', 1, 3, 'r')], requests([0, 1, number()], [0, 3]));
      });
    });

    group('access', 5, () => {
      test('all that is asked for must be allowed, and more may be', () => {
        expect(says([rule('c', 1, 3, 'rw')], { type: 'c', major: 1, minor: 3, access: 'rw' })).toBe(true);
        for (const access of ACCESSES) check([rule('c', 1, 3, access)], requests([1], [3], ACCESSES));
        for (const access of ACCESSES) check([rule('b', null, null, access)], requests([1], [3], ACCESSES));
      });
    });

    group('one after another', 4, () => {
      test('the first that fits allows it, and one that doesn’t leaves all as it was', () => {
        const random = numbers(any().integer(1, 1_000_000));
        expect(ifItFits(rule('c', 1, 3, 'rw')).length).toBeGreaterThan(1);
        for (let nth = 0; nth < 40; nth++) {
          const all = generated(random, 4);
          const isAbout = (one: DeviceRule, other: DeviceRule) =>
            String([one.type, one.major, one.minor]) === String([other.type, other.major, other.minor]);
          const rules = all.filter((one, at) => all.findIndex((other) => isAbout(one, other)) === at);
          check(rules, requests([0, 1, 5], [0, 3, 5], ACCESSES));
        }
      });
    });
  },
);
