import { describe, expect, test } from 'vitest';
import { onTerminal, rootThatPushes } from '../../../test/tiocsti.ts';

const rootfs = rootThatPushes();

describe('root in step 4’s container that pushes characters into a terminal', () => {
  test('finds none without -t', async () => {
    const { said, pushed } = await onTerminal(`./boxstep 4 run -i ${rootfs} perl /push.pl 0 1 2 /dev/tty`);
    expect(said.match(/: .*/g)).toEqual([
      ...Array(3).fill(': Inappropriate ioctl for device'),
      ': No such device or address',
    ]);
    expect(pushed).toBe('');
  });

  test('does it with -t to its own, and the caller’s gets nothing of it', async () => {
    const script = 'perl /push.pl /dev/tty; read typed; echo "read inside: $typed"';
    const { said, pushed } = await onTerminal(`./boxstep 4 run -it ${rootfs} sh -c '${script}'`);
    expect(said).toMatch(/^\/dev\/tty: pushed$/m);
    expect(said).toMatch(/^read inside: typed by nobody$/m);
    expect(pushed).toBe('');
  });
});
