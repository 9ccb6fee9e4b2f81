import { BPF_JA, BPF_JMP, BPF_RET, type SockFilter } from 'shared-native';

/** How many instructions a conditional jump skips at most: each way has a byte for that. */
const FARTHEST = 255;

/**
 * The same program with about half the instructions: jumps that lead to the same answer lead to one instruction that gives it,
 * as far as they reach. The kernel keeps each process's filter in three forms, which then take 16 KiB less for each container.
 *
 * It is written from its end: all jumps lead forward, so what one leads to has its place already.
 */
export function withSharedReturns(program: readonly SockFilter[]): SockFilter[] {
  const backwards: SockFilter[] = [];
  const places = new Map<number, number>(); // of an instruction, by its number in the program
  const answers = new Map<number, number>(); // of the nearest instruction that gives an answer
  const put = (one: SockFilter) => backwards.push(one) - 1;
  const answered = (one: SockFilter) => {
    answers.set(one.k, put(one));
    return backwards.length - 1;
  };
  const skipTo = (place: number) => backwards.length - 1 - place;

  /** Where a jump has to lead that led to an instruction. It gets a step in between if that is too far. */
  const placeOf = (number: number, farthest: number): number => {
    const one = program[number] as SockFilter;
    if (isAlways(one)) return placeOf(number + 1 + one.k, farthest);
    const place = isAnswer(one) ? answers.get(one.k) : places.get(number);
    if (place !== undefined && skipTo(place) <= farthest) return place;
    return isAnswer(one) ? answered(one) : put({ code: BPF_JMP | BPF_JA, k: skipTo(place as number) });
  };

  for (let number = program.length - 1; number >= 0; number--) {
    const one = program[number] as SockFilter;
    if (isConditional(one)) {
      const yes = placeOf(number + 1 + (one.jt ?? 0), FARTHEST - 1); // the other may need one more in between
      const no = placeOf(number + 1 + (one.jf ?? 0), FARTHEST);
      places.set(number, put({ ...one, jt: skipTo(yes), jf: skipTo(no) }));
    } else if (!isAnswer(one) && !isAlways(one)) places.set(number, put(one));
    else if (followsOn(program[number - 1])) {
      if (isAnswer(one)) answered(one);
      else put({ ...one, k: skipTo(placeOf(number, Number.POSITIVE_INFINITY)) });
    }
  }
  return backwards.reverse();
}

const isAnswer = ({ code }: SockFilter) => (code & CLASS) === BPF_RET;
const isAlways = ({ code }: SockFilter) => (code & CLASS) === BPF_JMP && (code & OPERATION) === BPF_JA;
const isConditional = (one: SockFilter) => (one.code & CLASS) === BPF_JMP && !isAlways(one);

/** Does the instruction after this one run without a jump to it? */
function followsOn(one: SockFilter | undefined): boolean {
  return one === undefined || !(isAnswer(one) || isAlways(one) || isConditional(one));
}

/** An instruction's code has both: bpf(2). */
const CLASS = 0x07;
const OPERATION = 0xf0;
