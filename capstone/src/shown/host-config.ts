import {
  DEFAULT_NETWORK,
  type Device,
  type Flags,
  NO_LIST,
  NO_MAP,
  ruleText,
  Struct,
  thisKernel,
  type Ulimit,
} from 'step-10';
import { type BoxRecord, readRecord } from '../containers/record.ts';
import { limitsShown } from './limits.ts';
import { bindText, tmpfsOf } from './mounts.ts';
import { portBindings } from './network-settings.ts';
import { typedMount } from './typed-mounts.ts';

/** What a container may use and has of the host, as docker's API has it in `HostConfig`. */
export function hostConfigOf(record: BoxRecord): Struct {
  const { options, restart, logging, annotations = {}, v1Limits = {} } = record;
  const { typed, limits, security, asked, shmSize } = options;
  const flags = typed.flags as Flags & { readonly cidfile?: string };
  const kernel = thisKernel();
  const isOpen = options.privileged || security.systemPaths;
  const binds = (flags.volume ?? []).filter((mount) => mount.type !== 'volume' || !mount.anonymous);
  return new Struct(
    'container.HostConfig',
    {
      Binds: listOf(binds.map(bindText)),
      ContainerIDFile: flags.cidfile ?? '',
      LogConfig: new Struct('container.LogConfig', { Type: logging.driver, Config: logging.options }),
      NetworkMode: networkMode(options),
      PortBindings: portBindings(flags.publish ?? []),
      RestartPolicy: new Struct('container.RestartPolicy', {
        Name: restart.name,
        MaximumRetryCount: restart.maximumRetryCount,
      }),
      AutoRemove: record.autoRemove,
      VolumeDriver: '',
      VolumesFrom: listOf(options.volumesFrom.map(({ name }) => name)),
      ConsoleSize: options.tty ? [options.tty.rows, options.tty.columns] : [0, 0],
      ...(Object.keys(annotations).length > 0 && { Annotations: annotations }),
      CapAdd: listOf(options.capAdd),
      CapDrop: listOf(options.capDrop),
      CgroupnsMode: options.cgroupNamespace,
      Dns: options.dns,
      DnsOptions: options.dnsOptions,
      DnsSearch: options.dnsSearch,
      ExtraHosts: listOf((flags.addHost ?? []).map(({ name, address }) => `${name}:${address}`)),
      GroupAdd: listOf(options.groupAdd),
      IpcMode: options.ipc,
      Cgroup: '',
      Links: listOf(linksShown(record)),
      OomScoreAdj: options.oomScoreAdj ?? 0,
      PidMode: options.pid,
      Privileged: options.privileged,
      PublishAllPorts: options.publishAll,
      ReadonlyRootfs: options.readOnly,
      SecurityOpt: listOf(flags.securityOpt ?? []),
      ...(asked.tmpfs.length > 0 && { Tmpfs: tmpfsOf(asked.tmpfs) }),
      UTSMode: options.uts,
      UsernsMode: flags.userns ? options.userns.mode : '',
      ShmSize: shmSize,
      ...(options.sysctls.length > 0 && { Sysctls: Object.fromEntries(options.sysctls) }),
      Runtime: 'boxstep',
      Isolation: '',
      ...limitsShown(limits, record.cgroupParent),
      CpuRealtimePeriod: v1Limits.cpuRtPeriod ?? 0,
      CpuRealtimeRuntime: v1Limits.cpuRtRuntime ?? 0,
      CpusetCpus: limits.cpusetCpus ?? '',
      CpusetMems: limits.cpusetMems ?? '',
      Devices: options.privileged ? [] : options.devices.map(deviceShown),
      DeviceCgroupRules: listOf(options.deviceRules.map(ruleText)),
      DeviceRequests: NO_LIST,
      MemoryReservation: limits.memoryReservation ?? 0,
      MemorySwap: limits.memorySwap ?? 0,
      MemorySwappiness: v1Limits.memorySwappiness ?? null,
      OomKillDisable: v1Limits.oomKillDisable ?? null,
      PidsLimit: Number.isFinite(options.pidsLimit) ? options.pidsLimit : null,
      Ulimits: options.ulimits.map(ulimitShown),
      ...{ CpuCount: 0, CpuPercent: 0, IOMaximumIOps: 0, IOMaximumBandwidth: 0 },
      ...(flags.mount?.length && { Mounts: flags.mount.map(typedMount) }),
      MaskedPaths: isOpen ? NO_LIST : kernel.masked.map(({ path }) => path),
      ReadonlyPaths: isOpen ? NO_LIST : kernel.readOnly.map(({ path }) => path),
      ...(record.init && { Init: true }),
    },
    { Tmpfs: NO_MAP, Sysctls: NO_MAP, Mounts: NO_LIST, Init: null, Annotations: NO_MAP },
  );
}

/** Those to containers that are still there. */
function linksShown({ name, links = [] }: BoxRecord): string[] {
  return links.flatMap(({ id, alias }) => {
    const other = readRecord(id);
    return other ? [`/${other.name}:/${name}/${alias}`] : [];
  });
}

/** The first network that it was made with, whatever it was connected to since. */
function networkMode({ networks, typed }: BoxRecord['options']): string {
  const asked = (typed.flags as Flags).network?.[0]?.network.replace(/^default$/, DEFAULT_NETWORK) ?? DEFAULT_NETWORK;
  return networks[0]?.network === 'none' ? 'none' : asked; // an ordinary user's container has none of ours
}

/** docker has no empty list where nothing was said. */
function listOf(values: readonly string[]): readonly string[] {
  return values.length > 0 ? values : NO_LIST;
}

function deviceShown({ source, path, access }: Device): Struct {
  return new Struct('container.DeviceMapping', {
    PathOnHost: source,
    PathInContainer: path,
    CgroupPermissions: access,
  });
}

function ulimitShown({ name, soft, hard }: Ulimit): Struct {
  return new Struct('container.Ulimit', { Name: name, Hard: Number(hard), Soft: Number(soft) });
}
