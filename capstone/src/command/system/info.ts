import { readFileSync } from 'node:fs';
import { cpus, hostname, release, totalmem } from 'node:os';
import { bytesSize, findHierarchies, NO_LIST, put, Struct, state } from 'step-10';
import { allImages } from 'step-10/store';
import { list } from '../../containers/find.ts';
import { stateOf } from '../../containers/state.ts';
import { DEFAULT_LOGGING } from '../../log/options.ts';
import { toldAs } from './told-as.ts';
import { clientVersion, ownVersion } from './version.ts';

/** Shows how many containers and images there are, and on what kind of machine. */
export function info({ format }: { readonly format?: string }): number {
  const facts = known();
  if (format) return toldAs(format, new Struct('system.dockerInfo', facts, UNSET));
  put(text(facts));
  return 0;
}

function known() {
  const states = list().records.map((record) => stateOf(record).status);
  const count = (...wanted: string[]) => states.filter((one) => wanted.includes(one)).length;
  const versions = findHierarchies().map((hierarchy) => hierarchy.version);
  return {
    ID: process.getBuiltinModule('node:crypto').hash('sha256', `${hostname()} ${state().data}`),
    Containers: states.length,
    ContainersRunning: count('running', 'restarting'),
    ContainersPaused: count('paused'),
    ContainersStopped: count('created', 'exited'),
    Images: allImages().length,
    Driver: 'overlay2',
    Plugins: new Struct('system.PluginsInfo', PLUGINS),
    ...{ MemoryLimit: true, SwapLimit: true, CpuCfsPeriod: true, CpuCfsQuota: true, CPUShares: true, CPUSet: true },
    ...{ PidsLimit: true, IPv4Forwarding: forwards(), Debug: false, OomKillDisable: versions.includes(1) },
    SystemTime: new Date().toISOString(),
    LoggingDriver: DEFAULT_LOGGING.driver,
    CgroupDriver: 'cgroupfs',
    CgroupVersion: versions.includes(1) ? '1' : '2',
    KernelVersion: release(),
    OperatingSystem: ofSystem('PRETTY_NAME') ?? 'Linux',
    OSVersion: ofSystem('VERSION_ID') ?? '',
    OSType: 'linux',
    Architecture: { x64: 'x86_64', arm64: 'aarch64' }[process.arch as 'x64'] ?? process.arch,
    IndexServerAddress: 'https://index.docker.io/v1/',
    RegistryConfig: new Struct('registry.ServiceConfig', {
      IndexConfigs: { 'docker.io': new Struct('registry.IndexInfo', INDEX) },
      InsecureRegistryCIDRs: INSECURE,
      Mirrors: NO_LIST,
    }),
    NCPU: cpus().length,
    MemTotal: totalmem(),
    DockerRootDir: state().data,
    Name: hostname(),
    Labels: [],
    ExperimentalBuild: false,
    ServerVersion: ownVersion(),
    Runtimes: { boxstep: { path: 'boxstep' } },
    DefaultRuntime: 'boxstep',
    Swarm: new Struct('swarm.Info', {
      ...{ NodeID: '', NodeAddr: '', LocalNodeState: 'inactive', ControlAvailable: false, Error: '' },
      RemoteManagers: NO_LIST,
    }),
    LiveRestoreEnabled: true,
    Isolation: '',
    InitBinary: 'docker-init',
    SecurityOptions: ['name=seccomp,profile=builtin', ...(versions.includes(1) ? [] : ['name=cgroupns'])],
    Warnings: NO_LIST,
    ClientInfo: new Struct('system.clientInfo', {
      Debug: false,
      ...clientVersion(),
      Plugins: [],
      Warnings: NO_LIST,
    }),
  };
}

const PLUGINS = {
  ...{ Volume: ['local'], Network: ['bridge', 'host', 'null'], Authorization: NO_LIST, Log: ['json-file', 'local'] },
};
const INSECURE = ['::1/128', '127.0.0.0/8'];
const INDEX = { Mirrors: [], Name: 'docker.io', Official: true, Secure: true };

/** Fields that docker leaves out where they are empty. */
const UNSET = {
  ...{ HTTPProxy: '', HTTPSProxy: '', NoProxy: '' },
  ...{ ServerErrors: NO_LIST, DriverStatus: NO_LIST },
};

function text(facts: ReturnType<typeof known>): string {
  const client = { Version: facts.ServerVersion, Context: 'default', 'Debug Mode': 'false' };
  const lines: readonly (readonly [string, string | number] | string)[] = [
    ['Containers', facts.Containers],
    [' Running', facts.ContainersRunning],
    [' Paused', facts.ContainersPaused],
    [' Stopped', facts.ContainersStopped],
    ['Images', facts.Images],
    ['Server Version', facts.ServerVersion],
    ['Storage Driver', facts.Driver],
    ['Logging Driver', facts.LoggingDriver],
    ['Cgroup Driver', facts.CgroupDriver],
    ['Cgroup Version', facts.CgroupVersion],
    'Plugins:',
    [' Volume', PLUGINS.Volume.join(' ')],
    [' Network', PLUGINS.Network.join(' ')],
    [' Log', PLUGINS.Log.join(' ')],
    ['Swarm', 'inactive'],
    ['Runtimes', Object.keys(facts.Runtimes).join(' ')],
    ['Default Runtime', facts.DefaultRuntime],
    ['Init Binary', facts.InitBinary],
    'Security Options:',
    ...facts.SecurityOptions.flatMap((option) =>
      option
        .split(',')
        .map((one, at) => (at === 0 ? ` ${one.slice('name='.length)}` : `  Profile: ${one.split('=')[1]}`)),
    ),
    ['Kernel Version', facts.KernelVersion],
    ['Operating System', facts.OperatingSystem],
    ['OSType', facts.OSType],
    ['Architecture', facts.Architecture],
    ['CPUs', facts.NCPU],
    ['Total Memory', bytesSize(facts.MemTotal)],
    ['Name', facts.Name],
    ['ID', facts.ID],
    ['Docker Root Dir', facts.DockerRootDir],
    ['Debug Mode', String(facts.Debug)],
    ['Experimental', String(facts.ExperimentalBuild)],
    'Insecure Registries:',
    ...INSECURE.map((one) => ` ${one}`),
    ['Live Restore Enabled', String(facts.LiveRestoreEnabled)],
  ];
  const server = lines.map((line) => ` ${typeof line === 'string' ? line : line.join(': ')}\n`).join('');
  const its = Object.entries(client).map(([name, value]) => ` ${`${name}:`.padEnd(12)}${value}\n`);
  return `Client:\n${its.join('')}\nServer:\n${server}\n`;
}

function forwards(): boolean {
  return readFileSync('/proc/sys/net/ipv4/ip_forward', 'utf8').trim() === '1';
}

/** What os-release(5) says of the system. */
function ofSystem(field: string): string | undefined {
  try {
    return new RegExp(`^${field}="?([^"\\n]*)`, 'm').exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
