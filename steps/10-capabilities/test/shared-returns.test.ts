import { BPF_ABS, BPF_JA, BPF_JGE, BPF_JMP, BPF_K, BPF_LD, BPF_RET, BPF_W, type SockFilter } from 'shared-native';
import { expect, test } from 'vitest';
import { runFilter } from '../../../shared-native/src/model/process/filter.ts';
import { withSharedReturns } from '../src/seccomp/shared-returns.ts';

/** Numbers from 0 up to one, always the same for a seed. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
}

/** A program of any instructions that filters have, which ends whatever it is asked. */
function anyProgram(length: number, pick: (below: number) => number): SockFilter[] {
  const answer = () => ({ code: BPF_RET | BPF_K, k: pick(4) });
  const one = (left: number): SockFilter => {
    const reach = () => pick(Math.min(256, left));
    if (left === 0) return answer();
    switch (pick(5)) {
      case 0:
        return answer();
      case 1:
        return { code: BPF_LD | BPF_W | BPF_ABS, k: 16 + 4 * pick(12) };
      case 2:
        return { code: BPF_JMP | BPF_JA, k: pick(left) };
      default:
        return { code: BPF_JMP | BPF_JGE | BPF_K, k: pick(100), jt: reach(), jf: reach() };
    }
  };
  return Array.from({ length }, (_, nth) => one(length - 1 - nth));
}

test('answers as before, whatever the program', () => {
  const pick = chance(17);
  for (let round = 0; round < 300; round++) {
    const program = anyProgram(1 + pick(round < 50 ? 8 : 900), pick);
    const shared = withSharedReturns(program);
    for (const { jt = 0, jf = 0 } of shared) expect(Math.max(jt, jf)).toBeLessThanOrEqual(255);
    for (let time = 0; time < 20; time++) {
      const data = new DataView(new ArrayBuffer(64));
      for (let at = 0; at < 64; at += 4) data.setUint32(at, pick(100), true);
      expect(runFilter(shared, data)).toBe(runFilter(program, data));
    }
  }
});
