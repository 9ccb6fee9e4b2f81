import { readFileSync } from 'node:fs';
import { addressText } from 'shared-native';
import { readIfThere } from './read-if-there.ts';
import { type Block, block, cidrOf, overlap } from './subnet.ts';

/** Where the subnets of networks come from that name none: docker's pools, of which each gives blocks of one size. */
const POOLS: readonly (readonly [pool: string, prefix: number])[] = [
  ['172.16.0.0/12', 16],
  ['192.168.0.0/16', 20],
];

/** A subnet is taken if the host reaches something of it already, whatever that is. */
export interface Route extends Block {
  /** The interface that leads there. */
  readonly device: string;
}

/**
 * The first subnet of the pools that nobody has.
 *
 * @param taken - the subnets of the other networks, and those that the host has routes to
 * @throws {Error} if there is none left
 */
export function freeSubnet(taken: readonly Block[]): string {
  for (const [pool, prefix] of POOLS) {
    const { first, prefix: shorter } = block(pool);
    for (let nth = 0n; nth < 1n << BigInt(prefix - shorter); nth++) {
      const candidate: Block = { first: first + (nth << BigInt(32 - prefix)), prefix, bits: 32 };
      if (candidate.first !== DOCKERS_NEVER && !taken.some((one) => overlap(one, candidate))) return cidrOf(candidate);
    }
  }
  throw new Error(
    'all subnets that networks get by themselves are taken: give one with --subnet, or remove networks with "network rm"',
  );
}

/** 172.16.0.0/16 is left alone by docker, too: its pools begin with 172.17. */
const DOCKERS_NEVER = block('172.16.0.0/16').first;

/** An IPv6 subnet for a network, from the addresses that are nobody's: by chance, as RFC 4193 has it, so that no other has it. */
export function uniqueSubnet(): string {
  const bits = BigInt(`0xfd${process.getBuiltinModule('node:crypto').randomBytes(7).toString('hex')}`);
  return cidrOf({ first: bits << 64n, prefix: 64, bits: 128 });
}

/** Where the host's IPv4 routes lead, but for the default: /proc/net/route has addresses as the machine's own numbers. */
export function hostRoutes(table = readFileSync('/proc/net/route', 'utf8')): Route[] {
  const rows = table.trim().split('\n').slice(1);
  return rows.flatMap((row) => {
    const [device = '', destination = '', , , , , , mask = ''] = row.split('\t');
    const prefix = bitsSet(Number.parseInt(mask, 16));
    return prefix === 0
      ? []
      : [{ ...block(`${addressText(Buffer.from(destination, 'hex').reverse())}/${prefix}`), device }];
  });
}

/** The same of IPv6, but for what every interface has for its neighbours. /proc/net/ipv6_route has addresses as 32 digits. */
export function hostRoutes6(table = readIfThere('/proc/net/ipv6_route')): Route[] {
  const rows = table.trim().split('\n').filter(Boolean);
  return rows.flatMap((row) => {
    const [destination = '', length = '', ...rest] = row.trim().split(/\s+/);
    const device = rest.at(-1) ?? '';
    const found = block(`${addressText(Buffer.from(destination, 'hex'))}/${Number.parseInt(length, 16)}`);
    const isOurs = found.prefix === 0 || device === 'lo' || NEIGHBOURS.some((one) => overlap(one, found));
    return isOurs ? [] : [{ ...found, device }];
  });
}

const NEIGHBOURS = [block('fe80::/10'), block('ff00::/8')];

function bitsSet(mask: number): number {
  return mask.toString(2).replaceAll('0', '').length;
}
