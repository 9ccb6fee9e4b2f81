import { directory, executable, machine, type State, type Tree } from 'shared-native/model';
import { ROOTFS } from '../../rootfs.ts';

/** What the kernel tells of itself where plans ask, by path. */
export const TOLD: Readonly<Record<string, string>> = {
  '/proc/self/mountinfo': '30 23 0:26 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:4 - cgroup2 cgroup2 rw\n',
  '/proc/self/cgroup': '0::/\n',
  '/proc/self/uid_map': '         0          0 4294967295\n',
  '/proc/self/gid_map': '         0          0 4294967295\n',
  '/proc/self/status': 'CapBnd:\t000001ffffffffff\n',
  '/proc/sys/kernel/cap_last_cap': '40\n',
  '/proc/meminfo': 'MemTotal:        8388608 kB\n',
  '/proc/net/route': '',
  '/proc/swaps': 'Filename Type Size Used Priority\n',
  '/sys/fs/cgroup/cgroup.controllers': 'cpuset cpu io memory pids\n',
  '/sys/devices/system/cpu/online': '0-3\n',
  '/sys/fs/cgroup/cgroup.subtree_control': 'cpuset cpu io memory pids\n',
};

/** The files of a root filesystem, by their paths in it. */
const inRootfs: Tree = {
  '/bin/sh': executable,
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nann:x:1000:1000::/home/ann:/bin/sh\n',
  '/etc/group': 'root:x:0:\nann:x:1000:\n',
  '/srv': directory(),
  '/tmp': directory({ mode: 0o1777 }),
};

/** A root filesystem. */
export function rootfsAt(path: string): Tree {
  return {
    ...Object.fromEntries(Object.entries(inRootfs).map(([name, what]) => [path + name, what])),
    ...Object.fromEntries(['dev', 'proc', 'run', 'sys', 'var'].map((name) => [`${path}/${name}`, directory()])),
  };
}

/** The host’s files: a root filesystem among them, and places of the runtime’s. */
export const TREE: Tree = {
  ...rootfsAt(ROOTFS),
  '/etc/hosts': '127.0.0.1\tlocalhost\n',
  '/etc/resolv.conf': 'nameserver 192.0.2.53\n',
  '/run/boxstep': directory(),
  '/var/lib/boxstep/containers': directory(),
  '/var/lib/boxstep/volumes': directory(),
};

/** The machine on which plans are made, as a model: nothing ever runs on it. */
export let host: State = machine({ tree: TREE });

/** Makes a plan on a machine with other files. */
export function onHostWith<T>(tree: Tree, make: () => T): T {
  const usual = host;
  host = machine({ tree });
  try {
    return make();
  } finally {
    host = usual;
  }
}
