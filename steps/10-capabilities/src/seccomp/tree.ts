import { BPF_JA, BPF_JGE, BPF_JMP, BPF_K, type SockFilter } from 'shared-native';

/** What is done for the numbers from one on: instructions that end in an answer, whichever way they go. */
export interface Span {
  readonly from: number;
  readonly code: readonly SockFilter[];
}

/**
 * Finds the span that a number is in, by halves: 30 spans take 5 comparisons. The number has been loaded.
 *
 * @param spans - by `from`; the first begins at 0
 */
export function choose(spans: readonly Span[]): readonly SockFilter[] {
  const middle = spans.length >> 1;
  const [first, half] = [spans[0] as Span, spans[middle] as Span];
  if (middle === 0) return first.code;
  const below = choose(spans.slice(0, middle));
  return [...skipIfFrom(half.from, below.length), ...below, ...choose(spans.slice(middle))];
}

/** Skips instructions if the number is at least `from`. A conditional jump skips at most 255; for more, an unconditional one stands behind it. */
function skipIfFrom(from: number, length: number): SockFilter[] {
  const test = { code: BPF_JMP | BPF_JGE | BPF_K, k: from };
  if (length <= 255) return [{ ...test, jt: length, jf: 0 }];
  return [
    { ...test, jt: 0, jf: 1 },
    { code: BPF_JMP | BPF_JA, k: length },
  ];
}
