import { readIfReadable } from '../read-if-there.ts';

/** What flags say of name servers: each replaces what the host has of its kind. */
export interface Dns {
  readonly dns: readonly string[];
  readonly dnsSearch: readonly string[];
  readonly dnsOptions: readonly string[];
}

/** What docker writes for a container that could reach none of the host's name servers. */
const PUBLIC = ['8.8.8.8', '8.8.4.4'];

/**
 * A container's /etc/resolv.conf: the host's, but for name servers on a loopback address, which is the container's own in
 * there. `--dns-search .` is none.
 *
 * @param host - the host's, as resolv.conf(5) has it
 */
export function resolvConf(host: string, { dns, dnsSearch, dnsOptions }: Dns): string {
  const words = host.split('\n').map((line) => line.trim().split(/\s+/));
  const all = (keyword: string) => words.filter(([first]) => first === keyword).map(([, ...rest]) => rest);
  const reachable = all('nameserver').flatMap(([address = '']) => (isLoopback(address) ? [] : [address]));
  const servers = dns.length > 0 ? dns : reachable.length > 0 ? reachable : PUBLIC;
  const search = dnsSearch.length > 0 ? dnsSearch.filter((domain) => domain !== '.') : (all('search').at(-1) ?? []);
  const options = dnsOptions.length > 0 ? dnsOptions : all('options').flat();
  return [
    ...servers.map((server) => `nameserver ${server}\n`),
    ...(search.length > 0 ? [`search ${search.join(' ')}\n`] : []),
    ...(options.length > 0 ? [`options ${options.join(' ')}\n`] : []),
  ].join('');
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}

/** The host's resolv.conf(5). Where that names systemd-resolved alone, on a loopback address, that one's own names the real servers. */
export function readHostResolvConf(): string {
  const text = readIfReadable('/etc/resolv.conf');
  const servers = text.match(/^nameserver.*$/gm) ?? [];
  const isStub = servers.length === 1 && servers[0]?.split(/\s+/)[1] === '127.0.0.53';
  return (isStub && readIfReadable('/run/systemd/resolve/resolv.conf')) || text;
}
