import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findHierarchies } from 'step-10';
import type { OciCommand } from '../oci-command.ts';
import { OCI_VERSION } from '../version.ts';

export const specCommand: OciCommand = {
  usage: '',
  description: 'write a config.json to begin with',
  options: (command) => command.option('-b, --bundle <directory>', 'where', '.'),
  run(_, { bundle }: { bundle: string }) {
    const text = `${JSON.stringify(exampleConfig(), null, '\t')}\n`;
    writeFileSync(join(bundle, 'config.json'), text, { flag: 'wx', mode: 0o666 });
    return 0;
  },
};

/** A config.json to begin with, for this machine. */
export function exampleConfig(): object {
  const { linux } = EXAMPLE;
  const hasV1 = findHierarchies().some(({ version, controllers }) => version === 1 && controllers.length > 0);
  const namespaces = [...linux.namespaces, ...(hasV1 ? [] : [{ type: 'cgroup' }])]; // as runc: v1 shows what it mounts
  return { ...EXAMPLE, linux: { ...linux, namespaces } };
}

const KEPT = ['CAP_AUDIT_WRITE', 'CAP_KILL', 'CAP_NET_BIND_SERVICE'];
const mount = (destination: string, type: string, source: string, ...options: string[]) => ({
  destination,
  type,
  source,
  options,
});
const SAFE = ['nosuid', 'noexec', 'nodev'];

/** A shell in a container as runc's `spec` has it. */
const EXAMPLE = {
  ociVersion: OCI_VERSION,
  process: {
    terminal: true,
    user: { uid: 0, gid: 0 },
    args: ['sh'],
    env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'TERM=xterm'],
    cwd: '/',
    capabilities: { bounding: KEPT, effective: KEPT, permitted: KEPT },
    rlimits: [{ type: 'RLIMIT_NOFILE', hard: 1024, soft: 1024 }],
    noNewPrivileges: true,
  },
  root: { path: 'rootfs', readonly: true },
  hostname: 'boxstep',
  mounts: [
    { destination: '/proc', type: 'proc', source: 'proc' },
    mount('/dev', 'tmpfs', 'tmpfs', 'nosuid', 'strictatime', 'mode=755', 'size=65536k'),
    mount('/dev/pts', 'devpts', 'devpts', 'nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5'),
    mount('/dev/shm', 'tmpfs', 'shm', ...SAFE, 'mode=1777', 'size=65536k'),
    mount('/dev/mqueue', 'mqueue', 'mqueue', ...SAFE),
    mount('/sys', 'sysfs', 'sysfs', ...SAFE, 'ro'),
    mount('/sys/fs/cgroup', 'cgroup', 'cgroup', ...SAFE, 'relatime', 'ro'),
  ],
  linux: {
    resources: { devices: [{ allow: false, access: 'rwm' }] },
    namespaces: ['pid', 'network', 'ipc', 'uts', 'mount'].map((type) => ({ type })),
    maskedPaths: [
      ...['acpi', 'asound', 'kcore', 'keys', 'latency_stats', 'timer_list', 'timer_stats', 'sched_debug', 'scsi'].map(
        (name) => `/proc/${name}`,
      ),
      '/sys/firmware',
    ],
    readonlyPaths: ['bus', 'fs', 'irq', 'sys', 'sysrq-trigger'].map((name) => `/proc/${name}`),
  },
};
