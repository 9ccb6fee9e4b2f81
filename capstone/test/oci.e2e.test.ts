import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { defaultRootfs, defaultRootfsPath } from 'step-01';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { inRoot, says } from '../../test/boxstep.ts';
import { needs } from '../../test/needs.ts';
import { KEPT } from '../../test/said.ts';
import { inNamespacesOf } from '../src/oci/running/in-namespaces.ts';
import { RUNTIME } from './clients/apart.ts';

beforeEach(needs('root'));

const root = () => inRoot('oci');

function oci(...args: string[]) {
  const options = { reject: false, all: true, stdin: 'ignore', cwd: inRoot(''), ...KEPT } as const;
  return execa(RUNTIME, ['--root', root(), ...args], options);
}

/** The same for what leaves a process: that has the streams of the command, which so would never end. */
async function begin(...args: string[]) {
  const log = inRoot(`log-${Math.random()}`);
  writeFileSync(log, '');
  const { exitCode } = await execa(RUNTIME, ['--root', root(), '--log', log, ...args], {
    reject: false,
    stdio: 'ignore',
  });
  return { exitCode, all: readFileSync(log, 'utf8') };
}

/** Likewise, where there must be a process afterwards. */
async function begun(...args: string[]) {
  const { exitCode, all } = await begin(...args);
  if (exitCode !== 0) throw new Error(`${args[0]}: ${all}`);
}

interface Changes {
  readonly process?: object;
  readonly linux?: object;
  readonly mounts?: readonly object[];
  readonly [field: string]: unknown;
}

/** A bundle of the runtime's own `spec`, with changes; its root is this machine's programs. */
async function bundle(
  id: string,
  args: readonly string[],
  { process = {}, linux = {}, mounts = [], ...rest }: Changes = {},
) {
  const directory = inRoot(`bundle-${id}`);
  mkdirSync(directory, { recursive: true });
  await defaultRootfs(() => {});
  cpSync(defaultRootfsPath(), join(directory, 'rootfs'), { recursive: true, verbatimSymlinks: true });
  await oci('spec', '--bundle', directory);
  const file = join(directory, 'config.json');
  const config = JSON.parse(readFileSync(file, 'utf8'));
  const changed = {
    ...config,
    ...rest,
    root: { path: 'rootfs' },
    process: { ...config.process, terminal: false, args, rlimits: [], ...process },
    linux: { ...config.linux, ...linux },
    mounts: [...config.mounts, ...mounts],
  };
  writeFileSync(file, JSON.stringify(changed));
  onTestFinished(async () => {
    await oci('delete', '--force', id);
    rmSync(directory, { recursive: true });
  });
  return directory;
}

async function state(id: string) {
  const { exitCode, stdout, all } = await oci('state', id);
  if (exitCode !== 0) throw new Error(all);
  return JSON.parse(stdout);
}

const kept = (id: string) => JSON.parse(readFileSync(join(root(), id, 'state.json'), 'utf8'));
const cgroupsOf = (id: string): string[] => kept(id).cgroups;

test('a container is created, waits, is started, and is deleted when it has ended', async () => {
  const directory = await bundle('life', ['sh', '-c', 'echo begun > /told; exec sleep 1000']);
  const told = join(directory, 'rootfs/told');
  expect((await begin('create', '--bundle', directory, '--pid-file', inRoot('pid'), 'life')).all).toBe('');
  const { pid, status } = await state('life');
  expect([String(pid), status]).toEqual([readFileSync(inRoot('pid'), 'utf8'), 'created']);
  expect(existsSync(told)).toBe(false);
  expect((await begin('create', '--bundle', directory, 'life')).all).toContain(
    'container with given ID already exists',
  );
  await oci('start', 'life');
  await expect.poll(() => existsSync(told)).toBe(true);
  expect((await state('life')).status).toBe('running');
  expect((await oci('delete', 'life')).all).toContain('that is not stopped: running');
  await oci('pause', 'life');
  expect((await state('life')).status).toBe('paused');
  await oci('resume', 'life');
  const inside = await oci('exec', 'life', 'sh', '-c', 'hostname; exit 7');
  expect([inside.stdout, inside.exitCode]).toEqual(['boxstep', 7]);
  expect(JSON.parse((await oci('ps', '--format', 'json', 'life')).stdout)).toEqual([pid]);
  expect(JSON.parse((await oci('events', '--stats', 'life')).stdout).data.pids.current).toBe(1);
  await oci('kill', 'life', 'KILL');
  await expect.poll(async () => (await state('life')).status).toBe('stopped');
  expect((await oci('kill', 'life')).all).toContain('container not running');
  expect((await oci('delete', 'life')).exitCode).toBe(0);
  expect((await oci('state', 'life')).all).toContain('container does not exist');
});

test('what keeps a container from its program is told in the log, as JSON, and nothing is left', async () => {
  const directory = await bundle('missing', ['no-such']);
  const log = inRoot('log.json');
  const { exitCode } = await oci('--log', log, '--log-format', 'json', 'create', '--bundle', directory, 'missing');
  expect(exitCode).toBe(1);
  expect(JSON.parse(readFileSync(log, 'utf8'))).toMatchObject({
    level: 'error',
    msg: 'exec: "no-such": executable file not found in $PATH',
  });
  expect(existsSync(join(root(), 'missing'))).toBe(false);
});

test('limits are changed where the container has its cgroups, whatever cgroup the command runs in', async () => {
  const directory = await bundle('moved', ['sleep', '1000'], { linux: { cgroupsPath: `relative-${process.pid}` } });
  await begun('run', '--detach', '--bundle', directory, 'moved');
  const cgroups = cgroupsOf('moved');
  const cgroup = cgroups.find((one) => existsSync(join(one, 'pids.max'))) ?? '';
  const other = `${cgroup}-other`;
  mkdirSync(other);
  onTestFinished(() => rmdirSync(other));
  const there = 'echo $$ > "$0/cgroup.procs"; exec "$@"';
  await execa('sh', ['-c', there, other, RUNTIME, '--root', root(), 'update', '--pids-limit', '77', 'moved']);
  expect(readFileSync(join(cgroup, 'pids.max'), 'utf8')).toBe('77\n');
  await oci('update', '--memory', '32m', 'moved');
  const { pids, memory } = kept('moved').config.linux.resources;
  expect([pids.limit, memory.limit]).toEqual([77, 32 * 2 ** 20]);
});

test('-1 takes a limit on memory away, and the one on swap with it', async () => {
  const memory = { limit: 2 ** 25, swap: 2 ** 26, reservation: 2 ** 24 };
  const directory = await bundle('unlimited', ['sleep', '1000'], { linux: { resources: { memory } } });
  await begun('run', '--detach', '--bundle', directory, 'unlimited');
  const cgroups = cgroupsOf('unlimited');
  const names = ['limit_in_bytes', 'memsw.limit_in_bytes', 'soft_limit_in_bytes', 'max', 'swap.max', 'low'];
  const files = cgroups.flatMap((cgroup) => names.map((name) => join(cgroup, `memory.${name}`))).filter(existsSync);
  const limits = () => files.map((file) => readFileSync(file, 'utf8').trim());
  expect(limits()).toEqual(expect.arrayContaining([String(memory.limit), String(memory.reservation)]));
  const updated = await oci('update', '--memory', '-1', '--memory-reservation', '-1', 'unlimited');
  expect([updated.exitCode, updated.all]).toEqual([0, '']);
  for (const limit of limits()) expect(limit).toMatch(/^(max|9223372036854\d{6})$/);
});

test('a cgroup that has processes, or is frozen, is refused to a new container', async () => {
  const linux = { cgroupsPath: `/taken-${process.pid}` };
  await begun('run', '--detach', '--bundle', await bundle('first', ['sleep', '1000'], { linux }), 'first');
  const second = await oci('run', '--bundle', await bundle('second', ['true'], { linux }), 'second');
  expect([second.exitCode, second.all]).toEqual([1, expect.stringContaining("container's cgroup is not empty")]);
  expect((await state('first')).status).toBe('running');
  const cgroups = cgroupsOf('first');
  for (const [file, word] of [
    ['freezer.state', 'FROZEN'],
    ['cgroup.freeze', '1'],
  ] as const)
    for (const cgroup of cgroups.filter((one) => existsSync(join(one, file)))) {
      mkdirSync(`${cgroup}-frozen`);
      onTestFinished(() => rmdirSync(`${cgroup}-frozen`));
      writeFileSync(join(`${cgroup}-frozen`, file), word);
    }
  const cold = await bundle('cold', ['true'], { linux: { cgroupsPath: `${linux.cgroupsPath}-frozen` } });
  const third = await oci('run', '--bundle', cold, 'cold');
  expect([third.exitCode, third.all]).toEqual([1, expect.stringContaining("container's cgroup unexpectedly frozen")]);
});

test('a terminal is given to a container whose caller has none', async () => {
  const directory = await bundle('typed', ['sh', '-c', 'tty; read -r line; echo "got $line"'], {
    process: { terminal: true },
  });
  const typist = execa(RUNTIME, ['--root', root(), 'run', '--bundle', directory, 'typed'], { reject: false, ...KEPT });
  const first = await says(typist); // or the terminal could echo the line in the middle of it
  typist.stdin.end('a line\n');
  const { stdout, exitCode } = await typist;
  expect([exitCode, first, stdout.replaceAll('\r', '')]).toEqual([0, '/dev/pts/0', '/dev/pts/0\na line\ngot a line']);
});

test('hooks of all kinds are run in their order, with the state on their standard input', async () => {
  const out = inRoot('hooks');
  const told = (kind: string) => [
    { path: '/bin/sh', args: ['sh', '-c', `read -r s; echo "${kind} $s" >> ${out}`], env: ['PATH=/bin'] },
  ];
  const onHost = ['prestart', 'createRuntime', 'createContainer', 'poststart', 'poststop'];
  const hooks = {
    ...Object.fromEntries(onHost.map((kind) => [kind, told(kind)])),
    startContainer: [{ path: '/bin/sh', args: ['sh', '-c', 'hostname > /inside; echo $HOME >> /inside'] }],
  };
  const directory = await bundle('hooks', ['cat', '/inside'], { hooks });
  expect((await oci('run', '--bundle', directory, 'hooks')).all).toBe('boxstep\n/root');
  const lines = readFileSync(out, 'utf8').trim().split('\n');
  expect(lines.map((line) => line.split(' ')[0])).toEqual(onHost);
  const states = lines.map((line) => JSON.parse(line.replace(/^\w+ /, '')));
  expect(states.map(({ id, status }) => `${id} ${status}`)).toEqual(
    ['creating', 'creating', 'creating', 'running', 'stopped'].map((status) => `hooks ${status}`),
  );
  expect(states[0].pid).toBeGreaterThan(1);
});

test('a hook that fails keeps the container from being made', async () => {
  const directory = await bundle('refused', ['true'], { hooks: { createRuntime: [{ path: '/bin/false' }] } });
  const { exitCode, all } = await oci('run', '--bundle', directory, 'refused');
  expect([exitCode, all]).toEqual([1, expect.stringContaining('error running createRuntime hook #0')]);
  expect(existsSync(join(root(), 'refused'))).toBe(false);
  const late = await bundle('late', ['true'], { hooks: { startContainer: [{ path: '/bin/false' }] } });
  expect((await oci('run', '--bundle', late, 'late')).all).toContain('error running startContainer hook #0');
  expect(existsSync(join(root(), 'late'))).toBe(false);
});

test('the five sets of capabilities, users, limits and scores are as config.json has them', async () => {
  const kill = ['CAP_KILL', 'CAP_CHOWN'];
  const process = {
    user: { uid: 5, gid: 6, additionalGids: [7], umask: 0o77 },
    capabilities: {
      bounding: kill,
      permitted: kill,
      effective: ['CAP_KILL'],
      inheritable: ['CAP_KILL'],
      ambient: ['CAP_KILL'],
    },
    rlimits: [{ type: 'RLIMIT_NOFILE', soft: 100, hard: 200 }],
    oomScoreAdj: 321,
    noNewPrivileges: false,
  };
  const script = 'id -u; id -G; umask; ulimit -n; cat /proc/self/oom_score_adj; grep -E "Cap|NoNew" /proc/self/status';
  const directory = await bundle('sets', ['sh', '-c', script], { process });
  const { all } = await oci('run', '--bundle', directory, 'sets');
  const set = (bits: string) => bits.padStart(16, '0');
  expect(all?.split(/\s*\n/).map((line) => line.replace(/\s+/g, ' '))).toEqual([
    ...['5', '6 7', '0077', '100', '321', `CapInh: ${set('20')}`, `CapPrm: ${set('20')}`, `CapEff: ${set('20')}`],
    ...[`CapBnd: ${set('21')}`, `CapAmb: ${set('20')}`, 'NoNewPrivs: 0'],
  ]);
});

test('an ambient capability that isn’t inheritable is missing, with a warning', async () => {
  const process = {
    capabilities: { bounding: ['CAP_KILL'], permitted: ['CAP_KILL'], ambient: ['CAP_KILL'], inheritable: [] },
  };
  const directory = await bundle('ambient', ['grep', 'CapAmb', '/proc/self/status'], { process });
  const { stdout, stderr } = await oci('run', '--bundle', directory, 'ambient');
  expect([stdout, stderr]).toEqual([expect.stringMatching(/\t0+$/), expect.stringContaining('CAP_KILL')]);
});

test('in a user namespace root is nobody on the host, and owns what it makes', async () => {
  const maps = { uidMappings: [{ containerID: 0, hostID: 100000, size: 65536 }] };
  const { linux } = JSON.parse(readFileSync(join(await bundle('names', ['true']), 'config.json'), 'utf8'));
  const directory = await bundle(
    'users',
    ['sh', '-c', 'cat /proc/self/uid_map; id -u; echo x > /tmp/made; ls -n /tmp/made'],
    {
      linux: { ...maps, gidMappings: maps.uidMappings, namespaces: [...linux.namespaces, { type: 'user' }] },
      mounts: [{ destination: '/tmp', type: 'tmpfs', source: 'tmpfs', options: ['mode=1777'] }],
    },
  );
  const { stdout, stderr } = await oci('run', '--bundle', directory, 'users');
  expect(stderr).toBe('');
  expect(stdout.replace(/ +/g, ' ')).toMatch(/^ ?0 100000 65536\n0\n-\S+ 1 0 0 2 /);
});

test('a filter decides on calls', async () => {
  const seccomp = {
    defaultAction: 'SCMP_ACT_ALLOW',
    syscalls: [{ names: ['mkdir', 'mkdirat'], action: 'SCMP_ACT_ERRNO', errnoRet: 28 }],
  };
  const directory = await bundle('filter', ['mkdir', '/tmp/a'], { linux: { seccomp } });
  const { exitCode, all } = await oci('run', '--bundle', directory, 'filter');
  expect([exitCode, all]).toEqual([1, expect.stringContaining('No space left')]);
});

test('an ID-mapped mount shows other owners, by its map or the container’s', async () => {
  const source = inRoot('owned');
  mkdirSync(source, { recursive: true });
  writeFileSync(join(source, 'file'), '');
  chownSync(join(source, 'file'), 1000, 1000);
  const one = [{ containerID: 1000, hostID: 5, size: 1 }];
  const mounts = [
    { destination: '/own', source, options: ['bind', 'idmap'], uidMappings: one, gidMappings: one },
    { destination: '/plain', source, options: ['bind'] },
  ];
  const look = ['sh', '-c', 'stat -c %u:%g /own/file /plain/file'];
  expect((await oci('run', '--bundle', await bundle('owned', look, { mounts }), 'owned')).all).toBe('5:5\n1000:1000');
  const users = { uidMappings: [{ containerID: 0, hostID: 100000, size: 65536 }] };
  const { linux } = JSON.parse(readFileSync(join(await bundle('plain', ['true']), 'config.json'), 'utf8'));
  const mapped = { ...users, gidMappings: users.uidMappings, namespaces: [...linux.namespaces, { type: 'user' }] };
  const theirs = [{ ...mounts[1], destination: '/own', options: ['rbind', 'ridmap'] }, mounts[1] as object];
  const second = await bundle('theirs', look, { mounts: theirs, linux: mapped });
  for (const name of ['own', 'plain']) mkdirSync(join(second, 'rootfs', name)); // the root is not the container's to write to
  expect((await oci('run', '--bundle', second, 'theirs')).all).toBe('1000:1000\n65534:65534');
});

test('a network device is moved in with its addresses, under another name, and goes with the container', async (context) => {
  needs('ip')(context);
  const ip = (...args: string[]) => execa('ip', args);
  await ip('link', 'add', 'boxstep-moved', 'type', 'veth', 'peer', 'name', 'boxstep-stays');
  onTestFinished(async () => void (await execa('ip', ['link', 'delete', 'boxstep-stays'], { reject: false })));
  await ip('link', 'set', 'dev', 'boxstep-moved', 'mtu', '1234');
  await ip('address', 'add', '10.9.8.7/24', 'dev', 'boxstep-moved');
  const look = ['sh', '-c', 'ip -o address show dev in0; cat /sys/class/net/in0/mtu'];
  const changes = { linux: { netDevices: { 'boxstep-moved': { name: 'in0' } } } };
  const { all } = await oci('run', '--bundle', await bundle('moves', look, changes), 'moves');
  expect(all).toMatch(/ 10\.9\.8\.7\/24 [\s\S]*\n1234$/);
  const missing = await oci('run', '--bundle', await bundle('moves2', look, changes), 'moves2');
  expect([missing.exitCode, missing.all]).toEqual([1, expect.stringContaining('boxstep-moved')]);
});

test('a network device comes back under its own name, with its addresses, where there is no container after all', async (context) => {
  needs('ip')(context);
  const ip = (...args: string[]) => execa('ip', args);
  await ip('link', 'add', 'boxstep-back', 'up', 'type', 'veth', 'peer', 'name', 'boxstep-peer');
  onTestFinished(async () => void (await execa('ip', ['link', 'delete', 'boxstep-back'], { reject: false })));
  await ip('address', 'add', '10.9.8.7/24', 'dev', 'boxstep-back');
  const linux = { netDevices: { 'boxstep-back': { name: 'in0' } } };
  const missing = await oci('run', '--bundle', await bundle('gone', ['no-such'], { linux }), 'gone');
  expect([missing.exitCode, missing.all]).toEqual([1, expect.stringContaining('executable file not found')]);
  const two = { netDevices: { ...linux.netDevices, 'boxstep-none': {} } };
  const absent = await oci('run', '--bundle', await bundle('none', ['true'], { linux: two }), 'none');
  expect([absent.exitCode, absent.all]).toEqual([1, expect.stringContaining('boxstep-none')]);
  const { stdout } = await ip('-o', 'address', 'show', 'dev', 'boxstep-back', 'up');
  expect(stdout).toContain(' 10.9.8.7/24 ');
});

test('the state that a hook is told was in a file, which one with the same number may have left', async () => {
  const left = join(tmpdir(), `boxstep-hook-${process.pid}`);
  writeFileSync(left, '');
  onTestFinished(() => rmSync(left));
  const other = execa('unshare', ['--uts', 'sh', '-c', 'echo ready; exec sleep 1000'], { reject: false, ...KEPT });
  await says(other);
  const hook = { path: '/bin/sh', args: ['sh', '-c', 'test "$(cat)" = told'] };
  expect(await inNamespacesOf(other.pid as number, hook, 'told')).toBeUndefined();
  other.kill();
  await other;
});

test('memory comes from the nodes that config.json names, and a process that comes later runs on its processors', async (context) => {
  needs('numa')(context);
  const linux = { memoryPolicy: { mode: 'MPOL_BIND', nodes: '0', flags: ['MPOL_F_STATIC_NODES'] } };
  const directory = await bundle('placed', ['sleep', '1000'], { linux });
  await begun('run', '--detach', '--bundle', directory, 'placed');
  const look = 'head -n 1 /proc/self/numa_maps | cut -d " " -f 2; grep Cpus_allowed_list /proc/self/status';
  const later = {
    cwd: '/',
    args: ['sh', '-c', look],
    env: ['PATH=/bin'],
    execCPUAffinity: { initial: '0', final: '0' },
  };
  writeFileSync(inRoot('process.json'), JSON.stringify(later));
  const { all } = await oci('exec', '--process', inRoot('process.json'), 'placed');
  expect(all?.split('\n')).toEqual([expect.stringMatching(/^bind.*static.*0$/), 'Cpus_allowed_list:\t0']);
  writeFileSync(inRoot('process.json'), JSON.stringify({ ...later, execCPUAffinity: { final: 'x' } }));
  const wrong = await oci('exec', '--process', inRoot('process.json'), 'placed');
  expect([wrong.exitCode, wrong.all]).toEqual([255, expect.stringContaining('process.execCPUAffinity.final')]);
});

test('the rules for processors and disks, the clocks and the system are as config.json has them', async () => {
  const process = {
    scheduler: { policy: 'SCHED_BATCH', nice: 7 },
    ioPriority: { class: 'IOPRIO_CLASS_IDLE', priority: 0 },
  };
  const { linux: usual } = JSON.parse(readFileSync(join(await bundle('usual', ['true']), 'config.json'), 'utf8'));
  const linux = {
    namespaces: [...usual.namespaces, { type: 'time' }],
    timeOffsets: { boottime: { secs: 864000000 } },
    personality: { domain: 'LINUX32' },
  };
  const look = 'cut -d" " -f19,41 /proc/self/stat; ionice -p $$; cut -d. -f1 /proc/uptime; uname -m';
  const directory = await bundle('rules', ['sh', '-c', look], { process, linux });
  const [scheduled, io, uptime, machine] = (await oci('run', '--bundle', directory, 'rules')).stdout.split('\n');
  const { stdout: as32 } = await execa('setarch', ['linux32', 'uname', '-m']); // some kernels’ answer is the same
  expect([scheduled, io?.trim(), machine]).toEqual(['7 3', 'idle', as32]);
  expect(Number(uptime)).toBeGreaterThan(864000000);
});

test('a bundle that umoci has unpacked runs as it is', async (context) => {
  needs('umoci')(context);
  const image = `${inRoot('umoci')}:box`;
  const directory = inRoot('unpacked');
  await defaultRootfs(() => {});
  const umoci = (...args: string[]) => execa('umoci', args);
  await umoci('init', '--layout', inRoot('umoci'));
  await umoci('new', '--image', image);
  await umoci('insert', '--image', image, `${defaultRootfsPath()}/usr/bin`, '/bin');
  await umoci('config', '--image', image, '--config.cmd', 'sh', '--config.cmd', '-c', '--config.cmd', 'echo $A; id -u');
  await umoci('config', '--image', image, '--config.env', 'A=told', '--config.user', '5:6');
  await umoci('unpack', '--image', image, directory);
  onTestFinished(() => {
    for (const one of [directory, inRoot('umoci')]) rmSync(one, { recursive: true });
  });
  const file = join(directory, 'config.json');
  const config = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...config, process: { ...config.process, terminal: false } }));
  expect((await oci('run', '--bundle', directory, 'unpacked')).all).toBe('told\n5');
});

test('an agent is told of the container whose filter it is to listen to', async () => {
  const path = inRoot('agent.sock');
  const agent = createServer();
  const heard = new Promise<string>((resolve) => {
    agent.on('connection', (socket) => {
      let text = '';
      socket.on('data', (data) => {
        text += data;
      });
      socket.on('end', () => resolve(text));
    });
  });
  await new Promise<void>((resolve) => void agent.listen(path, resolve));
  onTestFinished(() => void agent.close());
  const seccomp = {
    ...{ defaultAction: 'SCMP_ACT_ALLOW', listenerPath: path, listenerMetadata: 'told' },
    syscalls: [{ names: ['mkdir', 'mkdirat'], action: 'SCMP_ACT_NOTIFY' }],
  };
  const directory = await bundle('notified', ['mkdir', '/a'], { linux: { seccomp } });
  await begun('create', '--bundle', directory, 'notified');
  const { pid } = await state('notified');
  const message = JSON.parse(await heard);
  expect(message).toMatchObject({
    fds: ['seccompFd'],
    pid,
    metadata: 'told',
    state: { id: 'notified', pid, status: 'creating' },
  });
  expect(message.ociVersion).toMatch(/^1\./);
});

test('a limit that leaves no room to start says so', async () => {
  const directory = await bundle('tight', ['true'], { linux: { resources: { memory: { limit: 4096, swap: 4096 } } } });
  const { exitCode, all } = await oci('run', '--bundle', directory, 'tight');
  expect([exitCode, all]).toEqual([1, expect.stringMatching(/OOM-killed|memory/)]);
});

test('systemd’s cgroups are refused by name', async () => {
  const { exitCode, all } = await oci('--systemd-cgroup', 'run', '--bundle', await bundle('unit', ['true']), 'unit');
  expect([exitCode, all]).toEqual([1, expect.stringContaining('--systemd-cgroup')]);
});

// What other runtimes got wrong, each by its kind.

test('nothing of the host is /proc/PID/exe of a process that is about to be in the container (CVE-2019-5736)', async () => {
  const directory = await bundle('exe', ['sleep', '1000']);
  await begun('create', '--bundle', directory, 'exe');
  const { pid } = await state('exe');
  const { stdout } = await execa('readlink', [`/proc/${pid}/exe`]);
  expect(stdout).toMatch(/^\/memfd:/);
  const open = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
  expect(open.filter((path) => path.startsWith('/') && !path.startsWith('/dev/null'))).toEqual([
    join(root(), 'exe/exec.fifo'),
  ]);
  const { stdout: files } = await execa('sh', ['-c', `grep -l . /proc/${pid}/maps && cut -c74- /proc/${pid}/maps`]);
  expect(files).not.toMatch(/node/);
});

test.each(['proc', 'sys'])(
  'a /%s that is a link is not followed (CVE-2019-19921, CVE-2023-27561, CVE-2023-28642)',
  async (name) => {
    const directory = await bundle(`link-${name}`, ['true']);
    rmSync(join(directory, 'rootfs', name), { recursive: true });
    mkdirSync(join(directory, 'rootfs/elsewhere'));
    symlinkSync('elsewhere', join(directory, 'rootfs', name));
    const { exitCode, all } = await oci('run', '--bundle', directory, `link-${name}`);
    expect([exitCode, all]).toEqual([1, expect.stringMatching(/ELOOP/)]);
  },
);

test('a mount over a part of /proc is refused (CVE-2019-16884)', async () => {
  const mounts = [{ destination: '/proc/self/attr', type: 'tmpfs', source: 'tmpfs' }];
  const { exitCode, all } = await oci('run', '--bundle', await bundle('attr', ['true'], { mounts }), 'attr');
  expect([exitCode, all]).toEqual([1, expect.stringContaining('is inside /proc')]);
});

test.each(['root', 'volume'])(
  'a link in the %s leads no mount, and no directory to be made, out of it (CVE-2021-30465, CVE-2024-45310)',
  async (where) => {
    const outside = inRoot('outside');
    const volume = inRoot('volume');
    for (const path of [outside, volume]) mkdirSync(path, { recursive: true });
    const above = where === 'root' ? '' : '/volume';
    const mounts = [
      { destination: '/volume', type: 'bind', source: volume, options: ['rbind'] },
      { destination: `${above}/link/deep`, type: 'tmpfs', source: 'tmpfs' },
    ];
    const directory = await bundle('leads', ['sh', '-c', 'mount | grep deep'], { mounts });
    const link = where === 'root' ? join(directory, 'rootfs/link') : join(volume, 'link');
    symlinkSync(outside, link);
    onTestFinished(() => rmSync(link));
    mkdirSync(join(directory, 'rootfs', outside), { recursive: true });
    const { stdout } = await oci('run', '--bundle', directory, 'leads');
    expect(stdout).toContain(`${outside}/deep`);
    expect(existsSync(join(outside, 'deep'))).toBe(false);
  },
);

test('a /dev/null that is a link masks nothing else (CVE-2025-31133)', async () => {
  const mounts = [{ destination: '/dev', type: 'bind', source: 'dev', options: ['bind'] }];
  const directory = await bundle('null', ['sh', '-c', 'cat /proc/keys; echo read'], { mounts });
  mkdirSync(join(directory, 'dev/pts'), { recursive: true });
  for (const name of ['shm', 'mqueue']) mkdirSync(join(directory, 'dev', name));
  symlinkSync('/etc/passwd', join(directory, 'dev/null'));
  const { stdout } = await oci('run', '--bundle', directory, 'null');
  expect(stdout).toBe('read');
});

test.each([
  ['pts', '/elsewhere'],
  ['pts/ptmx', '/elsewhere/ptmx'],
])(
  'a /dev/%s that is a link leads to no terminal, and so none is mounted on /dev/console (CVE-2025-52565)',
  async (name, target) => {
    const dev = { destination: '/dev', type: 'bind', source: 'dev', options: ['bind'] };
    const mounts = [dev, { destination: '/elsewhere', type: 'devpts', source: 'devpts', options: ['newinstance'] }];
    const directory = await bundle('console', ['echo', 'ran'], { mounts, process: { terminal: true } });
    for (const one of ['shm', 'mqueue']) mkdirSync(join(directory, 'dev', one), { recursive: true });
    mkdirSync(dirname(join(directory, 'dev', name)), { recursive: true });
    symlinkSync(target, join(directory, 'dev', name));
    const { exitCode, all } = await oci('run', '--bundle', directory, 'console');
    expect([exitCode, all]).toEqual([1, expect.stringContaining('ELOOP')]);
  },
);

test.each(['/proc/self/fd/3', '/proc/self/fd/7', '/proc/self/cwd'])(
  '%s is no working directory (CVE-2024-21626)',
  async (cwd) => {
    const all = expect.stringMatching(/ELOOP|ENOENT/);
    const directory = await bundle('cwd', ['pwd'], { process: { cwd } });
    expect(await oci('run', '--bundle', directory, 'cwd')).toMatchObject({ exitCode: 1, all });
    const other = await bundle('cwd2', ['sleep', '1000']);
    await begin('run', '--detach', '--bundle', other, 'cwd2');
    expect(await oci('exec', '--cwd', cwd, 'cwd2', 'pwd')).toMatchObject({ exitCode: 255, all });
  },
);

test('capabilities are not inheritable unless that is asked for (CVE-2022-29162), nor for exec', async () => {
  const directory = await bundle('inherit', ['sleep', '1000']);
  await begun('run', '--detach', '--bundle', directory, 'inherit');
  const { stdout } = await oci('exec', '--cap', 'CAP_NET_RAW', 'inherit', 'grep', 'CapInh', '/proc/self/status');
  expect(stdout).toMatch(/:\s+0+$/);
});

test('the cgroups of a container without a cgroup namespace can’t be written to (CVE-2023-25809)', async () => {
  const namespaces = ['pid', 'network', 'ipc', 'uts', 'mount'].map((type) => ({ type }));
  const directory = await bundle(
    'cgroup',
    ['sh', '-c', 'for d in /sys/fs/cgroup /sys/fs/cgroup/*/; do mkdir $d/x && echo $d; done; :'],
    { linux: { namespaces } },
  );
  const { stdout, stderr } = await oci('run', '--bundle', directory, 'cgroup');
  expect(stdout).toBe('');
  expect(stderr).toContain('Read-only file system');
  expect(stderr.split('\n').filter((line) => !/Read-only file system|No such file/.test(line))).toEqual([]);
});

test('a sysctl is written to the kernel’s own /proc, whatever the container has there (CVE-2025-52881)', async () => {
  const name = 'sys/net/ipv4/ip_default_ttl';
  const onHost = () => readFileSync(join('/proc', name), 'utf8');
  const before = onHost();
  const linux = { sysctl: { 'net.ipv4.ip_default_ttl': '77' }, readonlyPaths: [], maskedPaths: [] };
  const directory = await bundle('sysctl', ['cat', join('/proc', name), join('/kernels', name)], { linux });
  const decoy = join(directory, 'rootfs/proc', name);
  mkdirSync(dirname(decoy), { recursive: true });
  writeFileSync(decoy, 'decoy\n');
  const file = join(directory, 'config.json');
  const config = JSON.parse(readFileSync(file, 'utf8'));
  const mounts = config.mounts.map((one: { destination: string }) =>
    one.destination === '/proc' ? { ...one, destination: '/kernels' } : one,
  );
  writeFileSync(file, JSON.stringify({ ...config, mounts }));
  expect((await oci('run', '--bundle', directory, 'sysctl')).all).toBe('decoy\n77');
  expect([onHost(), readFileSync(decoy, 'utf8')]).toEqual([before, 'decoy\n']);
});
