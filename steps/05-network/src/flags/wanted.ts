import type { Wanted } from '../network.ts';
import { canonical } from '../publish.ts';
import { csvFields } from './csv.ts';

/**
 * What `--network` means: a name, or `name=NAME,alias=…,ip=…`, which docker reads in small letters.
 *
 * @throws {Error} that quotes the field that is wrong
 */
export function parseNetwork(text: string): Wanted {
  if (!/\w=\w/.test(text)) return { network: text, aliases: [] };
  const made = csvFields(text).map(field).reduce(withField, { network: '', aliases: [] });
  if (made.network === '') throw new Error(`invalid network ${JSON.stringify(text)}: it has no name=…`);
  return made;
}

function field(text: string): [key: string, value: string] {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text.toLowerCase()) ?? [];
  if (key === undefined || value === undefined) {
    throw new Error(`invalid field ${JSON.stringify(text)}: expected name=value`);
  }
  return [key.trim(), value.trim()];
}

function withField(made: Wanted, [key, value]: [string, string]): Wanted {
  switch (key) {
    case 'name':
      return { ...made, network: value };
    case 'alias':
      return { ...made, aliases: [...made.aliases, value] };
    case 'ip':
      return { ...made, ip: ofVersion(4, value, 'ip') };
    case 'ip6':
      return { ...made, ip6: ofVersion(6, value, 'ip6') };
    case 'link-local-ip':
      return { ...made, linkLocalIps: [...(made.linkLocalIps ?? []), linkLocal(value)] };
    case 'mac-address':
      return { ...made, mac: parseMac(value) };
    case 'driver-opt': {
      const [name, option] = field(value);
      return { ...made, driverOpts: { ...made.driverOpts, [name]: option } };
    }
    case 'gw-priority':
      return { ...made, gwPriority: priority(value) };
    default:
      throw new Error(
        `invalid field key ${key}: a network has name, alias, ip, ip6, link-local-ip, mac-address, driver-opt, gw-priority`,
      );
  }
}

/** An address of version 4 or 6 of the Internet Protocol. @throws {Error} if it is none */
export function ofVersion(version: 4 | 6, text: string, flag: string): string {
  const address = canonical(text.trim());
  if (address?.includes(':') === (version === 6)) return address;
  throw new Error(`Expected ${flag} to be an address of IPv${version}, got ${JSON.stringify(text)}`);
}

/** An address that leads no farther than one network: RFC 3927, RFC 4291. @throws {Error} if it is none */
export function linkLocal(text: string): string {
  const address = canonical(text.trim());
  if (address !== undefined && /^(169\.254\.|fe[89ab][\da-f]:)/.test(address)) return address;
  throw new Error(
    `Expected link-local-ip to be an address of 169.254.0.0/16 or fe80::/10, got ${JSON.stringify(text)}`,
  );
}

/** A MAC address as the kernel shows it; it may be given with colons, dashes, or dots. @throws {Error} if it is none */
export function parseMac(text: string): string {
  const isMac = /^[\da-f]{2}([:-])(?:[\da-f]{2}\1){4}[\da-f]{2}$|^[\da-f]{4}\.[\da-f]{4}\.[\da-f]{4}$/i.test(text);
  const bytes = text.toLowerCase().match(/[\da-f]{2}/g) ?? [];
  if (!isMac) throw new Error(`${text} is not a valid mac address\nexpected one such as 02:42:ac:11:00:02`);
  if (Number.parseInt(bytes[0] as string, 16) & 1) {
    throw new Error(
      `the mac address ${text} is that of a group (its first byte is odd), and an interface can't have it`,
    );
  }
  return bytes.join(':');
}

/** Of several networks, which one's gateway is the default route's. @throws {Error} if it is no whole number */
export function priority(text: string): number {
  if (/^[+-]?\d+$/.test(text)) return Number(text);
  throw new Error(`invalid gw-priority ${JSON.stringify(text)}: expected a number`);
}
