import type { Message } from '../../rtnetlink/message.ts';
import { fail } from '../errors.ts';
import type { NetworkNamespace } from '../state.ts';
import { canonical } from './subnet.ts';

/** RTM_NEWNEIGH: the MAC address that belongs to an address. @throws EINVAL, ENODEV, EEXIST, ENOENT */
export function newNeighbour(network: NetworkNamespace, { header, attributes, flags }: Message): void {
  if (attributes.NDA_DST === undefined) fail('EINVAL');
  const link = network.links.get(Number(header.ndm_ifindex)) ?? fail('ENODEV');
  if (attributes.NDA_LLADDR === undefined) fail('EINVAL');
  const address = canonical(String(attributes.NDA_DST));
  const known = network.neighbours.findIndex((one) => one.link === link && one.address === address);
  if (known < 0 && !flags.includes('NLM_F_CREATE')) fail('ENOENT');
  if (known >= 0 && flags.includes('NLM_F_EXCL')) fail('EEXIST');
  const one = { link, address, mac: String(attributes.NDA_LLADDR) };
  if (known < 0) network.neighbours.push(one);
  else if (flags.includes('NLM_F_REPLACE')) network.neighbours.splice(known, 1, one);
}
