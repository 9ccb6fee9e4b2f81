import type { Address, Network, Subnet, Wanted } from './network.ts';
import { addressAt, type Block, block, cidrOf, offsetIn, size } from './subnet.ts';

/** Tries to take an address, given as a number in its subnet, counted from 0. Returns false if somebody has it. */
export type Take = (offset: bigint, subnet: Block) => boolean;

// #region an address that nobody has
/**
 * Takes an address in each of a network's subnets: the one that is wanted, or else the first free one.
 *
 * @throws {Error} if somebody has the wanted address, if it isn't in the network, or if all addresses are taken
 */
export function takeAddresses({ name, subnets }: Network, wanted: Pick<Wanted, 'ip' | 'ip6'>, take: Take): Address[] {
  return subnets.map((subnet) => {
    const whole = block(subnet.cidr);
    const one = whole.bits === 32 ? wanted.ip : wanted.ip6;
    const offset = one === undefined ? takeFirst(name, subnet, take) : takeOne(one, name, subnet, take);
    return { address: addressAt(whole, offset), prefix: whole.prefix, gateway: subnet.gateway };
  });
}

function takeFirst(network: string, subnet: Subnet, take: Take): bigint {
  const whole = block(subnet.cidr);
  const range = block(subnet.ipRange ?? subnet.cidr);
  const from = range.first - whole.first;
  for (let offset = from; offset < from + size(range); offset++) {
    const address = addressAt(whole, offset);
    if (mayHave(address, subnet) && !isAuxiliary(address, subnet) && take(offset, whole)) return offset;
  }
  throw new Error(
    `network ${network} has no address of ${cidrOf(range)} left: end one of its containers, or make a larger network`,
  );
}

function takeOne(address: string, network: string, subnet: Subnet, take: Take): bigint {
  const whole = block(subnet.cidr);
  const wanted = offsetIn(whole, address);
  if (wanted === undefined || !mayHave(address, subnet)) {
    throw new Error(
      `a container can't have the address ${address} in network ${network}: choose one of ${subnet.cidr} that is neither its first nor its last, nor the gateway's (${subnet.gateway})`,
    );
  }
  if (!isAuxiliary(address, subnet) && take(wanted, whole)) return wanted;
  throw new Error(
    `${address} is in use in network ${network}: choose another address, or none to get one that is free`,
  );
}

/** Is it kept for somebody else? */
function isAuxiliary(address: string, { cidr, auxiliary = {} }: Subnet): boolean {
  const subnet = block(cidr);
  return Object.values(auxiliary).some((one) => offsetIn(subnet, one) === offsetIn(subnet, address));
}

/**
 * May a container have this address in a subnet? Not the first address, which means the subnet itself, nor the gateway's, nor
 * in IPv4 the last, which means everybody in the subnet. Not one outside the subnet, nor a text that isn't an address.
 *
 * @param address - as text: `172.18.0.2`, `fd00:9::2`
 */
export function mayHave(address: string, { cidr, gateway }: Subnet): boolean {
  // #region task 1: an address that a container may have
  const whole = block(cidr);
  const offset = offsetIn(whole, address);
  const isBroadcast = whole.bits === 32 && offset === size(whole) - 1n;
  return offset !== undefined && offset !== 0n && !isBroadcast && offset !== offsetIn(whole, gateway);
  // #endregion
}
// #endregion
