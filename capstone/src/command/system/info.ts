import { readFileSync } from 'node:fs';
import { cpus, hostname, release, totalmem } from 'node:os';
import { bytesSize, fill, findHierarchies, put, Struct, state } from 'step-10';
import { allImages } from 'step-10/store';
import { list } from '../../containers/find.ts';
import { stateOf } from '../../containers/state.ts';
import { DEFAULT_LOGGING } from '../../log/options.ts';
import { typedTemplate } from '../typed-template.ts';
import { ownVersion } from './version.ts';

/** Shows how many containers and images there are, and on what kind of machine. */
export function info({ format }: { readonly format?: string }): number {
  const facts = known();
  if (format) put(`${fill(typedTemplate(format), new Struct('system.dockerInfo', facts))}\n`);
  else put(text(facts));
  return 0;
}

function known() {
  const states = list().records.map((record) => stateOf(record).status);
  const count = (...wanted: string[]) => states.filter((one) => wanted.includes(one)).length;
  const versions = findHierarchies().map((hierarchy) => hierarchy.version);
  return {
    Containers: states.length,
    ContainersRunning: count('running', 'restarting'),
    ContainersPaused: count('paused'),
    ContainersStopped: count('created', 'exited'),
    Images: allImages().length,
    Driver: 'overlay2',
    LoggingDriver: DEFAULT_LOGGING.driver,
    CgroupDriver: 'cgroupfs',
    CgroupVersion: versions.includes(1) ? '1' : '2',
    KernelVersion: release(),
    OperatingSystem: systemName(),
    OSType: 'linux',
    Architecture: { x64: 'x86_64', arm64: 'aarch64' }[process.arch as 'x64'] ?? process.arch,
    NCPU: cpus().length,
    MemTotal: totalmem(),
    Name: hostname(),
    DockerRootDir: state().data,
    ServerVersion: ownVersion(),
    DefaultRuntime: 'boxstep',
    SecurityOptions: ['name=seccomp,profile=builtin'],
    Warnings: [],
  };
}

function text(facts: ReturnType<typeof known>): string {
  const lines: readonly (readonly [string, string | number])[] = [
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
    ['Default Runtime', facts.DefaultRuntime],
    ['Kernel Version', facts.KernelVersion],
    ['Operating System', facts.OperatingSystem],
    ['OSType', facts.OSType],
    ['Architecture', facts.Architecture],
    ['CPUs', facts.NCPU],
    ['Total Memory', bytesSize(facts.MemTotal)],
    ['Name', facts.Name],
    ['Docker Root Dir', facts.DockerRootDir],
  ];
  return lines.map(([name, value]) => ` ${name}: ${value}\n`).join('');
}

/** What os-release(5) calls it. */
function systemName(): string {
  try {
    return /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'Linux';
  } catch {
    return 'Linux';
  }
}
