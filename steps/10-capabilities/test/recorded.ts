import type { Texts } from '../src/audit/process.ts';

// What the kernel said of three containers (Linux 6.18, cgroup v1), without what nothing reads.

const OURS = {
  mnt: 'mnt:[4026531832]',
  ...{ user: 'user:[4026531837]', uts: 'uts:[4026531838]', ipc: 'ipc:[4026531839]', pid: 'pid:[4026531836]' },
  ...{ cgroup: 'cgroup:[4026531835]', net: 'net:[4026531833]' },
};

const MACHINE = {
  ourMountinfo: `22 27 0:21 / /proc rw,relatime - proc proc rw
24 27 0:6 / /dev rw,relatime - devtmpfs devtmpfs rw,size=12358300k,mode=755
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
35 27 254:16 / /srv/my\\040data rw,relatime - ext4 /dev/vdb rw
`,
  ourNamespaces: OURS,
  label: '',
  limits: { 'memory.limit_in_bytes': '9223372036854771712', 'pids.max': '512' },
  walled: {
    masked: ['/proc/acpi', '/proc/interrupts', '/proc/keys', '/proc/timer_list', '/sys/firmware'],
    readOnly: ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys'],
  },
  disks: ['254:0', '7:0'],
};

const RULES = ['c *:* m', 'b *:* m', 'c 1:3 rwm', 'c 1:5 rwm', 'c 5:0 rwm', 'c 136:* rwm'];
const CHARS = [
  { path: '/dev/null', type: 'c', major: 1, minor: 3 },
  { path: '/dev/zero', type: 'c', major: 1, minor: 5 },
] as const;

/** `run IMAGE sleep 40`, as root. */
export const DEFAULT: Texts = {
  ...MACHINE,
  status: `Name:\tsleep
Uid:\t1073741824\t1073741824\t1073741824\t1073741824
Gid:\t1073741824\t1073741824\t1073741824\t1073741824
CapInh:\t0000000000000000
CapPrm:\t00000000a80425fb
CapEff:\t00000000a80425fb
CapBnd:\t00000000a80425fb
CapAmb:\t0000000000000000
NoNewPrivs:\t0
Seccomp:\t2
Seccomp_filters:\t1
`,
  uidMap: '         0 1073741824      65536\n',
  gidMap: '         0 1073741824      65536\n',
  mountinfo: `241 246 254:0 /run/boxstep/.etc/web/hosts /etc/hosts rw,relatime - ext4 /dev/vda rw
246 217 0:63 / / rw,relatime - overlay none rw,lowerdir+=/lower,upperdir=/upper,workdir=/work,userxattr
247 246 0:65 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw
248 246 0:66 / /sys ro,nosuid,nodev,noexec,relatime - sysfs sysfs ro
249 246 0:67 / /dev rw,nosuid - tmpfs tmpfs rw,size=65536k,mode=755
250 249 0:6 /null /dev/null rw,relatime - devtmpfs devtmpfs rw,mode=755
256 249 0:68 / /dev/pts rw,nosuid,noexec,relatime - devpts devpts rw,gid=1073741829,mode=620,ptmxmode=666
257 248 0:69 / /sys/fs/cgroup ro,nosuid,nodev,noexec,relatime - tmpfs tmpfs rw,mode=755
261 257 0:36 /boxstep/web /sys/fs/cgroup/pids ro,nosuid,nodev,noexec,relatime - cgroup cgroup rw,pids
264 247 0:65 /bus /proc/bus ro,nosuid,nodev,noexec,relatime - proc proc rw
265 247 0:65 /fs /proc/fs ro,nosuid,nodev,noexec,relatime - proc proc rw
266 247 0:65 /irq /proc/irq ro,nosuid,nodev,noexec,relatime - proc proc rw
267 247 0:65 /sys /proc/sys ro,nosuid,nodev,noexec,relatime - proc proc rw
268 247 0:71 / /proc/acpi ro,relatime - tmpfs tmpfs ro,size=4k,nr_inodes=1
269 247 0:6 /null /proc/interrupts rw,relatime - devtmpfs devtmpfs rw,mode=755
270 247 0:6 /null /proc/keys rw,relatime - devtmpfs devtmpfs rw,mode=755
271 247 0:6 /null /proc/timer_list rw,relatime - devtmpfs devtmpfs rw,mode=755
272 248 0:72 / /sys/firmware ro,relatime - tmpfs tmpfs ro,size=4k,nr_inodes=1
`,
  namespaces: {
    mnt: 'mnt:[4026532473]',
    ...{ user: 'user:[4026532472]', uts: 'uts:[4026532474]', ipc: 'ipc:[4026532475]', pid: 'pid:[4026532476]' },
    ...{ cgroup: 'cgroup:[4026532546]', net: 'net:[4026532477]' },
  },
  root: '/',
  nodes: CHARS,
  devices: { by: 'list', rules: RULES },
};

/** `run --userns host --privileged --pid host -v '/srv/my data:/data' IMAGE sleep 40` */
export const PRIVILEGED: Texts = {
  ...MACHINE,
  status: `Name:\tsleep
Uid:\t0\t0\t0\t0
Gid:\t0\t0\t0\t0
CapInh:\t0000000000000000
CapPrm:\t000001fffeffffff
CapEff:\t000001fffeffffff
CapBnd:\t000001fffeffffff
CapAmb:\t0000000000000000
NoNewPrivs:\t0
Seccomp:\t0
Seccomp_filters:\t0
`,
  uidMap: '         0          0 4294967295\n',
  gidMap: '         0          0 4294967295\n',
  mountinfo: `187 203 254:16 / /data rw,relatime - ext4 /dev/vdb rw
188 203 254:0 /run/boxstep/.etc/priv/hosts /etc/hosts rw,relatime - ext4 /dev/vda rw
203 116 0:53 / / rw,relatime - overlay none rw,lowerdir+=/lower,upperdir=/upper,workdir=/work
204 203 0:55 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw
205 203 0:56 / /sys rw,nosuid,nodev,noexec,relatime - sysfs sysfs rw
206 203 0:57 / /dev rw,nosuid - tmpfs tmpfs rw,size=65536k,mode=755
212 208 0:36 /boxstep/priv /sys/fs/cgroup/pids rw,nosuid,nodev,noexec,relatime - cgroup cgroup rw,pids
`,
  namespaces: {
    mnt: 'mnt:[4026532200]',
    ...{ user: OURS.user, uts: 'uts:[4026532201]', ipc: 'ipc:[4026532202]', pid: OURS.pid },
    ...{ cgroup: 'cgroup:[4026532203]', net: 'net:[4026532204]' },
  },
  root: '/',
  nodes: [...CHARS, { path: '/dev/vda', type: 'b', major: 254, minor: 0 }],
  devices: { by: 'nothing' },
};

/** Step 1's container: `./boxstep 1 run sleep 40` */
export const FIRST: Texts = {
  ...PRIVILEGED,
  mountinfo: '114 93 0:40 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw\n',
  namespaces: { ...OURS, mnt: 'mnt:[4026532180]', uts: 'uts:[4026532181]', pid: 'pid:[4026532182]' },
  root: '/var/cache/boxstep/rootfs-1',
  nodes: CHARS,
};
