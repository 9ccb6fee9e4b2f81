import { expect, test } from 'vitest';
import { freezeContainer } from '../src/index.ts';

test('a container without a freezer isn’t paused, which a promise says, as of other reasons', async () => {
  const paused = freezeContainer('nobody', true, []); // it must not throw here: a caller’s catch() wouldn't hear
  await expect(paused).rejects.toThrow('pause needs the "freezer" controller');
});
