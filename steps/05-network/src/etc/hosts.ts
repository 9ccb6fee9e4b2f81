import type { ExtraHost } from '../flags/names.ts';
import type { Endpoint } from '../network.ts';
import { readIfReadable } from '../read-if-there.ts';

/** What every container finds in its /etc/hosts: hosts(5). */
const STANDARD = `127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
fe00::\tip6-localnet
ff00::\tip6-mcastprefix
ff02::1\tip6-allnodes
ff02::2\tip6-allrouters
`;

/** A container's /etc/hosts, before it has neighbours. @param begin - its first lines: on the host's network, the host's own file */
export function hostsFile(
  hostname: string,
  domainname: string,
  more: readonly ExtraHost[],
  endpoints: readonly Endpoint[],
  begin = STANDARD,
): string {
  const gateway = (endpoints.find(({ isDefault }) => isDefault) ?? endpoints[0])?.addresses[0]?.gateway;
  return [
    begin,
    ...more.map(({ name, address }) =>
      hostsLine(address === 'host-gateway' ? (gateway ?? '127.0.0.1') : address, [name]),
    ),
    ...endpoints.map((endpoint) => ownLines(hostname, domainname, endpoint)),
  ].join('');
}

/** What a container's own /etc/hosts says of its addresses on a network. */
export function ownLines(hostname: string, domainname: string, { addresses }: Endpoint): string {
  const names = domainname === '' ? [hostname] : [`${hostname}.${domainname}`];
  const [short = ''] = hostname.split('.');
  const own = [...new Set([...names, short])];
  return addresses.map(({ address }) => hostsLine(address, own)).join('');
}

/** What its neighbours on a network find in theirs. */
export function neighbourLines({ addresses, names }: Endpoint): string {
  return names.length === 0 ? '' : addresses.map(({ address }) => hostsLine(address, names)).join('');
}

/** The host's hosts(5), each line with its end; what every container finds, if the host has none. */
export function readHostHosts(): string {
  const text = readIfReadable('/etc/hosts');
  return text === '' ? STANDARD : text.replace(/\n*$/, '\n');
}

function hostsLine(address: string, names: readonly string[]): string {
  return `${address}\t${names.join(' ')}\n`;
}
