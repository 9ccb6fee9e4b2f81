import { existsSync, readFileSync } from 'node:fs';
import type { Config, Process } from './schema.ts';

/**
 * Refuses what this runtime, or this machine, can't do: a container that lacks something it was to have, such as a
 * label, may be less safe than its owner thinks.
 *
 * @throws {Error} that names the field
 */
export function refuse(config: Config): void {
  const { linux = {}, process } = config;
  const { namespaces = [] } = linux;
  for (const system of ['windows', 'solaris', 'vm', 'zos', 'freebsd'] as const)
    if (config[system] && !config.linux) no(system, 'this is a runtime for Linux');
  if (config.vm) no('vm', 'containers share the kernel here');
  if (linux.intelRdt) no('linux.intelRdt', 'this runtime doesn’t divide caches: leave it out');
  if (linux.mountLabel) no('linux.mountLabel', 'this runtime labels no mounts: leave it out');
  if (process) refuseProcess(process);
  const types = namespaces.map(({ type }) => type);
  if (new Set(types).size < types.length) no('linux.namespaces', 'each type may be named once');
  const has = (type: string) => types.includes(type as (typeof types)[number]);
  if (!has('mount')) no('linux.namespaces', 'it lists no mount namespace, and the mounts would be the host’s: add one');
  for (const [name, { name: inside = name }] of Object.entries(linux.netDevices ?? {}))
    for (const one of [name, inside]) refuseDevice(one, has);
  if (config.hostname && !has('uts')) no('hostname', 'there is no uts namespace, and the host’s name would change');
  if (config.domainname && !has('uts')) no('domainname', 'there is no uts namespace, and the host’s would change');
  if (linux.timeOffsets && !has('time')) no('linux.timeOffsets', 'there is no time namespace: add one');
  for (const name of Object.keys(linux.sysctl ?? {})) refuseSysctl(name, has);
  const isMapped = (linux.uidMappings ?? []).length + (linux.gidMappings ?? []).length > 0;
  const userns = namespaces.find(({ type }) => type === 'user');
  if (isMapped && !userns) no('linux.uidMappings', 'there is no user namespace: add one');
  if (userns && !userns.path && !isMapped) no('linux.uidMappings', 'the new user namespace has no users without them');
}

/** What no process can have, whether it is a container's first or comes later. */
export function refuseProcess(process: Process): void {
  if (process.selinuxLabel) needsSelinux('process.selinuxLabel');
  if (process.apparmorProfile && !hasApparmor())
    no('process.apparmorProfile', 'AppArmor is not enabled in this kernel: leave it out');
  if (process.scheduler?.policy === 'SCHED_ISO') no('process.scheduler.policy', 'Linux has no SCHED_ISO');
  if (!process.cwd.startsWith('/'))
    no('process.cwd', `it must be an absolute path, and is ${JSON.stringify(process.cwd)}`);
}

/** A device has a name that the kernel takes, and somewhere to go. */
function refuseDevice(name: string, has: (type: string) => boolean): void {
  const field = `linux.netDevices ${JSON.stringify(name)}`;
  if (!has('network')) no(field, 'there is no network namespace: add one');
  if (!/^[\w.][\w.-]{0,14}$/.test(name) || name === '.' || name === '..') no(field, 'a device has no such name');
}

/** A variable of no namespace, or of one that is the host's, would be changed for all. */
function refuseSysctl(name: string, has: (type: string) => boolean): void {
  const variable = name.replaceAll('/', '.');
  const isIpc = /^(fs\.mqueue\.|kernel\.(msg(max|mnb|mni)|sem|shm(all|max|mni|_rmid_forced)|(msg|sem|shm)_next_id)$)/;
  const of = variable.startsWith('net.')
    ? 'network'
    : isIpc.test(variable)
      ? 'ipc'
      : /^kernel\.(hostname|domainname)$/.test(variable)
        ? 'uts'
        : undefined;
  if (of !== undefined && has(of)) return;
  no(
    `linux.sysctl ${JSON.stringify(name)}`,
    of ? `there is no ${of} namespace` : 'it is in no namespace: it would change the host',
  );
}

function needsSelinux(field: string): void {
  if (!existsSync('/sys/fs/selinux/enforce')) no(field, 'SELinux is not enabled in this kernel: leave it out');
}

function hasApparmor(): boolean {
  const file = '/sys/module/apparmor/parameters/enabled';
  return existsSync(file) && readFileSync(file, 'utf8').startsWith('Y');
}

function no(field: string, why: string): never {
  throw new Error(`config.json: ${field} can’t be had: ${why}`);
}
