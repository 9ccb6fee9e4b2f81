import { readlinkSync } from 'node:fs';
import type { OciNetDevices } from './config/schema.ts';

/** An address as `ip -json` shows it. */
interface Address {
  readonly local: string;
  readonly prefixlen: number;
  readonly scope: string;
  /** Will it end by itself? */
  readonly dynamic?: boolean;
}

/**
 * Moves network devices of the host's into a container. The kernel forgets a device's addresses on the way, so those that
 * somebody has given it are given again, and it is up there: runtime-spec, config-linux.md, "Network Devices".
 *
 * @param pid - a process that is in its network namespace
 * @throws {Error} for a device that isn't there, and a name that is taken
 */
export async function moveDevices(devices: OciNetDevices = {}, pid: number): Promise<void> {
  const all = Object.entries(devices);
  if (all.length === 0) return;
  const theirs = `/proc/${pid}/ns/net`;
  if (readlinkSync(theirs) === readlinkSync('/proc/self/ns/net'))
    throw new Error('linux.netDevices: the container is in the network namespace of this runtime');
  const { execa } = await import('execa');
  for (const [name, { name: inside = name }] of all) {
    const { stdout } = await execa('ip', ['-json', 'address', 'show', 'dev', name]);
    const [{ addr_info: addresses = [] } = {}] = JSON.parse(stdout) as { addr_info?: Address[] }[];
    await execa('ip', ['link', 'set', 'dev', name, 'netns', String(pid), 'name', inside]);
    const given = addresses.filter(({ scope, dynamic }) => scope === 'global' && !dynamic);
    const lines = given.map(({ local, prefixlen }) => `address add ${local}/${prefixlen} dev ${inside}`);
    const input = [...lines, `link set dev ${inside} up`].join('\n');
    await execa('nsenter', [`--net=${theirs}`, 'ip', '-batch', '-'], { input });
  }
}
