import { describe, expect, test } from 'vitest';
import { onTerminal, rootThatPushes } from '../../../test/tiocsti.ts';

const rootfs = rootThatPushes();

/** Root leaves the chroot as in step 2's lesson, and runs the program out there. */
const OUT = './boxstep 1 run nsenter --mount=/proc/1/ns/mnt';
const PUSH = `perl ${rootfs}/push.pl`;

describe('root in step 1’s container that pushes characters into its caller’s terminal', () => {
  test('is refused by its standard streams, which are pipes in place of the terminal', async () => {
    const { said, pushed } = await onTerminal(`${OUT} ${PUSH} 0 1 2 /dev/tty`);
    const refused = [0, 1, 2].map((stream) => `${stream}: Inappropriate ioctl for device`);
    expect(said.split('\n')).toEqual([...refused, '/dev/tty: No such device or address']);
    expect(pushed).toBe('');
  });

  test('does it by the terminal’s path, once it has left the chroot', async () => {
    const { said, pushed } = await onTerminal(`${OUT} ${PUSH} $TERMINAL < /dev/null`);
    expect(said).toMatch(/\/dev\/pts\/\d+: pushed/);
    expect(pushed).toBe('typed by nobody');
  });

  test('is refused even there without CAP_SYS_ADMIN, as from step 10 on', async () => {
    const { said, pushed } = await onTerminal(
      `${OUT} $(command -v setpriv) --bounding-set=-sys_admin ${PUSH} $TERMINAL < /dev/null`,
    );
    expect(said).toMatch(/\/dev\/pts\/\d+: (Operation not permitted|Input\/output error)/);
    expect(pushed).toBe('');
  });
});
