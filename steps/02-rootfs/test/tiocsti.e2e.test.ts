import { describe, expect, test } from 'vitest';
import { onTerminal, rootThatPushes } from '../../../test/tiocsti.ts';

const rootfs = rootThatPushes();

describe('root in step 2’s container that pushes characters into its caller’s terminal', () => {
  test('finds it by no path: not by its standard streams, and not by a device that it makes', async () => {
    const devices = 'mknod /dev/theirs c 136 $N; mount -t devpts new /mnt';
    const push = 'perl /push.pl 0 1 2 /dev/tty /dev/console /dev/theirs /mnt/$N /dev/pts/$N';
    const { said, pushed } = await onTerminal(`./boxstep 2 run ${rootfs} env N=$N sh -c '${devices}; ${push}'`);
    const number = /pts\/(\d+)/.exec(said)?.[1];
    expect(said.split('\n')).toEqual([
      '0: Inappropriate ioctl for device',
      '1: Inappropriate ioctl for device',
      '2: Inappropriate ioctl for device',
      '/dev/tty: No such device or address',
      '/dev/console: No such file or directory',
      '/dev/theirs: Input/output error',
      `/mnt/${number}: No such file or directory`,
      `/dev/pts/${number}: No such file or directory`,
    ]);
    expect(pushed).toBe('');
  });

  test('does not find it either where it has entered its mount namespace anew, as it could in step 1', async () => {
    const enter = 'nsenter --mount=/proc/1/ns/mnt perl /push.pl';
    const { said, pushed } = await onTerminal(`./boxstep 2 run ${rootfs} ${enter} $TERMINAL < /dev/null`);
    expect(said).toMatch(/^\/dev\/pts\/\d+: No such file or directory$/);
    expect(pushed).toBe('');
  });
});
