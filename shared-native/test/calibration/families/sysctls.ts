import { AT_FDCWD, type Call, close, O_RDONLY, O_RDWR, O_WRONLY, openat, read, write } from '../../../src/index.ts';
import type { Random } from '../random.ts';

const NAMES = [
  ...['kernel/msgmax', 'kernel/msgmnb', 'kernel/msgmni', 'kernel/sem', 'kernel/shmmax', 'kernel/shmall'],
  ...['kernel/shmmni', 'kernel/shm_rmid_forced', 'fs/mqueue/msg_max', 'fs/mqueue/msgsize_default'],
  ...['fs/mqueue/queues_max', 'net/core/somaxconn', 'net/ipv4/ip_unprivileged_port_start'],
  ...[
    'net/ipv4/ping_group_range',
    'net/ipv4/ip_forward',
    'net/ipv4/conf/lo/rp_filter',
    'net/ipv4/conf/all/forwarding',
    'net/ipv6/conf/lo/forwarding',
  ],
];
const VALUES = ['0', '1', '1024', '80\n', ' 7 ', '32768', '32769', '65536', '2147483647', '4294967296', '-1', '3000'];
const ODD = ['', 'x', '1x', '18446744073709551615'];
const SEVERAL = ['0 2147483647', '5 4', '1 2', '0 1500'];

/** Variables below /proc/sys that a namespace has its own of. */
export const sysctls: readonly ((random: Random) => Call[])[] = [
  (random) => written(random, random.pick(NAMES), random.pick(VALUES)),
  (random) => written(random, random.pick(NAMES), random.pick(VALUES)),
  (random) => written(random, random.pick(NAMES), random.pick(ODD)),
  (random) => written(random, random.pick(['kernel/sem', 'net/ipv4/ping_group_range']), random.pick(SEVERAL)),
  (random) => shown(random.pick(NAMES)),
];

function written(random: Random, name: string, text: string): Call[] {
  const file = openat(AT_FDCWD, `/proc/sys/${name}`, random.pick([O_WRONLY, O_RDWR]));
  return [file, write(file, text), close(file), ...shown(name)];
}

function shown(name: string): Call[] {
  const file = openat(AT_FDCWD, `/proc/sys/${name}`, O_RDONLY);
  return [file, read(file, new Uint8Array(100)), close(file)];
}
