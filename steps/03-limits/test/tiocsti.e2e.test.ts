import { expect, test } from 'vitest';
import { onTerminal, rootThatPushes } from '../../../test/tiocsti.ts';

const rootfs = rootThatPushes();

test('root in step 3’s container finds no terminal of the caller’s to push characters into', async () => {
  const { said, pushed } = await onTerminal(`./boxstep 3 run ${rootfs} perl /push.pl 0 1 2 /dev/tty $TERMINAL`);
  expect(said.match(/: .*/g)).toEqual([
    ...Array(3).fill(': Inappropriate ioctl for device'),
    ': No such device or address',
    ': No such file or directory',
  ]);
  expect(pushed).toBe('');
});
