import {
  BPF_ABS,
  BPF_ALU,
  BPF_AND,
  BPF_JEQ,
  BPF_JGE,
  BPF_JGT,
  BPF_JMP,
  BPF_K,
  BPF_LD,
  BPF_RET,
  BPF_W,
  type SockFilter,
} from 'shared-native';
import type { Condition, Rule } from './profile.ts';

/** Where a comparison leads: to the next instruction, to the end of a condition that is true, or past a rule that isn't. */
type Target = 'next' | 'pass' | 'fail';

/** An instruction whose jumps are still names. */
export interface Step {
  readonly code: number;
  readonly k: number;
  readonly yes?: Target;
  readonly no?: Target;
}

/** The instructions of a rule: they return its action if its conditions are true, and otherwise go on after the rule. */
export function ruleCode({ conditions, action }: Rule, isWide: boolean): SockFilter[] {
  const parts = conditions.map((condition) => condition64(condition, isWide));
  const end = parts.reduce((sum, part) => sum + part.length, 0) + 1;
  let at = 0;
  const code = parts.flatMap((part) => {
    const places = { pass: at + part.length, fail: end };
    const linked = part.map((step, nth) => link(step, at + nth, places));
    at = places.pass;
    return linked;
  });
  return [...code, returns(action)];
}

/** Ends the filter with an answer. */
export function returns(action: number): SockFilter {
  return { code: BPF_RET | BPF_K, k: action };
}

function link({ code, k, yes, no }: Step, at: number, places: Record<'pass' | 'fail', number>): SockFilter {
  if (yes === undefined || no === undefined) return { code, k };
  const skip = (target: Target) => (target === 'next' ? 0 : places[target] - at - 1);
  return { code, k, jt: skip(yes), jf: skip(no) };
}

// #region 64 bits on a machine of 32
/**
 * Turns a condition into instructions. They end at `pass` if it is true of the argument, and at `fail` if it isn't; `next` is
 * the following instruction. The last one ends at one of the two. A BPF register has 32 bits, an argument 64. So the upper
 * halves are compared first, and the lower halves only if that doesn't decide it. Numbers are unsigned.
 *
 * `MASKED_EQ` is true if the argument and `valueTwo` agree in all bits that are 1 in `value`.
 *
 * @param isWide - false for calls of x32, whose arguments have only a lower half: then the upper one isn't checked
 */
export function condition64({ index, op, value, valueTwo }: Condition, isWide: boolean): Step[] {
  // #region task 3: an argument has two halves
  const [upper, lower] = halves(value);
  const larger = [high(index), jump(BPF_JGT, upper, 'pass', 'next'), jump(BPF_JEQ, upper, 'next', 'fail')];
  const same = [high(index), jump(BPF_JEQ, upper, 'next', 'fail')];
  switch (op) {
    case 'EQ':
      return [...(isWide ? same : []), low(index), last(BPF_JEQ, lower)];
    case 'GT':
      return [...(isWide ? larger : []), low(index), last(BPF_JGT, lower)];
    case 'GE':
      return [...(isWide ? larger : []), low(index), last(BPF_JGE, lower)];
    case 'MASKED_EQ': {
      const [upperBits, lowerBits] = halves(valueTwo & value);
      const first = [high(index), and(upper), jump(BPF_JEQ, upperBits, 'next', 'fail')];
      return [...(isWide ? first : []), low(index), and(lower), last(BPF_JEQ, lowerBits)];
    }
    case 'NE':
      return not(condition64({ index, op: 'EQ', value, valueTwo }, isWide));
    case 'LT':
      return not(condition64({ index, op: 'GE', value, valueTwo }, isWide));
    case 'LE':
      return not(condition64({ index, op: 'GT', value, valueTwo }, isWide));
  }
  // #endregion
}

/** The same with both ends swapped: true where the other is false. */
function not(steps: readonly Step[]): Step[] {
  const other = { next: 'next', pass: 'fail', fail: 'pass' } as const;
  return steps.map((step) => (step.yes && step.no ? { ...step, yes: other[step.yes], no: other[step.no] } : step));
}
// #endregion

/** Compares what is loaded with `k`. */
const jump = (test: number, k: number, yes: Target, no: Target): Step => ({ code: BPF_JMP | test | BPF_K, k, yes, no });
/** A comparison that decides. */
const last = (test: number, k: number) => jump(test, k, 'pass', 'fail');
/** Keeps those bits of what is loaded. */
const and = (k: number): Step => ({ code: BPF_ALU | BPF_AND | BPF_K, k });

// struct seccomp_data: the number, the architecture, where the call was made (8 bytes), six arguments of 8 bytes.
const ARGUMENTS = 16;
const low = (index: number) => load(ARGUMENTS + 8 * index);
const high = (index: number) => load(ARGUMENTS + 8 * index + 4);

/** Loads 4 bytes of what the filter is told of a call: struct seccomp_data, seccomp(2). */
export function load(offset: number): SockFilter {
  return { code: BPF_LD | BPF_W | BPF_ABS, k: offset };
}

function halves(value: bigint): [upper: number, lower: number] {
  return [Number(value >> 32n), Number(value & 0xffff_ffffn)];
}
