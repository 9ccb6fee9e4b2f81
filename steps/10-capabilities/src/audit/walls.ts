import { CAPABILITIES } from '../capabilities.ts';
import { type Facts, hasOwnUsers } from './facts.ts';
import { devices, kernelFiles, label, limits } from './outer-walls.ts';
import type { Wall } from './wall.ts';
import { SHARED, UNSAFE } from './words.ts';

// #region every wall
/** The walls around a container, each with what it stops and what it doesn't. */
export function wallsOf(facts: Facts): Wall[] {
  return [users, capabilities, seccomp, noNewPrivileges, namespaces, files, devices, kernelFiles, label, limits].map(
    (wall) => wall(facts),
  );
}
// #endregion

function users(facts: Facts): Wall {
  const { uidMap, uids } = facts;
  const wall = 'users';
  const stops = "being root on the host: its root owns none of the host's files, and no capability reaches there";
  if (hasOwnUsers(facts)) {
    const [, outside] = uidMap.find(([inside]) => inside === 0) ?? [];
    const count = uidMap.reduce((all, [, , many]) => all + many, 0);
    const is = `${outside === undefined ? 'no root inside' : `root inside is user ${outside} outside`}; users of its own: ${count}`;
    return {
      wall,
      verdict: 'stands',
      is,
      stops,
      leaves: ['what anybody may do: read what all may read, and use the kernel'],
    };
  }
  const is = `its users are the host's; its first process is user ${uids[1]}`;
  return { wall, verdict: 'missing', is, stops, leaves: ['root that gets past the other walls is root of the host'] };
}

function capabilities(facts: Facts): Wall {
  const { bounding, effective } = facts.capabilities;
  const unsafe = bounding.map(short).filter((name) => UNSAFE[name] !== undefined);
  const where = hasOwnUsers(facts) ? ', over what is in its own namespaces' : '';
  return {
    wall: 'capabilities',
    verdict: unsafe.length > 0 ? 'gap' : 'stands',
    is: `root may have ${named(bounding)}; its first process has ${effective.length}`,
    stops: 'what root may do beyond these: mount, load modules, trace others, set the clock, change the network',
    leaves:
      unsafe.length > 0
        ? unsafe.map((name) => `${name}: ${UNSAFE[name]}${where}`)
        : ['root from having every file of the container, and any user of it'],
  };
}

function named(capabilities: readonly string[]): string {
  const missing = CAPABILITIES.filter((name) => !capabilities.includes(name));
  const all = `${capabilities.length} of ${CAPABILITIES.length}`;
  if (capabilities.length === 0) return 'none';
  if (missing.length === 0) return 'all';
  return missing.length < 10
    ? `all but ${missing.map(short).join(' ')}`
    : `${all}: ${capabilities.map(short).join(' ')}`;
}

function short(capability: string): string {
  return capability.replace(/^CAP_/, '');
}

function seccomp({ seccomp, filters }: Facts): Wall {
  const wall = 'system calls';
  const stops = "the calls that a program in a container doesn't need, of which some have had bugs";
  if (seccomp === 'none')
    return { wall, verdict: 'missing', is: 'no filter', stops, leaves: ['any call to the kernel'] };
  const is = seccomp === 'strict' ? 'only read, write and exit' : `filters: ${filters || 'at least one'} (seccomp)`;
  return {
    wall,
    verdict: 'stands',
    is,
    stops,
    leaves: ["the calls that it allows; /proc doesn't tell which they are"],
  };
}

function noNewPrivileges({ noNewPrivileges }: Facts): Wall {
  const wall = 'new privileges';
  const stops = 'a user of the container from becoming its root by a program with a setuid bit, or file capabilities';
  if (noNewPrivileges)
    return { wall, verdict: 'stands', is: 'no_new_privs is set', stops, leaves: ['root from being root'] };
  const leaves = ['su, sudo, ping and others like them from working as they do anywhere'];
  return { wall, verdict: 'missing', is: "no_new_privs isn't set", stops, leaves };
}

function namespaces({ namespaces }: Facts): Wall {
  const kinds = Object.entries(namespaces).filter(([kind]) => kind !== 'user');
  const shared = kinds.filter(([, whose]) => whose !== 'own').map(([kind]) => kind);
  const own = kinds.filter(([, whose]) => whose === 'own').map(([kind]) => kind);
  return {
    wall: 'namespaces',
    verdict: shared.length === 0 ? 'stands' : own.length === 0 ? 'missing' : 'gap',
    is: `its own: ${own.join(' ') || 'none'}; the host's: ${shared.join(' ') || 'none'}`,
    stops: "seeing the host's processes, mounts, network, queues and names",
    leaves:
      shared.length > 0
        ? shared.map((kind) => `${kind}: ${SHARED[kind] ?? "the host's"}`)
        : ["what isn't in any of these: the clock, keys, the kernel itself"],
  };
}

/** Files that the runtime makes for each container. */
const ITS_OWN = ['/etc/hosts', '/etc/hostname', '/etc/resolv.conf'];

function files({ files, chrooted }: Facts): Wall {
  const shared = files.filter(({ path, host }) => host !== undefined && !ITS_OWN.includes(path));
  const isOpen = ({ host, writable }: Facts['files'][number]) => writable || host === '/' || /\.sock$/.test(host ?? '');
  const leaves = [
    ...(chrooted === undefined ? [] : [`a chroot to ${chrooted}: with CAP_SYS_CHROOT there is a way out of it`]),
    ...shared.map((one) => `${one.path}: ${one.host} of the host, to be ${one.writable ? 'changed' : 'read'}`),
  ];
  const root = files.find(({ path }) => path === '/');
  return {
    wall: 'files',
    verdict: chrooted !== undefined || shared.some(isOpen) ? 'gap' : 'stands',
    is: `its root is ${root ? `of type ${root.type}` : 'no mount'}; mounts of the host's files: ${shared.length}`,
    stops: "reading and changing the host's files",
    leaves: leaves.length > 0 ? leaves : ['what the runtime gives every container: /etc/hosts and the like'],
  };
}
