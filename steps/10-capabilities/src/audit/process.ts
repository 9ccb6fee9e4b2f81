import { closeSync, lstatSync, readdirSync, readFileSync, readlinkSync, type Stats } from 'node:fs';
import { join, posix } from 'node:path';
import { cgroupFile, cgroupsOfProcess, findHierarchies, type NamespaceIds, namespacesOf, openInside } from 'step-09';
import { type DeviceNumber, deviceNumber } from '../devices/device.ts';
import { coveredHere, type Place } from '../masks.ts';
import { type DeviceControl, deviceControl } from './device-control.ts';

/** A node of a device that a container has. */
export interface Node extends DeviceNumber {
  readonly path: string;
}

/** What the kernel says of a process, as texts: proc(5). What it doesn't say is empty. */
export interface Texts {
  readonly status: string;
  readonly uidMap: string;
  readonly gidMap: string;
  readonly mountinfo: string;
  /** That of this process: where the container's mounts are on the host. */
  readonly ourMountinfo: string;
  readonly namespaces: NamespaceIds;
  readonly ourNamespaces: NamespaceIds;
  /** Where its root is in its mount namespace. */
  readonly root: string;
  /** What an LSM calls it; without one, nothing. */
  readonly label: string;
  /** Files of its cgroups, by their names: pids.max … */
  readonly limits: Readonly<Record<string, string>>;
  readonly nodes: readonly Node[];
  readonly devices: DeviceControl;
  /** What docker walls off of what this kernel shows. */
  readonly walled: { readonly masked: readonly string[]; readonly readOnly: readonly string[] };
  /** The host's disks, as /sys/dev/block has them: 8:0. */
  readonly disks: readonly string[];
}

/** Reads all of it. @throws {Error} ENOENT if the process has ended */
export function textsOf(pid: number): Texts {
  const file = (name: string) => readFileSync(`/proc/${pid}/${name}`, 'utf8');
  const { masked, readOnly } = coveredHere();
  const cgroups = cgroupsOfProcess(findHierarchies(), cgroupFile(pid), cgroupFile('self'));
  return {
    status: file('status'),
    uidMap: file('uid_map'),
    gidMap: file('gid_map'),
    mountinfo: file('mountinfo'),
    ourMountinfo: readFileSync('/proc/self/mountinfo', 'utf8'),
    namespaces: namespacesOf(pid),
    ourNamespaces: namespacesOf('self'),
    root: readlinkSync(`/proc/${pid}/root`),
    label: orEmpty(() => file('attr/current')),
    limits: Object.fromEntries(
      cgroups
        .flatMap(({ directory }) =>
          LIMITS.map((name) => [name, orEmpty(() => readFileSync(join(directory, name), 'utf8'))] as const),
        )
        .filter(([, text]) => text !== ''),
    ),
    nodes: nodesBelow(`/proc/${pid}/root`, '/dev'),
    devices: deviceControl(cgroups),
    walled: { masked: paths(masked), readOnly: paths(readOnly) },
    disks: orNone(() => readdirSync('/sys/dev/block')),
  };
}

function paths(of: readonly Place[]): string[] {
  return of.map(({ path }) => path);
}

/** The files that say how much a container may have, in v2 and in v1. */
const LIMITS = ['pids.max', 'memory.max', 'memory.limit_in_bytes', 'cpu.max', 'cpu.cfs_quota_us'];

/** The devices in a directory of a container and below it. No link in there leads this process anywhere. */
function nodesBelow(root: string, path: string): Node[] {
  const place = orNone(() => [openInside(root, path)])[0];
  if (place === undefined) return [];
  try {
    const here = `/proc/self/fd/${place}`;
    return orNone(() => readdirSync(here)).flatMap((name) => {
      const [there] = orNone(() => [lstatSync(join(here, name))]);
      const inside = posix.join(path, name);
      return there?.isDirectory() && name !== 'pts' ? nodesBelow(root, inside) : nodeAt(inside, there);
    });
  } finally {
    closeSync(place);
  }
}

function nodeAt(path: string, there: Stats | undefined): Node[] {
  const number = deviceNumber(there);
  return number ? [{ path, ...number }] : [];
}

function orEmpty(read: () => string): string {
  return (
    orNone(() => [read()])[0]
      ?.replaceAll('\0', '')
      .trim() ?? ''
  );
}

/** What isn't there, or what the kernel doesn't tell (EINVAL: there is no LSM), is nothing. */
function orNone<T>(look: () => T[]): T[] {
  try {
    return look();
  } catch {
    return [];
  }
}
