import { expect, test } from 'vitest';
import { atMost } from '../src/registry/at-most.ts';

test('no more go on at a time than may, each in its turn, also after one that fails', async () => {
  const [going, begun]: [Set<number>, number[]] = [new Set(), []];
  let most = 0;
  const ends: (() => void)[] = [];
  const line = atMost(2);
  const all = [0, 1, 2, 3].map((nth) =>
    line(async () => {
      begun.push(nth);
      most = Math.max(most, going.add(nth).size);
      await new Promise<void>((resolve) => ends.push(resolve));
      going.delete(nth);
      if (nth === 0) throw new Error('the first fails');
      return nth;
    }),
  );
  const settled = Promise.allSettled(all);
  for (let nth = 0; nth < 4; nth++) {
    await expect.poll(() => ends.length).toBe(Math.min(4, nth + 2));
    ends[nth]?.();
  }
  expect((await settled).map((one) => (one.status === 'fulfilled' ? one.value : 'failed'))).toEqual([
    'failed',
    1,
    2,
    3,
  ]);
  expect([most, begun]).toEqual([2, [0, 1, 2, 3]]);
});
