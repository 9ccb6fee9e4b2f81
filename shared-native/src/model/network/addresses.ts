import { AF_INET } from '../../kernel/constants.ts';
import type { Message } from '../../rtnetlink/message.ts';
import { fail, ModelError } from '../errors.ts';
import type { Address, Link, NetworkNamespace } from '../state.ts';
import { dropRoutes, routeTo } from './routes.ts';
import { canonical, covers, familyOf, subnetOf, widthOf } from './subnet.ts';

/** RTM_NEWADDR. @throws EINVAL, ENODEV, EEXIST, EADDRNOTAVAIL */
export function newAddress(network: NetworkNamespace, message: Message): void {
  if (Number(message.header.ifa_family) === AF_INET) assertLength(message);
  const { link, address: given, prefix, family } = wantedBy(network, message);
  const address = given ?? fail('EINVAL');
  assertLength(message);
  const scope = Number(message.header.ifa_scope);
  if (family === AF_INET && address === '0.0.0.0') return;
  if (family !== AF_INET && !mayHave(link, address)) fail('EADDRNOTAVAIL');
  if (isThere(link, address, prefix)) {
    if (message.flags.includes('NLM_F_EXCL') || !message.flags.includes('NLM_F_REPLACE')) fail('EEXIST');
    return;
  }
  const near = family === AF_INET ? link.addresses.filter((one) => sameSubnet(one, address, prefix)) : [];
  if (near.some((one) => one.scope !== scope)) fail('EINVAL');
  const broadcast = message.attributes.IFA_BROADCAST;
  const added: Address = {
    local: address,
    prefix,
    scope: family === AF_INET ? scope : address === '::1' ? 254 : 0,
    broadcast: broadcast === undefined ? null : String(broadcast),
    secondary: near.length > 0,
  };
  const place = added.secondary ? -1 : link.addresses.findIndex(({ secondary }) => secondary);
  link.addresses.splice(place < 0 ? link.addresses.length : place, 0, added);
  routeTo(link, added);
}

/** RTM_DELADDR. @throws EINVAL, ENODEV, EADDRNOTAVAIL */
export function delAddress(network: NetworkNamespace, message: Message): void {
  if (Number(message.header.ifa_family) !== AF_INET) assertLength(message);
  const { link, address, prefix } = wantedBy(network, message);
  const found =
    link.addresses.find(
      (one) => (!address && familyOf(one.local) === AF_INET) || (one.local === address && one.prefix === prefix),
    ) ?? fail('EADDRNOTAVAIL');
  const lost = link.addresses.filter(
    (one) => one === found || (!found.secondary && one.secondary && sameSubnet(one, found.local, found.prefix)),
  );
  const kept = link.addresses.filter((one) => !lost.includes(one));
  link.addresses.splice(0, link.addresses.length, ...kept);
  if (found.secondary) return;
  const destination = subnetOf(found.local, found.prefix);
  if (kept.some((one) => sameSubnet(one, found.local, found.prefix))) return;
  dropRoutes(link, (one) => one.gateway === null && one.destination === destination && one.prefix === found.prefix);
}

function wantedBy(network: NetworkNamespace, { header, attributes }: Message) {
  const { ifa_family, ifa_prefixlen, ifa_index } = header as Record<string, number>;
  const [family, prefix, index] = [ifa_family as number, ifa_prefixlen as number, ifa_index as number];
  const given = attributes.IFA_LOCAL ?? (family === AF_INET ? undefined : attributes.IFA_ADDRESS);
  const address = given === undefined ? undefined : canonical(String(given));
  if (!address && family !== AF_INET) fail('EINVAL');
  const other = attributes.IFA_ADDRESS ?? address;
  for (const one of [address, other]) if (one !== undefined && familyOf(String(one)) !== family) fail('EINVAL');
  if (other !== undefined && canonical(String(other)) !== address)
    throw new ModelError('an address with a peer is not modelled');
  const link: Link = network.links.get(index) ?? fail('ENODEV');
  return { link, address, prefix, family };
}

/** @throws EINVAL */
function assertLength({ header, attributes }: Message): void {
  const family = Number(header.ifa_family);
  if (Number(header.ifa_prefixlen) > widthOf(family)) fail('EINVAL');
  if (family === AF_INET && attributes.IFA_LOCAL === undefined) fail('EINVAL');
}

/** An IPv6 address is on an interface once; one of IPv4 once with each prefix. */
function isThere({ addresses }: Link, address: string, prefix: number): boolean {
  const isFour = familyOf(address) === AF_INET;
  return addresses.some((one) => one.local === address && (!isFour || one.prefix === prefix));
}

function sameSubnet({ local, prefix }: Address, address: string, length: number): boolean {
  return prefix === length && covers(local, prefix, address);
}

function mayHave({ kind }: Link, address: string): boolean {
  return address !== '::' && !covers('ff00::', 8, address) && (address !== '::1' || kind === 'loopback');
}
