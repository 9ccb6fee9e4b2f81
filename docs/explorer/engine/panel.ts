import {
  asParent,
  type Cgroup,
  identity,
  type Mount,
  type NamespaceType,
  type NetworkNamespace,
  type Process,
  pathFromTop,
  type State,
  shownAs,
} from 'shared-native/model';
import { flagNames } from '../../../shared-native/src/model/mounts/mountinfo.ts';
import { CAPABILITIES } from '../../../steps/10-capabilities/src/capabilities.ts';
import type { Group, Row } from '../types.ts';

/** What the first process has at a moment: always the same groups, some of them empty. */
export function panel(state: State): Group[] {
  const { process } = state;
  return [
    { title: 'Process', rows: who(state) },
    { title: 'Mounts', rows: mounts(state, process) },
    { title: 'Namespaces', rows: namespaces(state) },
    { title: 'Cgroup', rows: cgroups(state) },
    { title: 'Identity', rows: ids(state) },
    { title: 'Capabilities', rows: capabilities(process) },
    { title: 'Descriptors', rows: descriptors(process) },
    { title: 'Network', rows: network(process) },
  ];
}

/** What of all this is the host’s: its mounts, its name, its network. */
export function host(state: State): Row[] {
  return asParent(state, () => {
    const { process } = state;
    const { uts, net } = process.namespaces;
    return [['hostname', uts.hostname], ...mounts(state, process), ...hostNetwork(net)];
  });
}

function hostNetwork({ links, tables, settings }: NetworkNamespace): Row[] {
  return [
    ...[...links.values()].map(
      ({ name, master }): Row => [`interface ${name}`, master ? `plugged into ${master.name}` : 'there'],
    ),
    ...tables.map(
      ({ family, name, chains }): Row => [
        `firewall table ${family} ${name}`,
        `${Object.values(chains).flat().length} lines`,
      ],
    ),
    ...[...settings].map(([path, value]): Row => [`net.${path.replaceAll('/', '.')}`, value.trim()]),
  ];
}

function who({ process }: State): Row[] {
  const { pid, hostPid, executed, root, cwd } = process;
  const own = pid === hostPid ? String(pid) : `${pid} inside, ${hostPid} on the host`;
  return [
    ['number', own],
    ['program', executed ? [executed.pathname, ...executed.argv.slice(1)].join(' ') : 'the plan'],
    ['root', pathFromTop(root)],
    ['working directory', pathFromTop(cwd)],
  ];
}

/** A mount after the one that it is on, and further in. */
function mounts({ mounts }: State, { namespaces, root, cwd }: Process): Row[] {
  const ours = [...mounts].filter(({ namespace }) => namespace === namespaces.mnt);
  const below = (parent: Mount | null, depth: number): Row[] =>
    ours
      .filter((one) => one.parent === parent)
      .flatMap((one): Row[] => {
        const arrows = [one === root.mount && '← root', one === cwd.mount && '← working directory'].filter(Boolean);
        const path = pathFromTop({ mount: one, inode: one.root });
        return [[`${'  '.repeat(depth)}${path}`, [mountText(one), ...arrows].join(' ')], ...below(one, depth + 1)];
      });
  return below(null, 0);
}

function mountText(mount: Mount): string {
  const { filesystem, source, group, master } = mount;
  const spread = [group && 'shared', master && 'follows'].filter(Boolean).join(', ') || 'private';
  const from = source === filesystem.type ? '' : ` from ${source}`;
  return `${filesystem.type}${from} ${flagNames(mount)} (${spread})`;
}

const NAMESPACES: readonly NamespaceType[] = ['mnt', 'pid', 'uts', 'ipc', 'net', 'cgroup', 'user', 'time'];

function namespaces({ process, parent }: State): Row[] {
  const { uts, user } = process.namespaces;
  const map = user.uidMap.map(({ inside, outside, length }) => `${inside} is ${outside}, ${length} ids`).join('; ');
  const more: Partial<Record<NamespaceType, string>> = {
    uts: `, named ${uts.hostname}`,
    ...(map && process.namespaces.user !== parent.namespaces.user && { user: `: ${map}` }),
  };
  return NAMESPACES.map((type) => {
    const isHosts = process.namespaces[type] === parent.namespaces[type];
    return [type, `${isHosts ? 'the host’s' : 'its own'}${more[type] ?? ''}`];
  });
}

function cgroups({ hierarchies, process }: State): Row[] {
  return hierarchies.flatMap(({ version, controllers, root }): Row[] => {
    const cgroup = find(root, process.hostPid);
    if (!cgroup?.parent) return [];
    const values = [...cgroup.values]
      .filter(([name]) => !/^cgroup\./.test(name))
      .map(([name, text]): Row => [name, text]);
    return [[version === 2 ? 'v2' : controllers.join(), pathOf(cgroup)], ...values];
  });
}

function find(cgroup: Cgroup, pid: number): Cgroup | undefined {
  if (cgroup.processes.has(pid)) return cgroup;
  return [...cgroup.children.values()].map((one) => find(one, pid)).find(Boolean);
}

function pathOf({ name, parent }: Cgroup): string {
  return parent ? `${pathOf(parent).replace(/\/$/, '')}/${name}` : '/';
}

function ids(state: State): Row[] {
  const { uid, euid, gid, egid, groups } = identity(state);
  const { process } = state;
  const outside = process.uid === uid ? '' : `, on the host ${process.uid}`;
  return [
    ['user', `${uid}${euid === uid ? '' : ` (effective ${euid})`}${outside}`],
    ['group', `${gid}${egid === gid ? '' : ` (effective ${egid})`}`],
    ['supplementary groups', groups.join(', ') || 'none'],
  ];
}

function capabilities({ bounding, permitted, effective, ambient, noNewPrivs, seccomp }: Process): Row[] {
  const filters = seccomp.filters.map(({ program }) => `${program.length} instructions`).join(', ');
  return [
    ['may have', named(bounding)],
    ['may use', named(permitted)],
    ['uses', named(effective)],
    ['passes on', named(ambient)],
    ['no_new_privs', noNewPrivs ? 'yes' : 'no'],
    ['seccomp filter', filters || 'none'],
  ];
}

function named(set: bigint): string {
  const names = CAPABILITIES.filter((_, bit) => set & (1n << BigInt(bit)));
  if (names.length === 0) return 'none';
  if (names.length === CAPABILITIES.length) return `all ${names.length}`;
  const short = names.map((name) => name.replace(/^CAP_/, ''));
  return short.length > 20 ? `${short.length} of ${CAPABILITIES.length}` : short.join(', ');
}

function descriptors({ descriptors }: Process): Row[] {
  return [...descriptors]
    .toSorted(([one], [other]) => one - other)
    .map(([number, { file, closeOnExec }]) => [
      String(number),
      `${shownAs(file.place)}${closeOnExec ? ', closed at execve' : ''}`,
    ]);
}

function network({ namespaces }: Process): Row[] {
  const { links, routes } = namespaces.net;
  return [
    ...[...links.values()].map(({ name, up, addresses }): Row => {
      const numbers = addresses.map(({ local, prefix }) => `${local}/${prefix}`);
      return [name, [up ? 'up' : 'down', ...numbers].join(', ')];
    }),
    ...routes
      .filter(({ gateway }) => gateway)
      .map(
        ({ destination, prefix, gateway }): Row => [
          prefix === 0 ? 'default route' : `to ${destination}/${prefix}`,
          `by ${gateway}`,
        ],
      ),
  ];
}
