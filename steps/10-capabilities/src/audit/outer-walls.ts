import { type Facts, hasOwnUsers } from './facts.ts';
import type { Wall } from './wall.ts';

/** By cgroup, and by what a user namespace can't make. */
export function devices(facts: Facts): Wall {
  const { by, rules, nodes, disks } = facts.devices;
  const canMake = !hasOwnUsers(facts) && facts.capabilities.bounding.includes('CAP_MKNOD');
  const blocks = nodes.filter(({ type, opens }) => type === 'b' && opens !== false).map(({ path }) => path);
  const gaps = [
    ...(canMake && disks.length > 0 ? [`disks of the host, of which it can make nodes: ${disks.join(' ')}`] : []),
    ...(blocks.length > 0 ? [`disks that it has nodes of: ${blocks.join(' ')}`] : []),
  ];
  const opens = nodes.filter(({ opens }) => opens !== false).map(({ path }) => path.replace('/dev/', ''));
  const nothing = canMake ? 'nothing is refused' : 'nothing is refused, but it can make no node';
  return {
    wall: 'devices',
    verdict: by === 'unknown' ? 'not known' : gaps.length === 0 ? 'stands' : by === 'nothing' ? 'missing' : 'gap',
    is: by === 'nothing' ? nothing : by === 'unknown' ? "can't be read" : rules.join(', '),
    stops: "opening the host's disks, memory and other hardware, whatever nodes there are",
    leaves: gaps.length > 0 ? gaps : [`those in its /dev: ${opens.join(' ') || 'none'}`],
  };
}

export function kernelFiles(facts: Facts): Wall {
  const { masked, readOnly, exposed } = facts;
  const all = masked.length + readOnly.length;
  const owner = hasOwnUsers(facts) ? ', where they belong to its root' : '';
  return {
    wall: "kernel's files",
    verdict: exposed.length === 0 ? 'stands' : all === 0 ? 'missing' : 'gap',
    is: `masked: ${masked.length}, read-only: ${readOnly.length}`,
    stops: "reading the kernel's keys, memory and timers, and changing its settings, in /proc and /sys",
    leaves:
      exposed.length > 0
        ? [`to be read, and changed${owner}: ${exposed.join(' ')}`]
        : ['the rest of /proc, which tells of the machine'],
  };
}

/** Labels that no rules come with: a profile that is off, SELinux without a policy, and what a policy leaves alone. */
const WITHOUT_RULES = /^unconfined\b|^kernel$|:unconfined_t\b/;

export function label({ label }: Facts): Wall {
  const confined = label !== undefined && !WITHOUT_RULES.test(label);
  return {
    wall: 'label',
    verdict: confined ? 'stands' : 'missing',
    is: label ?? 'no LSM (AppArmor, SELinux) has a label for it',
    stops: "by rules of the machine's own what all the others let through",
    leaves: [confined ? 'what its profile allows' : "nothing that the others don't stop"],
  };
}

export function limits({ limits }: Facts): Wall {
  const pids = limits['pids.max'];
  const memory = limits['memory.max'] ?? limits['memory.limit_in_bytes'];
  const isNone = (limit: string | undefined) => limit === undefined || limit === 'max' || Number(limit) > 2 ** 62;
  const missing = [
    ...(isNone(pids) ? ['processes: a fork bomb fills the machine'] : []),
    ...(isNone(memory) ? ['memory: it can have all that the machine has'] : []),
  ];
  const shown = (limit: string | undefined) => (isNone(limit) ? 'no limit' : limit);
  return {
    wall: 'limits',
    verdict: missing.length === 0 ? 'stands' : missing.length === 2 ? 'missing' : 'gap',
    is: `processes: ${shown(pids)}, memory: ${shown(memory)}`,
    stops: 'taking so much that nothing is left for others',
    leaves: missing.length > 0 ? missing : ['being slow, and making others slow'],
  };
}
