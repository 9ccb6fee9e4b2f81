import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asStrace } from 'shared-native';
import { inOrder } from 'step-10';
import { expect, onTestFinished, test } from 'vitest';
import { deviceLines, onlyAllowed } from '../src/oci/cgroups/devices.ts';
import { cgroupPlaces } from '../src/oci/cgroups/place.ts';
import { settings } from '../src/oci/cgroups/settings.ts';
import { readBundle } from '../src/oci/config/bundle.ts';
import { configShape } from '../src/oci/config/schema.ts';
import { parseJson } from '../src/oci/config/shape.ts';
import { failureText } from '../src/oci/log.ts';
import { mountOptions } from '../src/oci/mounts/options.ts';
import { assertProc } from '../src/oci/mounts/proc-is-proc.ts';
import { usersOf } from '../src/oci/mounts/users.ts';
import { planOf } from '../src/oci/plan.ts';
import { limitCalls } from '../src/oci/process/privileges.ts';

const MINIMAL = {
  ociVersion: '1.2.0',
  root: { path: 'rootfs' },
  process: { cwd: '/', args: ['sh'] },
  linux: { namespaces: [{ type: 'mount' }, { type: 'pid' }] },
};

/** A bundle with this config.json. */
function bundle(config: object): string {
  const directory = mkdtempSync(join(tmpdir(), 'boxstep-bundle-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  mkdirSync(join(directory, 'rootfs'));
  writeFileSync(join(directory, 'config.json'), JSON.stringify(config));
  return directory;
}

test.each([
  [
    'a size of huge pages in a unit that there isn’t',
    { linux: { resources: { hugepageLimits: [{ limit: 1, pageSize: '64kB' }] } } },
  ],
  ['a network device whose name is a number', { linux: { netDevices: { eth0: { name: 23 } } } }],
  ['handles that are no number', { linux: { resources: { rdma: { mlx5_1: { hcaHandles: 'not a uint32' } } } } }],
  ['a jail without a network of its own or another', { freebsd: { jail: { vnet: 'disable' } } }],
  ['no version', { ociVersion: undefined }],
  ['a process without a directory', { process: { args: ['sh'] } }],
  ['an id below 0', { process: { cwd: '/', user: { uid: -1, gid: 0 } } }],
])('a config.json with %s is refused', (_, wrong) => {
  expect(() => configShape({ ...MINIMAL, ...wrong }, '')).toThrow(/ is to be /);
});

test('a number that JavaScript would round stays as it is, and null is what isn’t there', () => {
  const text =
    '{"ociVersion":"1.0.0","linux":null,"process":{"cwd":"/","rlimits":[{"type":"RLIMIT_CORE","soft":18446744073709551615,"hard":18446744073709551615}]}}';
  const { process, linux } = configShape(parseJson(text), '');
  expect([process?.rlimits?.[0]?.hard, linux]).toEqual([2n ** 64n - 1n, undefined]);
});

test('what isn’t known is passed over, as the specification says', () => {
  expect(configShape({ ...MINIMAL, 'com.example': { a: 1 } }, '')).toEqual(MINIMAL);
});

test.each([
  ['linux.intelRdt', { linux: { ...MINIMAL.linux, intelRdt: { closID: 'a' } } }],
  ['linux.netDevices "eth0"', { linux: { ...MINIMAL.linux, netDevices: { eth0: {} } } }],
  [
    'linux.netDevices "a b"',
    { linux: { namespaces: [{ type: 'mount' }, { type: 'network' }], netDevices: { eth0: { name: 'a b' } } } },
  ],
  ['vm', { vm: {} }],
  ['hostname', { hostname: 'box' }],
  ['linux.sysctl "kernel.panic"', { linux: { ...MINIMAL.linux, sysctl: { 'kernel.panic': '1' } } }],
  ['linux.sysctl "net.ipv4.ip_forward"', { linux: { ...MINIMAL.linux, sysctl: { 'net.ipv4.ip_forward': '1' } } }],
  ['linux.uidMappings', { linux: { namespaces: [{ type: 'mount' }, { type: 'user' }] } }],
  ['linux.namespaces', { linux: { namespaces: [{ type: 'pid' }] } }],
])('%s, which can’t be had, is refused by name', (field, wanted) => {
  expect(() => readBundle(bundle({ ...MINIMAL, ...wanted }))).toThrow(`config.json: ${field} can’t be had: `);
});

test('mounts are made in the order in which they are listed, and before anything is given up', () => {
  const mounts = [
    { destination: '/proc', type: 'proc', source: 'proc' },
    { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755'] },
    { destination: '/sys', type: 'sysfs', source: 'sysfs', options: ['ro'] },
  ];
  const { plan } = planOf(readBundle(bundle({ ...MINIMAL, mounts })), { id: 'box', directory: '/run/box' });
  const calls = inOrder(plan.program);
  const opened = calls.flatMap(({ name, args: { fsname } }) =>
    name === 'fsopen' && fsname?.kind === 'string' ? [fsname.value] : [],
  );
  expect(opened).toEqual(['proc', 'tmpfs', 'sysfs']);
  const at = (name: string) => calls.findLastIndex((call) => call.name === name);
  expect(at('move_mount')).toBeLessThan(at('pivot_root'));
  expect(at('pivot_root')).toBeLessThan(at('capset'));
  expect(calls.at(-1)?.name).toBe('execve');
});

test('an option with r before it goes for the mounts below as well', () => {
  const { own, all, propagation, data, bind } = mountOptions(['rbind', 'ro', 'rnosuid', 'rprivate', 'size=1m']);
  expect({ own, all, bind, data }).toEqual({
    own: { set: 1, clear: 0 },
    all: { set: 2, clear: 0 },
    bind: true,
    data: ['size=1m'],
  });
  expect(propagation).toEqual([{ type: 1 << 18, recursive: true }]);
});

test('of two options that contradict each other, the last counts', () => {
  expect(mountOptions(['ro', 'rw']).own).toEqual({ set: 0, clear: 1 });
  expect(mountOptions(['rw', 'ro']).own).toEqual({ set: 1, clear: 0 });
});

test('what lies over /proc in the end is seen, whatever links led there', () => {
  const line = (point: string) => `30 29 0:25 / ${point} rw - tmpfs tmpfs rw`;
  expect(() => assertProc({ ...MINIMAL, linux: {} } as never, line('/proc/self/attr'))).toThrow('is inside /proc');
  expect(() =>
    assertProc({ ...MINIMAL, linux: { maskedPaths: ['/proc/keys'] } } as never, line('/proc/keys')),
  ).not.toThrow();
  expect(() => assertProc(MINIMAL as never, line('/proc/meminfo'))).not.toThrow();
  const proc = (root: string, type: string) => `30 29 0:25 ${root} /proc rw - ${type} ${type} rw`;
  expect(() => assertProc(MINIMAL as never, proc('/', 'proc'))).not.toThrow();
  const bound = { ...MINIMAL, mounts: [{ destination: '/proc', type: 'bind', source: '/tmp', options: ['rbind'] }] };
  for (const other of [proc('/', 'tmpfs'), proc('/tmp', 'ext4'), proc('/sys', 'proc')])
    expect(() => assertProc(bound as never, other)).toThrow('it is not of type proc');
});

test('a path of cgroups that leads up stays below the top', () => {
  const hierarchy = {
    version: 2,
    mount: '/sys/fs/cgroup',
    parent: '',
    controllers: ['pids'],
    readOnly: false,
  } as const;
  const [place] = cgroupPlaces('/../../etc/x', 'box', [hierarchy], '0::/user\n');
  expect(place?.cgroup).toBe('/sys/fs/cgroup/etc/x');
  expect(cgroupPlaces('a/b', 'box', [hierarchy], '0::/user/own\n')[0]?.cgroup).toBe('/sys/fs/cgroup/user/a/b');
  expect(() => cgroupPlaces('system.slice:libpod:box', 'box', [hierarchy], '')).toThrow('systemd');
});

test('systemd’s own hierarchy of v1 gets a cgroup as well, in which programs look for theirs', () => {
  const hierarchy = {
    version: 1,
    mount: '/sys/fs/cgroup/systemd',
    parent: '',
    controllers: [],
    readOnly: false,
  } as const;
  const ours = '2:cpu:/other\n1:name=systemd:/user\n0::/v2\n';
  expect(cgroupPlaces('/a', 'box', [hierarchy], ours)[0]?.cgroup).toBe('/sys/fs/cgroup/systemd/a');
  expect(cgroupPlaces('a', 'box', [hierarchy], ours)[0]?.cgroup).toBe('/sys/fs/cgroup/systemd/user/a');
});

test('the machine’s console is not among the devices that every container has', () => {
  expect(deviceLines([]).map(([, value]) => value)).not.toContain('c 5:1 rwm');
  expect(onlyAllowed([])?.some(({ major, minor }) => major === 5 && minor === 1)).toBe(false);
});

test.each([
  ['ENOENT', 'no such file or directory'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'operation not permitted'],
])('a client finds the words for %s in a failure', (code, words) => {
  expect(failureText(Object.assign(new Error('it failed'), { code }))).toBe(`it failed: ${words}`);
  expect(failureText(Object.assign(new Error(`stat: ${words}`), { code }))).toBe(`stat: ${words}`);
});

test('an error without a number has its own words alone', () => {
  expect(failureText(Object.assign(new Error('error: unknown option'), { code: 'commander.unknownOption' }))).toBe(
    'unknown option',
  );
});

test('an ID-mapped mount is a bind mount, and has both maps', () => {
  const maps = { uidMappings: [{ containerID: 0, hostID: 5, size: 1 }], gidMappings: [] };
  const bind = { destination: '/a', options: ['bind', 'idmap'] };
  const config = configShape(MINIMAL, '');
  expect(() => usersOf(config, { ...bind, ...maps })).toThrow('needs both uidMappings and gidMappings');
  expect(() => usersOf(config, bind)).toThrow('needs both');
  const both = { ...maps, gidMappings: maps.uidMappings };
  expect(() => usersOf(config, { destination: '/a', type: 'tmpfs', ...both })).toThrow('only a bind mount');
  const mapped = { ...config, linux: { ...config.linux, ...both } };
  expect(usersOf(mapped, bind)).toEqual([both.uidMappings, both.gidMappings]);
  expect(usersOf(mapped, { ...bind, options: ['bind'] })).toBeUndefined();
});

test('no limit on memory is max in v2, and -1 in v1', () => {
  const written = (version: 1 | 2) => {
    const hierarchy = { version, mount: '/nowhere', parent: '', controllers: ['memory'], readOnly: false } as const;
    return settings({ memory: { limit: -1, reservation: -1 } }, [hierarchy]).flatMap(({ files }) => files);
  };
  expect(written(2)).toEqual([
    ['memory.max', 'max'],
    ['memory.low', 'max'],
  ]);
  expect(written(1)).toEqual([
    ['memory.limit_in_bytes', -1],
    ['memory.soft_limit_in_bytes', -1],
  ]);
});

test('every limit of Linux may be set, that of its address space as well', () => {
  const names = [
    ...['AS', 'CORE', 'CPU', 'DATA', 'FSIZE', 'LOCKS', 'MEMLOCK', 'MSGQUEUE', 'NICE', 'NOFILE', 'NPROC', 'RSS'],
    ...['RTPRIO', 'RTTIME', 'SIGPENDING', 'STACK'],
  ];
  const all = names.map((name) => ({ type: `RLIMIT_${name}`, soft: 2n ** 64n - 1n, hard: 2n ** 64n - 1n }));
  expect(limitCalls(all).map(asStrace)).toEqual(
    names.map((name) => expect.stringMatching(`RLIMIT_${name}, {rlim_cur=RLIM_INFINITY, rlim_max=RLIM_INFINITY}`)),
  );
  expect(() => limitCalls([{ type: 'RLIMIT_X', soft: 1, hard: 1 }])).toThrow('there is no RLIMIT_X');
});

test('processors are set in the container’s cgroup, and never in the one above it', () => {
  const hierarchy = { version: 1, mount: '/no', parent: '', controllers: ['cpuset'], readOnly: false } as const;
  const files = settings({ cpu: { cpus: '0', mems: '0' } }, [hierarchy]).flatMap((one) => one.files);
  expect(files).toEqual([
    ['cpuset.cpus', '0'],
    ['cpuset.mems', '0'],
  ]);
});

test('a limit on the kernel’s memory is ignored, with a warning', () => {
  const memory = { kernel: 2 ** 25 };
  const { warnings } = readBundle(bundle({ ...MINIMAL, linux: { ...MINIMAL.linux, resources: { memory } } }));
  expect(warnings).toEqual([expect.stringContaining('linux.resources.memory.kernel')]);
  const hierarchy = { version: 1, mount: '/no', parent: '', controllers: ['memory'], readOnly: false } as const;
  expect(settings({ memory }, [hierarchy])).toEqual([]);
});

test('a list of devices that refuses a part of what it allows is none that v2 can have', () => {
  const all = { allow: false, access: 'rwm' };
  const allow = { allow: true, type: 'c', major: 1, access: 'rwm' } as const;
  expect(() => onlyAllowed([all, allow, { ...allow, allow: false, minor: 3 }])).toThrow('can’t do in cgroup v2');
  expect(onlyAllowed([{ allow: true, access: 'rwm' }])).toBeUndefined();
});
