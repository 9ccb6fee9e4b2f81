import { group, seeded, task } from 'grader';
import { SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO } from 'shared-native';
import { assertFilter, runFilter } from 'shared-native/model';
import { expect, test } from 'vitest';
import { returns, ruleCode } from '../src/seccomp/conditions.ts';
import { COMPARISONS, type Comparison, type Condition } from '../src/seccomp/profile.ts';

const TRUE = SECCOMP_RET_ERRNO | 7;
const MOST = (1n << 64n) - 1n;

task(
  3,
  {
    points: 20,
    hints: [
      'EQ: [high(index), jump(BPF_JEQ, upper, "next", "fail"), low(index), last(BPF_JEQ, lower)]: if the upper halves differ, the matter is decided; otherwise the lower ones decide.',
      'GT and GE: a larger upper half is enough ("pass"), a smaller one ends it ("fail"), an equal one leaves it to the lower half. So two jumps after one load: BPF_JGT, then BPF_JEQ.',
      'NE, LT and LE are not(…) of EQ, GE and GT. MASKED_EQ is EQ with and(…) after each load, and compares with halves(valueTwo & value). Without isWide, leave out all that looks at the upper half.',
    ],
  },
  () => {
    const any = () => seeded('task 3');
    const big = (name: string) =>
      BigInt(seeded(name).integer(0, 0xffff_ffff)) * 0x1_0000_0000n +
      BigInt(seeded(`${name}'`).integer(0, 0xffff_ffff));
    const values = () => [
      0n,
      1n,
      7n,
      0xffff_ffffn,
      1n << 32n,
      (1n << 32n) | 7n,
      (7n << 32n) | 1n,
      1n << 63n,
      MOST,
      big('value'),
    ];
    /** An argument that is the value, one beside it, and others of which a half is the same. */
    const near = (value: bigint) =>
      [
        value,
        value - 1n,
        value + 1n,
        value ^ (1n << 32n),
        value ^ (1n << 63n),
        value & 0xffff_ffffn,
        value >> 32n,
        (value >> 32n) << 32n,
        0n,
        MOST,
        big('argument'),
      ].map((one) => BigInt.asUintN(64, one));
    const isTrue = ({ op, value, valueTwo }: Condition, arg: bigint): boolean => {
      switch (op) {
        case 'EQ':
          return arg === value;
        case 'NE':
          return arg !== value;
        case 'LT':
          return arg < value;
        case 'LE':
          return arg <= value;
        case 'GT':
          return arg > value;
        case 'GE':
          return arg >= value;
        case 'MASKED_EQ':
          return (arg & value) === (valueTwo & value);
      }
    };
    const condition = (op: Comparison, value: bigint, index = any().integer(0, 5), valueTwo = 0n): Condition => ({
      index,
      op,
      value,
      valueTwo,
    });

    /** What a filter of these conditions says of a call with these arguments: are all of them true? */
    const says = (conditions: readonly Condition[], args: readonly bigint[], isWide = true): boolean => {
      const filter = [...ruleCode({ names: ['read'], action: TRUE, conditions }, isWide), returns(SECCOMP_RET_ALLOW)];
      assertFilter(filter);
      const data = new DataView(new ArrayBuffer(64));
      for (const [nth, arg] of args.entries()) data.setBigUint64(16 + 8 * nth, arg, true);
      return runFilter(filter, data) >>> 0 === TRUE;
    };
    /** Six arguments, of which one matters. */
    const withOne = (index: number, arg: bigint) =>
      Array.from({ length: 6 }, (_, nth) => (nth === index ? arg : ~arg & MOST));
    const check = (conditions: readonly Condition[], isWide = true) => {
      for (const one of conditions)
        for (const arg of near(one.value)) {
          const is = isWide
            ? isTrue(one, arg)
            : isTrue({ ...one, value: low(one.value), valueTwo: low(one.valueTwo) }, low(arg));
          const { op, value, valueTwo, index } = one;
          const shown = `argument ${index}: ${hex(arg)} ${op} ${hex(value)}${op === 'MASKED_EQ' ? ` of ${hex(valueTwo)}` : ''}`;
          if (says([one], withOne(index, arg), isWide) !== is)
            expect(!is, `${shown}${isWide ? '' : ', 32 bits'}`).toBe(is);
        }
    };
    const low = (value: bigint) => value & 0xffff_ffffn;
    const hex = (value: bigint) => `0x${value.toString(16)}`;
    const ofAll = (...ops: Comparison[]) => ops.flatMap((op) => values().map((value) => condition(op, value)));
    /** It is no test of instructions if there are none. */
    const differ = (one: Condition, yes: bigint, no: bigint) =>
      expect([says([one], withOne(one.index, yes)), says([one], withOne(one.index, no))]).toEqual([true, false]);

    group('equal or not', 6, () => {
      test('both halves count', () => {
        differ(condition('EQ', 7n, 2), 7n, 8n);
        check(ofAll('EQ', 'NE'));
      });

      test('of each of the six arguments', () => {
        check(
          [0, 1, 2, 3, 4, 5].flatMap((index) =>
            (['EQ', 'NE'] as const).map((op) => condition(op, (5n << 32n) | 9n, index)),
          ),
        );
      });
    });

    group('larger or smaller', 7, () => {
      test('a larger upper half is enough, an equal one leaves it to the lower', () => {
        differ(condition('GT', 7n, 2), 8n, 7n);
        check(ofAll('GT', 'GE', 'LT', 'LE'));
      });
    });

    group('some of the bits', 4, () => {
      test('MASKED_EQ compares only those in value', () => {
        differ(condition('MASKED_EQ', 6n, 2, 2n), 3n, 4n);
        const masks = [0n, 1n, 0x7e02_0000n, 0xffff_ffffn, 0xff_0000_0000n, MOST, big('mask')];
        check(
          masks.flatMap((mask) =>
            [0n, 2n, mask, MOST, 1n << 40n, big('two')].map((two) =>
              condition('MASKED_EQ', mask, any().integer(0, 5), two),
            ),
          ),
        );
      });
    });

    group('one after another, and half as wide', 3, () => {
      test('all conditions of a rule must be true', () => {
        differ(condition('GE', 7n, 0), 7n, 6n);
        const pairs = COMPARISONS.flatMap((op) =>
          COMPARISONS.map((other) => [condition(op, 1n << 33n, 1, 1n << 33n), condition(other, 5n, 3, 5n)] as const),
        );
        for (const [one, other] of pairs)
          for (const [arg, more] of [
            [1n << 33n, 5n],
            [0n, 5n],
            [1n << 33n, 0n],
            [MOST, MOST],
            [1n, 6n],
          ] as const) {
            const args = [0n, arg, 0n, more, 0n, 0n];
            expect(says([one, other], args), `${one.op} and ${other.op}`).toBe(isTrue(one, arg) && isTrue(other, more));
          }
      });

      test('in calls of x32, the upper half is not looked at', () => {
        differ(condition('EQ', 7n, 2), 7n, 8n);
        check(ofAll(...COMPARISONS), false);
      });
    });
  },
);
